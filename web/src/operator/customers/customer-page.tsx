import { useQuery } from '@tanstack/react-query';
import { getOperatorCustomerOptions } from '../../client/@tanstack/react-query.gen.ts';
import { Page } from '../../ui/page/page.tsx';
import { ActivityBlock } from './activity-block.tsx';
import { AlertBlock } from './alert-block.tsx';
import { CommandsBlock } from './commands-block.tsx';
import { FactsBlock } from './facts-block.tsx';
import { LicenseBlock } from './license-block.tsx';
import { StatementsBlock } from './statements-block.tsx';

/** The query whose data the blocks of the page show. */
export type CustomerQuery = ReturnType<typeof useOperatorCustomer>;
const useOperatorCustomer = (id: string) => useQuery(getOperatorCustomerOptions({ path: { id } }));

/** Shows a customer at present, what was changed in it, and the commands that change it. */
export function CustomerPage({ id }: { readonly id: string }) {
  const query = useOperatorCustomer(id);
  return (
    <Page title={query.data?.name ?? id}>
      <FactsBlock query={query} />
      {query.data && (
        <>
          <LicenseBlock query={query} />
          <AlertBlock query={query} />
          <StatementsBlock query={query} />
          <ActivityBlock id={id} />
          <CommandsBlock id={id} />
        </>
      )}
    </Page>
  );
}
