import { Alert, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, type ReactNode } from 'react';
import { readSessionAnew } from '../api/query-client.ts';
import { problemOf, slugOf } from '../api/problem.ts';
import { useText, type Texts } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { tellOtherTabs } from './other-tabs.ts';
import { signsIn } from './passkeys.ts';
import { useSession } from './use-session.ts';
import { useSignInAs } from './use-sign-in-as.ts';

const texts = {
  en: {
    title: 'Confirm that it is you',
    needed: 'You signed in more than 5 minutes ago. Use one of your passkeys to continue.',
    use: 'Use a passkey',
    refused: 'The passkey was not accepted. Try again.',
  },
  ja: {
    title: '本人確認が必要です',
    needed: 'サインインから5分以上経過しています。続けるには、パスキーで本人確認を行ってください。',
    use: 'パスキーで確認',
    refused: 'パスキーを確認できませんでした。もう一度お試しください。',
  },
} satisfies Texts<object>;

interface Confirmation {
  readonly administratorId: string;
  readonly form: HTMLFormElement | null;
}

export interface ReauthenticationProps {
  /** The mutation that may need a recent sign-in. The form around this component starts this mutation. */
  readonly mutation: { readonly error: unknown };
  /** The content that is shown for every error of the mutation except `reauthentication-required`. */
  readonly children: ReactNode;
}

/**
 * Asks for a passkey if the sign-in is too old for an action, and then submits the form again. Does not submit the form
 * again if, during the new sign-in, the person closes the form or submits the form again.
 */
export function Reauthentication({ mutation: { error }, children }: ReauthenticationProps) {
  const text = useText(texts);
  const session = useSession();
  const signInAs = useSignInAs();
  const isNeeded = slugOf(problemOf(error)) === 'reauthentication-required';
  /**
   * Whether this component shows the alert that asks for a passkey. The alert disappears when the person submits the
   * form again or leaves the form.
   */
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = isNeeded;
    return () => {
      isShown.current = false;
    };
  }, [isNeeded]);
  const confirm = useMutation({
    ...signsIn,
    mutationFn: ({ administratorId }: Confirmation) => signInAs(administratorId),
    onSuccess: async (_, { form }) => {
      tellOtherTabs();
      await readSessionAnew();
      if (!isShown.current) return;
      const submit = form?.querySelector<HTMLButtonElement>('[type=submit]');
      // The button in the alert has the focus and is about to disappear with the alert, so the form's submit button
      // gets the focus.
      submit?.focus();
      form?.requestSubmit(submit);
    },
  });
  if (!isNeeded) return children;
  return (
    <Alert color="yellow" role="alert" title={text.title}>
      <Stack gap="xs">
        <Text size="sm">{text.needed}</Text>
        <Group>
          <ActionButton
            size="xs"
            variant="default"
            loading={confirm.isPending}
            onClick={({ currentTarget: { form } }) => {
              if (session.data) confirm.mutate({ administratorId: session.data.administrator.id, form });
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
