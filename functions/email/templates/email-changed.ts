import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { KnownAddress, OwnText, sentence } from '../sentence.ts';

interface EmailChanged {
  readonly name: string;
  readonly newEmail: string;
  /** Whether the administrator is the representative, whom nobody can remove. */
  readonly isRepresentative: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that the service sends to an administrator's previous address after the administrator's e-mail
 * address was changed.
 */
export const emailChanged = (values: InLanguage<EmailChanged>): Content => writeIn(letters, values);

const letters = {
  en: ({ name, newEmail, isRepresentative, contact, consoleUrl }) => ({
    subject: sentence`Your e-mail address for the FIDO2 Server Service was changed`,
    paragraphs: [
      sentence`“${name}” now signs in to the FIDO2 Server Service with the e-mail address ${new KnownAddress(newEmail)}.`,
      sentence`The address that received this e-mail is no longer used.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentative
        ? sentence`If you did not change your address, write to the operator of the service at once: ${new OwnText(contact)}. The operator can restore your address, which ends all of your sessions.`
        : sentence`If you did not change your address, tell the representative of your organisation at once. A privileged administrator can remove you as an administrator, which ends all of your sessions.`,
    ],
  }),
  ja: ({ name, newEmail, isRepresentative, contact, consoleUrl }) => ({
    subject: sentence`FIDO2 Server Service のメールアドレスが変更されました`,
    paragraphs: [
      sentence`「${name}」さんが FIDO2 Server Service へのサインインに使うメールアドレスは、 ${new KnownAddress(newEmail)} に変更されました。`,
      sentence`このメールを受信したアドレスは、今後使用されません。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [
      isRepresentative
        ? sentence`ご自身で変更していない場合は、すぐにサービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。運営者がアドレスを元に戻すと、すべてのセッションが終了します。`
        : sentence`ご自身で変更していない場合は、すぐに貴組織の担当者にご連絡ください。特権管理者があなたを管理者から削除すると、すべてのセッションが終了します。`,
    ],
  }),
} satisfies Letters<EmailChanged>;
