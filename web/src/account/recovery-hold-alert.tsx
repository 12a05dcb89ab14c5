import { Alert, Stack, Text } from '@mantine/core';
import type { GetSessionResponse } from '../client/types.gen.ts';
import { useText, type Texts } from '../text/language.tsx';
import { useFormat } from '../text/use-format.ts';

const texts = {
  en: {
    title: (until: string) => `Some actions are blocked until ${until}`,
    explanation:
      'A passkey was added to your account with a recovery link. For 24 hours after that, you cannot unsubscribe, change the representative or your e-mail address, invite administrators, change privileges, add or remove passkeys, create API keys, or remove RPs or privileged administrators. You can sign out everywhere only if you signed in before the recovery or with an older passkey.',
    notYou:
      'If you did not add this passkey, somebody may be reading your e-mails. A privileged administrator can undo the recovery on the Administrators screen.',
  },
  ja: {
    title: (until: string) => `${until} まで一部の操作が制限されています`,
    explanation:
      'リカバリー用のリンクでパスキーが追加されました。追加から24時間は、解約、担当者やメールアドレスの変更、管理者の招待、権限の変更、パスキーの追加と削除、APIキーの作成、RPと特権管理者の削除はできません。「すべてサインアウト」は、リカバリーの前、または以前のパスキーでサインインした場合のみ行えます。',
    notYou:
      'このパスキーに心当たりがない場合は、第三者にメールを読まれているおそれがあります。特権管理者は、管理者の画面でリカバリーを取り消せます。',
  },
} satisfies Texts<object>;

/** Explains the recovery hold of the person who is signed in. Shows nothing without a hold. */
export function RecoveryHoldAlert({ session }: { readonly session: GetSessionResponse }) {
  const text = useText(texts);
  const format = useFormat();
  const until = session.administrator.recoveryHoldUntil;
  if (until === null) return null;
  return (
    <Alert color="yellow" role="status" mb="lg" title={text.title(format.dateTime(until))}>
      <Stack gap="xs">
        <Text size="sm">{text.explanation}</Text>
        <Text size="sm">{text.notYou}</Text>
      </Stack>
    </Alert>
  );
}
