import { Alert, Button, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { requestSignInLinkMutation } from '../../client/@tanstack/react-query.gen.ts';
import type { Administrator } from '../../client/types.gen.ts';
import { useText, type Texts } from '../../text/language.tsx';
import { ActionButton } from '../../ui/action-button.tsx';
import { FormProblem } from '../../ui/form/form-problem.tsx';
import { focus } from '../../ui/page/focus.ts';
import { useLinkLimitText } from '../../ui/use-link-limit-text.ts';

const texts = {
  en: {
    title: (name: string) => `${name} has no passkey yet`,
    explanation: (name: string) =>
      `Ask ${name} to register a passkey first. Without a passkey, a representative confirms each protected action, such as unsubscribing, with a link in an e-mail, and anybody who can read these e-mails can do the same.`,
    send: (name: string) => `Send ${name} a link to register a passkey`,
    sent: (name: string, limit: string) =>
      `The e-mail is on its way. After ${name} has registered a passkey, choose ${name} again. ${limit}`,
    back: 'Back',
    anyway: 'Continue without a passkey',
  },
  ja: {
    title: (name: string) => `${name} さんはパスキーを登録していません`,
    explanation: (name: string) =>
      `先に ${name} さんにパスキーの登録を依頼してください。パスキーのない担当者は、解約などの重要な操作をメールのリンクで確認するため、そのメールを読める人なら誰でも同じ操作ができてしまいます。`,
    send: (name: string) => `${name} さんにパスキー登録用のリンクを送信`,
    sent: (name: string, limit: string) =>
      `まもなくメールが届きます。${name} さんがパスキーを登録したら、もう一度選択してください。${limit}`,
    back: '戻る',
    anyway: 'パスキーなしで続ける',
  },
} satisfies Texts<object>;

export interface AskForPasskeyProps {
  readonly administrator: Administrator;
  /** Called when the person wants to continue although the administrator has no passkey. */
  readonly onAnyway: () => void;
  readonly onBack: () => void;
}

/**
 * Offers to send an administrator without a passkey a sign-in link. The page that the link opens asks the administrator
 * to register a passkey.
 */
export function AskForPasskey({ administrator: { name, email }, onAnyway, onBack }: AskForPasskeyProps) {
  const text = useText(texts);
  const limitText = useLinkLimitText();
  const request = useMutation({ ...requestSignInLinkMutation(), meta: { savesNothing: true } });
  return (
    <Stack gap="sm">
      <Title order={3} size="h5" tabIndex={-1} ref={focus} style={{ outline: 'none' }}>
        {text.title(name)}
      </Title>
      <Text size="sm">{text.explanation(name)}</Text>
      {request.isSuccess && <Alert role="status">{text.sent(name, limitText(request.data.linkLimit))}</Alert>}
      <FormProblem error={request.error} fields={[]} />
      <ActionButton
        loading={request.isPending}
        onClick={() => {
          request.mutate({ body: { email } });
        }}
      >
        {text.send(name)}
      </ActionButton>
      <Group justify="flex-end">
        <Button variant="default" onClick={onBack}>
          {text.back}
        </Button>
        <Button variant="default" onClick={onAnyway}>
          {text.anyway}
        </Button>
      </Group>
    </Stack>
  );
}
