import { timeInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface RecoveryUndone {
  readonly customerName: string;
  /** The name of the administrator. */
  readonly name: string;
  /** The name of the person who undid the recovery. */
  readonly undoneBy: string;
  /** Epoch milliseconds. */
  readonly undoneAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** Whether the administrator is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/** Writes the e-mail that tells an administrator that the recovery of their account was undone. */
export const recoveryUndone = (values: InLanguage<RecoveryUndone>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, name, undoneBy, undoneAt, timeZone, isRepresentatives, contact, consoleUrl }) => ({
    subject: sentence`The recovery of your account was undone`,
    paragraphs: [
      sentence`“${undoneBy}” undid the recovery of “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${timeInWords(undoneAt, timeZone, 'en')}.`,
      sentence`The passkeys that were added with a recovery link were removed, and “${name}” was signed out everywhere. The older passkeys still work.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentatives
        ? sentence`If you added the passkey yourself, ask “${undoneBy}” why the recovery was undone. If you have lost your older passkeys, write to the operator of the service: ${new OwnText(contact)}.`
        : sentence`If you added the passkey yourself, ask “${undoneBy}” why the recovery was undone. If you did not add it, somebody may be reading your e-mails.`,
    ],
  }),
  ja: ({ customerName, name, undoneBy, undoneAt, timeZone, isRepresentatives, contact, consoleUrl }) => ({
    subject: sentence`アカウントのリカバリーが取り消されました`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の管理者「${name}」さんのリカバリーが、「${undoneBy}」さんによって、${timeInWords(undoneAt, timeZone, 'ja')}に取り消されました。`,
      sentence`リカバリー用のリンクで追加されたパスキーは削除され、「${name}」さんはすべてのデバイスからサインアウトされました。以前のパスキーは引き続き使用できます。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [
      isRepresentatives
        ? sentence`ご自身でパスキーを追加した場合は、リカバリーを取り消した理由を「${undoneBy}」さんにご確認ください。以前のパスキーをすべて失った場合は、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`
        : sentence`ご自身でパスキーを追加した場合は、リカバリーを取り消した理由を「${undoneBy}」さんにご確認ください。追加していない場合は、第三者にメールを読まれているおそれがあります。`,
    ],
  }),
} satisfies Letters<RecoveryUndone>;
