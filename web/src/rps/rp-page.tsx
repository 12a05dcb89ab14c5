import { Anchor, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link, useParams } from 'wouter';
import { problemOf, slugOf } from '../api/problem.ts';
import { getRpOptions } from '../client/@tanstack/react-query.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { Page } from '../ui/page/page.tsx';
import { ApiKeysBlock } from './api-keys-block.tsx';
import { RemoveRpBlock } from './remove-rp-block.tsx';
import { RpBlock } from './rp-block.tsx';

const texts = {
  en: {
    title: 'RP',
    all: 'All RPs',
    notFound: 'RP not found',
    notFoundWhy: 'The RP was removed, or the address of this page is wrong.',
  },
  ja: {
    title: 'RP',
    all: 'RPの一覧',
    notFound: 'RPが見つかりません',
    notFoundWhy: 'RPが削除されたか、このページのアドレスが正しくありません。',
  },
} satisfies Texts<object>;

/** Shows an RP and the RP's API keys, and lets the person remove the RP. */
export default function RpPage() {
  const text = useText(texts);
  const { id } = useParams<{ readonly id: string }>();
  const rp = useQuery(getRpOptions({ path: { id } }));
  const toAll = (
    <Anchor component={Link} href="/rps">
      {text.all}
    </Anchor>
  );
  if (rp.isError && slugOf(problemOf(rp.error)) === 'not-found') {
    return (
      <Page key="not-found" title={text.notFound} action={toAll}>
        <Text>{text.notFoundWhy}</Text>
      </Page>
    );
  }
  return (
    <Page title={rp.data?.name ?? text.title} action={toAll}>
      <RpBlock rp={rp} />
      <ApiKeysBlock rp={id} />
      <RemoveRpBlock rp={rp} />
    </Page>
  );
}
