import type { UseQueryResult } from '@tanstack/react-query';
import type { ComponentType } from 'react';
import { Link } from 'wouter';
import type { RpDetails } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { loadedLater } from '../ui/page/loaded-later.ts';
import classes from './rp-tabs.module.css';

const texts = {
  en: {
    tabs: 'Tabs of the RP',
    integrate: 'Integrate',
    users: 'Users',
    settings: 'Settings',
    'api-keys': 'API keys',
    activity: 'Activity',
  },
  ja: {
    tabs: 'RPのタブ',
    integrate: '組み込み',
    users: 'ユーザー',
    settings: '設定',
    'api-keys': 'APIキー',
    activity: 'アクティビティ',
  },
} satisfies Texts<object>;

export interface RpTabProps {
  /** The ID of the RP. */
  readonly id: string;
  readonly rp: UseQueryResult<RpDetails, unknown>;
}

export interface RpTab {
  /** The last part of the tab's address, which also selects the tab's name. */
  readonly path: Exclude<keyof (typeof texts)['en'], 'tabs'>;
  /** The content of the tab. Its code is loaded when the tab is first opened. */
  readonly Content: ComponentType<RpTabProps>;
}

/** The tabs of an RP's page, in their order. The address of the RP opens the first tab. */
const tabs: readonly [RpTab, ...RpTab[]] = [
  { path: 'integrate', Content: loadedLater(() => import('./integrate/integrate-tab.tsx')) },
  { path: 'users', Content: loadedLater(() => import('./users/users-tab.tsx')) },
  { path: 'settings', Content: loadedLater(() => import('./settings/settings-tab.tsx')) },
  { path: 'api-keys', Content: loadedLater(() => import('./api-keys/api-keys-tab.tsx')) },
  { path: 'activity', Content: loadedLater(() => import('./activity/activity-tab.tsx')) },
];

/** Returns the tab with an address, or undefined if no tab has the address. */
export const rpTabAt = (path: string | undefined): RpTab | undefined =>
  path === undefined ? tabs[0] : tabs.find((tab) => tab.path === path);

/** Returns the name of a tab in the current language. */
export const useRpTabName = (): ((tab: RpTab) => string) => {
  const text = useText(texts);
  return ({ path }) => text[path];
};

export interface RpTabsProps {
  /** The ID of the RP. */
  readonly id: string;
  readonly open: RpTab;
}

/**
 * Lists the tabs of an RP's page. The tabs are links, because each tab has its own address, which people can bookmark
 * or open in another window.
 */
export function RpTabs({ id, open }: RpTabsProps) {
  const text = useText(texts);
  const nameOf = useRpTabName();
  return (
    <nav aria-label={text.tabs} className={classes['tabs']}>
      {tabs.map((tab) => (
        <Link
          key={tab.path}
          href={`/rps/${id}${tab === tabs[0] ? '' : `/${tab.path}`}`}
          className={classes['tab'] ?? ''}
          aria-current={tab === open ? 'page' : undefined}
        >
          {nameOf(tab)}
        </Link>
      ))}
    </nav>
  );
}
