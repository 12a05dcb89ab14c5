import { Alert, Anchor, Group, Loader, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { Link } from 'wouter';
import { getMauOptions } from '../../client/@tanstack/react-query.gen.ts';
import type { MauView } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { Failure } from '../../ui/page/failure.tsx';

const texts = {
  en: {
    received: 'First sign-in received',
    works:
      'The RP’s server is connected. Everybody who registers or signs in with a passkey counts as a monthly active user.',
    waiting: 'Waiting for the first sign-in',
    soon: 'Create an API key, and use the code below. The first accepted registration or sign-in appears here within seconds.',
    paused: 'The page no longer looks for it. Reload the page to continue.',
    activity: 'Was a sign-in refused? See the activity.',
    wrongKey: 'Requests with a wrong API key are not listed.',
  },
  ja: {
    received: '最初のサインインを受け付けました',
    works: 'RPのサーバーは接続されています。パスキーで登録またはサインインしたユーザーは、MAUに数えられます。',
    waiting: '最初のサインインを待っています',
    soon: 'APIキーを作成し、下のコード例を使用してください。最初の登録またはサインインが受け付けられると、数秒後にここに表示されます。',
    paused: 'このページは確認を停止しました。続けるには再読み込みしてください。',
    activity: 'サインインが拒否された場合は、アクティビティを確認してください。',
    wrongKey: 'APIキーが誤っているリクエストは表示されません。',
  },
} satisfies Texts<object>;

/** The time between two requests for the MAU, and the time after which the page sends no more, in milliseconds. */
const EVERY = 3_000;
const UNTIL = 15 * 60_000;

/** Returns whether the RP had an active user in one of the months. */
const isActive = (mau: MauView | undefined, rp: string): boolean =>
  mau?.rps.some(({ id, mau: users }) => id === rp && users.some((count) => count > 0)) ?? false;

/**
 * Says whether the RP has had an active user. Until then, asks again every few seconds, while the page is visible, for
 * a quarter of an hour.
 */
export function FirstSignIn({ rp }: { readonly rp: string }) {
  const text = useText(texts);
  const [opened] = useState(() => Date.now());
  const [isPaused, setPaused] = useState(false);
  const query = useQuery({
    ...getMauOptions({ query: { months: '3' } }),
    refetchInterval: ({ state: { data } }) => {
      if (isActive(data, rp)) return false;
      if (Date.now() - opened < UNTIL) return EVERY;
      setPaused(true);
      return false;
    },
  });
  const isReceived = isActive(query.data, rp);
  if (query.isError && !query.data) return <Failure error={query.error} onRetry={query.refetch} />;
  return (
    <div role="status">
      {isReceived ? (
        <Alert color="green" title={text.received}>
          {text.works}
        </Alert>
      ) : (
        query.data && (
          <Alert
            variant="default"
            title={
              <Group gap="sm" component="span">
                {!isPaused && <Loader size="xs" aria-hidden />}
                {text.waiting}
              </Group>
            }
          >
            <Text size="sm">{isPaused ? text.paused : text.soon}</Text>
            <Anchor component={Link} href={`/rps/${rp}/activity`} size="sm">
              {text.activity}
            </Anchor>
            <Text size="sm">{text.wrongKey}</Text>
          </Alert>
        )
      )}
    </div>
  );
}
