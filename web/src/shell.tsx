import { Anchor, AppShell, Burger, Button, Container, Group, Loader, Menu, NavLink, Text } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { Suspense, useRef, useState } from 'react';
import { Link, Route, Switch, useLocation } from 'wouter';
import { RecoveryHoldAlert } from './account/recovery-hold-alert.tsx';
import type { GetSessionResponse } from './client/types.gen.ts';
import { CustomerPage } from './customer/customer-page.tsx';
import { UnsubscriptionBanner } from './customer/leaving/unsubscription-banner.tsx';
import { useSignOut } from './session/use-sign-out.ts';
import { useText, type Texts } from './text/language.tsx';
import { Boundary } from './ui/page/boundary.tsx';
import { Failure } from './ui/page/failure.tsx';
import { loadedLater } from './ui/page/loaded-later.ts';
import { Page } from './ui/page/page.tsx';
import { Preferences } from './ui/page/preferences.tsx';
import { reload } from './ui/page/reload.ts';
import { Wordmark } from './ui/page/wordmark.tsx';
import classes from './shell.module.css';

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
    skip: 'Skip to the content',
    menu: 'Menu',
    account: (name: string) => `Account of ${name}`,
    customer: 'Customer',
    rps: 'RPs',
    administrators: 'Administrators',
    activity: 'Activity',
    passkeys: 'Passkeys',
    email: 'E-mail address',
    mails: 'Language and e-mails',
    sessions: 'Sessions',
    signOut: 'Sign out',
    notFound: 'Page not found',
    toCustomer: 'Go to the Customer screen',
  },
  ja: {
    skip: '本文へ移動',
    menu: 'メニュー',
    account: (name: string) => `${name} のアカウント`,
    customer: 'カスタマー',
    rps: 'RP',
    administrators: '管理者',
    activity: 'アクティビティ',
    passkeys: 'パスキー',
    email: 'メールアドレス',
    mails: '言語とメール',
    sessions: 'セッション',
    signOut: 'サインアウト',
    notFound: 'ページが見つかりません',
    toCustomer: 'カスタマー画面へ',
  },
} satisfies Texts<object>;

/** Shows a page that requires a session, with the menu on the left and the account menu. */
export function Shell({ session }: { readonly session: GetSessionResponse }) {
  const text = useText(texts);
  const [path] = useLocation();
  const burger = useRef<HTMLButtonElement>(null);
  /**
   * The page on which the person opened the menu on a narrow screen, where the menu covers the page. The menu closes
   * when the person leaves this page.
   */
  const [openedOn, setOpenedOn] = useState<string | null>(null);
  const isOpened = openedOn === path;
  if (openedOn !== null && !isOpened) setOpenedOn(null);
  const close = () => {
    if (!isOpened) return;
    setOpenedOn(null);
    burger.current?.focus();
  };
  useWindowEvent('keydown', ({ key }) => {
    if (key === 'Escape') close();
  });
  const { privilege, representative } = session.administrator;
  const isPrivileged = privilege === 'privileged' || representative;
  const pages = [
    { href: '/', label: text.customer, isActive: path === '/' },
    { href: '/rps', label: text.rps, isActive: path.startsWith('/rps') },
    { href: '/administrators', label: text.administrators, isActive: path === '/administrators' },
    ...(isPrivileged ? [{ href: '/activity', label: text.activity, isActive: path === '/activity' }] : []),
  ];
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpened } }}
      padding="md"
    >
      <AppShell.Header>
        <a href="#content" className={classes['skip']} onClick={close}>
          {text.skip}
        </a>
        <Group h="100%" px="md" justify="space-between" wrap="nowrap">
          <Group gap="sm" wrap="nowrap" miw={0}>
            <Burger
              ref={burger}
              opened={isOpened}
              onClick={() => {
                setOpenedOn(isOpened ? null : path);
              }}
              hiddenFrom="sm"
              size="sm"
              aria-label={text.menu}
              aria-expanded={isOpened}
            />
            <Wordmark fz={{ base: 'sm', sm: 'md' }} truncate />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Group visibleFrom="sm">
              <Preferences />
            </Group>
            <AccountMenu session={session} />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar p="xs" aria-label={text.menu} mod={{ closed: !isOpened }} className={classes['menu'] ?? ''}>
        {pages.map(({ href, label, isActive }) => (
          <NavLink
            key={href}
            component={Link}
            href={href}
            onClick={close}
            label={label}
            active={isActive}
            aria-current={isActive ? 'page' : undefined}
          />
        ))}
        <Group hiddenFrom="sm" mt="auto" p="xs">
          <Preferences />
        </Group>
      </AppShell.Navbar>
      <AppShell.Main id="content" mod={{ covered: isOpened }} className={classes['content'] ?? ''}>
        <Container size="lg" px={0}>
          <UnsubscriptionBanner session={session} />
          <RecoveryHoldAlert session={session} />
          <Boundary of={path} fallback={<Failure error={null} onRetry={reload} />}>
            <Suspense fallback={<Loader />}>
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
                  <Page title={text.notFound}>
                    <Anchor component={Link} href="/">
                      {text.toCustomer}
                    </Anchor>
                  </Page>
                </Route>
              </Switch>
            </Suspense>
          </Boundary>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}

function AccountMenu({ session: { administrator } }: { readonly session: GetSessionResponse }) {
  const text = useText(texts);
  const signOut = useSignOut();
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          variant="default"
          size="xs"
          maw={160}
          aria-label={text.account(administrator.name)}
          rightSection={<span aria-hidden>▾</span>}
        >
          <Text span inherit truncate>
            {administrator.name}
          </Text>
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
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
        <Menu.Item
          // The account menu stays open to show the progress of signing out, and to allow another try after a failure.
          closeMenuOnClick={false}
          aria-busy={signOut.isPending}
          rightSection={signOut.isPending && <Loader size="xs" />}
          onClick={() => {
            if (!signOut.isPending) signOut.mutate({});
          }}
        >
          {text.signOut}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
