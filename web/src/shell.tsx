import { Menu } from '@mantine/core';
import { Link, Route, Switch, useLocation } from 'wouter';
import { RecoveryHoldAlert } from './account/recovery-hold-alert.tsx';
import type { GetSessionResponse } from './client/types.gen.ts';
import { CustomerPage } from './customer/customer-page.tsx';
import { UnsubscriptionBanner } from './customer/leaving/unsubscription-banner.tsx';
import { useSignOut } from './session/use-sign-out.ts';
import { useText, type Texts } from './text/language.tsx';
import { AccountMenu } from './ui/page/account-menu.tsx';
import { Frame } from './ui/page/frame.tsx';
import { loadedLater } from './ui/page/loaded-later.ts';
import { NotFoundPage } from './ui/page/not-found-page.tsx';

// The code of the Customer screen is loaded with the console. The code of every other screen is loaded when the screen
// is first opened.
const RpsPage = loadedLater(() => import('./rps/rps-page.tsx'));
const RpPage = loadedLater(() => import('./rps/rp-page.tsx'));
const AdministratorsPage = loadedLater(() => import('./administrators/administrators-page.tsx'));
const ActivityPage = loadedLater(() => import('./activity/activity-page.tsx'));
const PasskeysPage = loadedLater(() => import('./account/passkeys-page.tsx'));
const EmailPage = loadedLater(() => import('./account/email-page.tsx'));
const MailsPage = loadedLater(() => import('./account/mails-page.tsx'));
const SessionsPage = loadedLater(() => import('./account/sessions-page.tsx'));

const texts = {
  en: {
    customer: 'Customer',
    rps: 'RPs',
    administrators: 'Administrators',
    activity: 'Activity',
    passkeys: 'Passkeys',
    email: 'E-mail address',
    mails: 'Language and e-mails',
    sessions: 'Sessions',
    toCustomer: 'Go to the Customer screen',
  },
  ja: {
    customer: 'カスタマー',
    rps: 'RP',
    administrators: '管理者',
    activity: 'アクティビティ',
    passkeys: 'パスキー',
    email: 'メールアドレス',
    mails: '言語とメール',
    sessions: 'セッション',
    toCustomer: 'カスタマー画面へ',
  },
} satisfies Texts<object>;

/** Shows a page of an administrator who is signed in. */
export function Shell({ session }: { readonly session: GetSessionResponse }) {
  const text = useText(texts);
  const [path] = useLocation();
  const { privilege, representative } = session.administrator;
  const isPrivileged = privilege === 'privileged' || representative;
  const pages = [
    { href: '/', label: text.customer, isActive: path === '/' },
    { href: '/rps', label: text.rps, isActive: path.startsWith('/rps') },
    { href: '/administrators', label: text.administrators, isActive: path === '/administrators' },
    ...(isPrivileged ? [{ href: '/activity', label: text.activity, isActive: path === '/activity' }] : []),
  ];
  return (
    <Frame
      pages={pages}
      account={<Account session={session} />}
      above={
        <>
          <UnsubscriptionBanner session={session} />
          <RecoveryHoldAlert session={session} />
        </>
      }
    >
      <Switch>
        <Route path="/" component={CustomerPage} />
        <Route path="/rps" component={RpsPage} />
        <Route path="/rps/:id/:tab?" component={RpPage} />
        <Route path="/administrators" component={AdministratorsPage} />
        <Route path="/activity" component={ActivityPage} />
        <Route path="/passkeys" component={PasskeysPage} />
        <Route path="/email" component={EmailPage} />
        <Route path="/mails" component={MailsPage} />
        <Route path="/sessions" component={SessionsPage} />
        <Route>
          <NotFoundPage href="/" label={text.toCustomer} />
        </Route>
      </Switch>
    </Frame>
  );
}

function Account({ session: { administrator } }: { readonly session: GetSessionResponse }) {
  const text = useText(texts);
  return (
    <AccountMenu name={administrator.name} signOut={useSignOut()}>
      <Menu.Item component={Link} href="/passkeys">
        {text.passkeys}
      </Menu.Item>
      <Menu.Item component={Link} href="/email">
        {text.email}
      </Menu.Item>
      <Menu.Item component={Link} href="/mails">
        {text.mails}
      </Menu.Item>
      <Menu.Item component={Link} href="/sessions">
        {text.sessions}
      </Menu.Item>
      <Menu.Divider />
    </AccountMenu>
  );
}
