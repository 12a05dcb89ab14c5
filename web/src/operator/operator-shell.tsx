import { Route, Switch, useLocation } from 'wouter';
import type { Operator } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { AccountMenu } from '../ui/page/account-menu.tsx';
import { Frame } from '../ui/page/frame.tsx';
import { NotFoundPage } from '../ui/page/not-found-page.tsx';
import { CustomerPage } from './customers/customer-page.tsx';
import { CustomersPage } from './customers/customers-page.tsx';
import { FailedMailsPage } from './failed-mails/failed-mails-page.tsx';
import { OverviewPage } from './overview/overview-page.tsx';
import { useOperatorSignOut } from './session/use-operator-session.ts';
import { texts as names } from './texts.ts';

const texts = {
  en: { toOverview: 'Go to the overview' },
  ja: { toOverview: '概要へ' },
} satisfies Texts<object>;

/** Shows a page to an operator who is signed in. The operators' pages only read. */
export function OperatorShell({ operator }: { readonly operator: Operator }) {
  const name = useText(names);
  const text = useText(texts);
  const [path] = useLocation();
  const pages = [
    { href: '/operator', label: name.overview, isActive: path === '/operator' },
    { href: '/operator/customers', label: name.customers, isActive: path.startsWith('/operator/customers') },
    { href: '/operator/failed-mails', label: name.failedMails, isActive: path === '/operator/failed-mails' },
  ];
  return (
    <Frame pages={pages} account={<AccountMenu name={operator.name} signOut={useOperatorSignOut()} />}>
      <Switch>
        <Route path="/operator" component={OverviewPage} />
        <Route path="/operator/customers" component={CustomersPage} />
        <Route path="/operator/customers/:id">{({ id }) => <CustomerPage key={id} id={id} />}</Route>
        <Route path="/operator/failed-mails" component={FailedMailsPage} />
        <Route>
          <NotFoundPage href="/operator" label={text.toOverview} />
        </Route>
      </Switch>
    </Frame>
  );
}
