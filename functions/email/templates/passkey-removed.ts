import { timeInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface PasskeyRemoved {
  readonly customerName: string;
  /** The name of the administrator. */
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly removedAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** Whether the administrator is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/** Writes the e-mail that tells an administrator that one of their passkeys was removed. */
export const passkeyRemoved = (values: InLanguage<PasskeyRemoved>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, name, passkeyName, removedAt, timeZone, isRepresentatives, contact, consoleUrl }) => ({
    subject: sentence`A passkey was removed`,
    paragraphs: [
      sentence`The passkey “${passkeyName}” of “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, was removed on ${timeInWords(removedAt, timeZone, 'en')}.`,
      sentence`Nobody can sign in with this passkey any more. The sessions that were opened with it have ended.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentatives
        ? sentence`If you did not remove it, somebody else has access to your account. Sign in, choose “Sessions” in the account menu, sign out everywhere, and write to the operator of the service at once: ${new OwnText(contact)}.`
        : sentence`If you did not remove it, somebody else has access to your account. Sign in, choose “Sessions” in the account menu, sign out everywhere, and tell the representative of your organisation at once.`,
    ],
  }),
  ja: ({ customerName, name, passkeyName, removedAt, timeZone, isRepresentatives, contact, consoleUrl }) => ({
    subject: sentence`パスキーが削除されました`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の管理者「${name}」さんのパスキー「${passkeyName}」が、${timeInWords(removedAt, timeZone, 'ja')}に削除されました。`,
      sentence`今後、このパスキーではサインインできません。このパスキーで開始したセッションは終了しました。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [
      isRepresentatives
        ? sentence`ご自身で削除していない場合は、アカウントが第三者に使用されているおそれがあります。すぐにサインインし、アカウントメニューの「セッション」で「すべてサインアウト」を選択したうえで、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`
        : sentence`ご自身で削除していない場合は、アカウントが第三者に使用されているおそれがあります。すぐにサインインし、アカウントメニューの「セッション」で「すべてサインアウト」を選択したうえで、貴組織の担当者にご連絡ください。`,
    ],
  }),
} satisfies Letters<PasskeyRemoved>;
