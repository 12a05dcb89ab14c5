import { Alert, Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Suspense } from 'react';
import { Link, useParams } from 'wouter';
import { problemOf, slugOf } from '../api/problem.ts';
import { getRpOptions } from '../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { Loading } from '../ui/page/loading.tsx';
import { Page } from '../ui/page/page.tsx';
import { rpTabAt, RpTabs, useRpTabName } from './rp-tabs.tsx';

const texts = {
  en: {
    title: 'RP',
    all: 'All RPs',
    notFound: 'RP not found',
    notFoundWhy: 'The RP was removed, or the address of this page is wrong.',
    unverified: 'The domain of this RP is not verified yet, so users can neither register nor sign in.',
    verify: 'Verify the domain',
    noTab: 'Page not found',
    noTabWhy: 'The address of this page is wrong.',
  },
  ja: {
    title: 'RP',
    all: 'RPの一覧',
    notFound: 'RPが見つかりません',
    notFoundWhy: 'RPが削除されたか、このページのアドレスが正しくありません。',
    unverified: 'このRPのドメインはまだ確認されていないため、ユーザーは登録もサインインもできません。',
    verify: 'ドメインを確認',
    noTab: 'ページが見つかりません',
    noTabWhy: 'このページのアドレスが正しくありません。',
  },
} satisfies Texts<object>;

/** Shows a tab of an RP's page: the one that the address names, or the first one. */
export default function RpPage() {
  const text = useText(texts);
  const nameOf = useRpTabName();
  const { id, tab: path } = useParams<{ readonly id: string; readonly tab?: string }>();
  const rp = useQuery(getRpOptions({ path: { id } }));
  const tab = rpTabAt(path);
  const isMissing = rp.isError && slugOf(problemOf(rp.error)) === 'not-found';
  const isUnverified = rp.data?.verification.required === true && rp.data.verification.verifiedAt === null;
  const toAll = (
    <Anchor component={Link} href="/rps">
      {text.all}
    </Anchor>
  );
  if (isMissing || tab === undefined) {
    return (
      <Page key="not-found" title={isMissing ? text.notFound : text.noTab} action={toAll}>
        <Text>{isMissing ? text.notFoundWhy : text.noTabWhy}</Text>
      </Page>
    );
  }
  return (
    <Page title={rp.data?.name ?? text.title} part={nameOf(tab)} action={toAll}>
      <RpTabs id={id} open={tab} />
      {isUnverified && tab.path !== 'settings' && (
        <Alert color="yellow" title={text.unverified}>
          <Anchor component={Link} href={`/rps/${id}/settings`} size="sm" c="inherit" underline="always">
            {text.verify}
          </Anchor>
        </Alert>
      )}
      <Suspense fallback={<Loading />}>
        {/* The key discards the state of another RP's tab. */}
        <tab.Content key={id} id={id} rp={rp} />
      </Suspense>
    </Page>
  );
}
