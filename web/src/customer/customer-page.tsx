import { useText, type Texts } from '../text/language.tsx';
import { Boundary } from '../ui/page/boundary.tsx';
import { Page } from '../ui/page/page.tsx';
import { FirstStepsOfNewCustomer } from './first-steps/first-steps-of-new-customer.tsx';
import { CustomerInformationBlock } from './information/customer-information-block.tsx';
import { LicenseBanner } from './license/license-banner.tsx';
import { LicenseBlock } from './license/license-block.tsx';
import { MauAlertBlock } from './mau-alert/mau-alert-block.tsx';
import { MauBlock } from './mau/mau-block.tsx';
import { RepresentativeBlock } from './representative/representative-block.tsx';
import { StatementsBlock } from './statements/statements-block.tsx';
import { SummaryBlock } from './summary/summary-block.tsx';
import { UnsubscribeBlock } from './leaving/unsubscribe-block.tsx';
import { useCustomer } from './use-customer.ts';

const texts = { en: { title: 'Customer' }, ja: { title: 'カスタマー' } } satisfies Texts<object>;

/**
 * Shows the Customer screen. Each block shows its own loading state, error or empty state, independently of other
 * blocks. The blocks that show data of the customer share one request.
 */
export function CustomerPage() {
  const text = useText(texts);
  const { dataUpdatedAt } = useCustomer();
  return (
    <Page title={text.title}>
      {/* The banner shows no error, because the blocks below it show the same error. */}
      <Boundary of={dataUpdatedAt} fallback={null}>
        <LicenseBanner />
      </Boundary>
      <Boundary of={dataUpdatedAt} fallback={null}>
        <FirstStepsOfNewCustomer />
      </Boundary>
      <SummaryBlock />
      <CustomerInformationBlock />
      <RepresentativeBlock />
      <LicenseBlock />
      <MauBlock />
      <MauAlertBlock />
      <StatementsBlock />
      <UnsubscribeBlock />
    </Page>
  );
}
