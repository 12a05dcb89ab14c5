import { Alert, Group, Stack, Text } from '@mantine/core';
import { useMutation, type UseMutationResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { readSessionAnew } from '../api/query-client.ts';
import { problemOf, slugOf } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { focus } from '../ui/page/focus.ts';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { tellOtherTabs } from './other-tabs.ts';
import { signsIn } from './passkeys.ts';
import { useSession } from './use-session.ts';
import { useSignInAs } from './use-sign-in-as.ts';

const texts = {
  en: {
    title: 'Confirm that it is you',
    needed: 'You signed in more than 5 minutes ago. Use one of your passkeys, then try again.',
    use: 'Use a passkey',
    refused: 'The passkey was not accepted. Try again.',
    done: 'Confirmed. Now try again.',
  },
  ja: {
    title: '本人確認が必要です',
    needed: 'サインインから5分以上経過しています。パスキーで確認してから、もう一度操作してください。',
    use: 'パスキーで確認',
    refused: 'パスキーを確認できませんでした。もう一度お試しください。',
    done: '確認できました。もう一度操作してください。',
  },
} satisfies Texts<object>;

export interface ReauthenticationProps {
  /** The mutation that may need a recent sign-in. */
  readonly mutation: Pick<UseMutationResult<unknown, unknown, never>, 'error' | 'isIdle' | 'reset'>;
  /** Shown for every other error. */
  readonly children: ReactNode;
}

/**
 * Asks for a passkey if the sign-in is too old for an action. Then the person tries again, because browsers require a
 * click for each ceremony.
 */
export function Reauthentication({ mutation: { error, isIdle, reset }, children }: ReauthenticationProps) {
  const text = useText(texts);
  const session = useSession();
  const signInAs = useSignInAs();
  const confirm = useMutation({
    ...signsIn,
    mutationFn: signInAs,
    onSuccess: async () => {
      tellOtherTabs();
      await readSessionAnew();
      reset();
    },
  });
  if (confirm.isSuccess && isIdle) {
    return (
      <Text size="sm" role="status" tabIndex={-1} ref={focus} style={{ outline: 'none' }}>
        {text.done}
      </Text>
    );
  }
  if (slugOf(problemOf(error)) !== 'reauthentication-required') return children;
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
              if (session.data) confirm.mutate(session.data.administrator.id);
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
