import { Alert, Group, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useEffect, useRef, useState, type ReactNode } from 'react';
import { readSessionAnew } from '../api/query-client.ts';
import { problemOf, slugOf } from '../api/problem.ts';
import { requestSignInLinkMutation } from '../client/@tanstack/react-query.gen.ts';
import type { GetSessionResponse } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { ActionButton } from '../ui/action-button.tsx';
import { Failure } from '../ui/page/failure.tsx';
import { FormProblem } from '../ui/form/form-problem.tsx';
import { CeremonyProblem } from './ceremony-problem.tsx';
import { tellOtherTabs } from './other-tabs.ts';
import { signsIn } from './passkeys.ts';
import { useLinkLimitText } from '../ui/use-link-limit-text.ts';
import { useSession } from './use-session.ts';
import { useSignInAs } from './use-sign-in-as.ts';

const texts = {
  en: {
    title: 'Confirm that it is you',
    needed: 'You signed in more than 5 minutes ago. Use one of your passkeys to continue.',
    use: 'Use a passkey',
    refused: 'The passkey was not accepted. Try again.',
    byLink: (email: string) =>
      `You signed in more than 5 minutes ago. Because you have no passkey, confirm with a link that we send to ${email}. Open the link in this browser. Then this page continues by itself.`,
    byLinkAlthoughPasskey: (email: string) =>
      `You added your passkey more than 5 minutes after you signed in. For the first 24 hours, confirm changes such as this one with a link that we send to ${email}. Open the link in this browser. Then this page continues by itself.`,
    sendLink: 'Send a link',
    linkSent: (limit: string) =>
      `If you have not reached the limit of links, the e-mail is on its way. Keep this page open. ${limit}`,
  },
  ja: {
    title: '本人確認が必要です',
    needed: 'サインインから5分以上経過しています。続けるには、パスキーで本人確認を行ってください。',
    use: 'パスキーで確認',
    refused: 'パスキーを確認できませんでした。もう一度お試しください。',
    byLink: (email: string) =>
      `サインインから5分以上経過しています。パスキーが登録されていないため、${email} に届くリンクで本人確認を行います。リンクはこのブラウザーで開いてください。開くと、この画面の操作が自動的に続行されます。`,
    byLinkAlthoughPasskey: (email: string) =>
      `サインインから5分以上経過した後に追加されたパスキーのため、追加から24時間は ${email} に届くリンクで本人確認を行います。リンクはこのブラウザーで開いてください。開くと、この画面の操作が自動的に続行されます。`,
    sendLink: 'リンクを送信',
    linkSent: (limit: string) =>
      `送信数の上限に達していなければ、まもなくメールが届きます。この画面は開いたままにしてください。${limit}`,
  },
} satisfies Texts<object>;

export interface ReauthenticationProps {
  /** The mutation that may need a recent sign-in. The form around this component starts this mutation. */
  readonly mutation: { readonly error: unknown };
  /** The content that is shown for every error of the mutation except `reauthentication-required`. */
  readonly children: ReactNode;
}

/**
 * Asks for a new sign-in if the sign-in is too old for an action, and then submits the form again: with a passkey or,
 * if the person has none or only too new ones, with an e-mailed link. Does not submit the form again if, during the new
 * sign-in, the person closes the form or submits the form again.
 */
export function Reauthentication({ mutation: { error }, children }: ReauthenticationProps) {
  const text = useText(texts);
  const { data: session } = useSession();
  if (slugOf(problemOf(error)) !== 'reauthentication-required' || !session) return children;
  return (
    <Alert color="yellow" role="alert" title={text.title}>
      <Stack gap="xs">
        {session.recentSignInBy === 'passkey' ? <ByPasskey session={session} /> : <ByLink session={session} />}
      </Stack>
    </Alert>
  );
}

interface Confirmation {
  readonly administratorId: string;
  readonly form: HTMLFormElement | null;
}

interface SignInAgainProps {
  readonly session: GetSessionResponse;
}

/**
 * Submits a form again. The button in the alert has the focus and is about to disappear with the alert, so the form's
 * submit button gets the focus.
 */
function submitAgain(form: HTMLFormElement | null | undefined) {
  const submit = form?.querySelector<HTMLButtonElement>('[type=submit]');
  submit?.focus();
  form?.requestSubmit(submit);
}

function ByPasskey({ session: { administrator } }: SignInAgainProps) {
  const text = useText(texts);
  const signInAs = useSignInAs();
  /** Whether the alert is still shown. It disappears when the person submits the form again or leaves the form. */
  const isShown = useRef(false);
  useEffect(() => {
    isShown.current = true;
    return () => {
      isShown.current = false;
    };
  }, []);
  const confirm = useMutation({
    ...signsIn,
    mutationFn: ({ administratorId }: Confirmation) => signInAs(administratorId),
    onSuccess: async (_, { form }) => {
      tellOtherTabs('changed');
      await readSessionAnew();
      if (isShown.current) submitAgain(form);
    },
  });
  return (
    <>
      <Text size="sm">{text.needed}</Text>
      <Group>
        <ActionButton
          size="xs"
          variant="default"
          loading={confirm.isPending}
          onClick={({ currentTarget: { form } }) => {
            confirm.mutate({ administratorId: administrator.id, form });
          }}
        >
          {text.use}
        </ActionButton>
      </Group>
      <CeremonyProblem error={confirm.error}>
        <Failure error={confirm.error} says={{ unauthenticated: text.refused }} />
      </CeremonyProblem>
    </>
  );
}

/**
 * Sends a link, which the person opens in another tab. All tabs share one session, so this tab then reads the session
 * again and finds a later sign-in.
 */
function ByLink({ session: { administrator, signedInAt, hasPasskey } }: SignInAgainProps) {
  const text = useText(texts);
  const limitText = useLinkLimitText();
  const { email } = administrator;
  const request = useMutation({ ...requestSignInLinkMutation(), meta: { savesNothing: true } });
  const button = useRef<HTMLDivElement>(null);
  /** The time of the sign-in that is too old. */
  const [tooOld] = useState(signedInAt);
  useEffect(() => {
    if (signedInAt !== tooOld) submitAgain(button.current?.closest('form'));
  }, [signedInAt, tooOld]);
  return (
    <>
      <Text size="sm">{hasPasskey ? text.byLinkAlthoughPasskey(email) : text.byLink(email)}</Text>
      <Group ref={button}>
        <ActionButton
          size="xs"
          variant="default"
          loading={request.isPending}
          onClick={() => {
            request.mutate({ body: { email } });
          }}
        >
          {text.sendLink}
        </ActionButton>
      </Group>
      {request.isSuccess && (
        <Text size="sm" role="status">
          {text.linkSent(limitText(request.data.linkLimit))}
        </Text>
      )}
      <FormProblem error={request.error} fields={[]} />
    </>
  );
}
