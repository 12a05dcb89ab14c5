import { Alert, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readSessionAnew } from '../api/query-client.ts';
import { problemOf, slugOf } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/failure.tsx';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { tellOtherTabs } from './other-tabs.ts';
import { signInWithPasskey, signsIn } from './passkeys.ts';

const texts = {
  en: {
    title: 'Confirm that it is you',
    needed: 'You signed in more than 5 minutes ago. Use one of your passkeys, then do this again.',
    use: 'Use a passkey',
    refused: 'The passkey was not accepted. Try again.',
    done: 'Confirmed. Now do it again.',
  },
  ja: {
    title: '本人確認が必要です',
    needed: 'サインインから5分以上経過しています。パスキーで確認してから、もう一度操作してください。',
    use: 'パスキーで確認',
    refused: 'パスキーは受け付けられませんでした。もう一度お試しください。',
    done: '確認できました。もう一度操作してください。',
  },
} satisfies Texts<object>;

export interface ReauthenticationProps {
  /** What was thrown when something was tried. */
  readonly error: unknown;
  /** Called when it may be tried again. */
  readonly onConfirmed: () => void;
  /** What is said of every other error. */
  readonly children: ReactNode;
}

/** Has who signed in too long ago for something use a passkey, after which they try again: a browser wants a click for each ceremony. */
export function Reauthentication({ error, onConfirmed, children }: ReauthenticationProps) {
  const text = useText(texts);
  const confirm = useMutation({
    ...signsIn,
    mutationFn: signInWithPasskey,
    onSuccess: async () => {
      // Whose passkey it was, is who is signed in now: all else that is shown goes when that is somebody else.
      tellOtherTabs();
      await readSessionAnew();
      onConfirmed();
    },
  });
  if (slugOf(problemOf(error)) !== 'reauthentication-required') {
    if (!error && confirm.isSuccess) {
      return (
        <Text size="sm" role="status">
          {text.done}
        </Text>
      );
    }
    return children;
  }
  return (
    <Alert color="yellow" role="alert" title={text.title}>
      <Stack gap="xs">
        <Text size="sm">{text.needed}</Text>
        <Group>
          <ActionButton
            size="xs"
            variant="default"
            loading={confirm.isPending}
            onClick={() => {
              confirm.mutate();
            }}
          >
            {text.use}
          </ActionButton>
        </Group>
        <CeremonyProblem error={confirm.error}>
          <Failure error={confirm.error} says={{ unauthenticated: text.refused }} />
        </CeremonyProblem>
      </Stack>
    </Alert>
  );
}
