import { AppShell, Burger, Container, Group, Loader, NavLink } from '@mantine/core';
import { useWindowEvent } from '@mantine/hooks';
import { Suspense, use, useRef, useState, type ReactNode } from 'react';
import { Link, useLocation } from 'wouter';
import { useText, type Texts } from '../../text/language.tsx';
import { Boundary } from './boundary.tsx';
import { Failure } from './failure.tsx';
import { Preferences } from './preferences.tsx';
import { reload } from './reload.ts';
import { SiteContext, SiteMark } from './site.tsx';
import { Wordmark } from './wordmark.tsx';
import classes from './frame.module.css';

const texts = {
  en: { skip: 'Skip to the content', menu: 'Menu' },
  ja: { skip: '本文へ移動', menu: 'メニュー' },
} satisfies Texts<object>;

export interface FrameProps {
  /** The pages in the menu. */
  readonly pages: readonly { readonly href: string; readonly label: string; readonly isActive: boolean }[];
  /** The account menu. */
  readonly account: ReactNode;
  /** The content above every page. @default - none */
  readonly above?: ReactNode;
  /** The page that the address names. */
  readonly children: ReactNode;
}

/** Shows a page that requires a session, with the menu on the left and the account menu. */
export function Frame({ pages, account, above, children }: FrameProps) {
  const text = useText(texts);
  const [path] = useLocation();
  const site = use(SiteContext);
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
  return (
    <AppShell
      header={{ height: 56 }}
      navbar={{ width: 220, breakpoint: 'sm', collapsed: { mobile: !isOpened } }}
      padding="md"
    >
      <AppShell.Header {...(site && { style: { borderBottomColor: `var(--mantine-color-${site.color}-filled)` } })}>
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
            <SiteMark />
          </Group>
          <Group gap="xs" wrap="nowrap">
            <Group visibleFrom="sm">
              <Preferences />
            </Group>
            {account}
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
          {above}
          <Boundary of={path} fallback={<Failure error={null} onRetry={reload} />}>
            <Suspense fallback={<Loader />}>{children}</Suspense>
          </Boundary>
        </Container>
      </AppShell.Main>
    </AppShell>
  );
}
