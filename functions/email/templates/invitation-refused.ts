import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

interface InvitationRefused {
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail to a person who was invited, but whose e-mail address belongs to an administrator of another
 * customer. The e-mail contains no text of the inviting customer, which does not learn that the address has an owner.
 */
export const invitationRefused = (values: InLanguage<InvitationRefused>): Content => writeIn(letters, values);

const letters = {
  en: ({ consoleUrl }) => ({
    subject: sentence`You were invited, but your e-mail address is in use`,
    paragraphs: [
      sentence`An organisation invited you, at this e-mail address, to be an administrator in the FIDO2 Server Service.`,
      sentence`You cannot join that organisation with this address, because the address belongs to your account at another organisation. One address can belong to only one organisation.`,
      sentence`If you want to join, ask the person who invited you to send the invitation to another of your addresses. To join with this address, first change the address of your present account in the console, or ask a privileged administrator to remove your account. Then ask for the invitation again.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [sentence`If you did not expect this e-mail, ignore it. Your account does not change.`],
  }),
  ja: ({ consoleUrl }) => ({
    subject: sentence`招待されましたが、このメールアドレスは使用されています`,
    paragraphs: [
      sentence`ある組織が、FIDO2 Server Service の管理者として、このメールアドレスにあなたを招待しました。`,
      sentence`このアドレスは別の組織のアカウントで使用されているため、招待した組織には参加できません。1つのアドレスで参加できる組織は1つだけです。`,
      sentence`参加するには、招待した方に、別のメールアドレスへ招待を送るようご依頼ください。このアドレスで参加する場合は、先にコンソールで現在のアカウントのアドレスを変更するか、特権管理者にアカウントの削除をご依頼のうえ、もう一度招待を受けてください。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [sentence`このメールに心当たりがない場合は、破棄してください。アカウントは変更されません。`],
  }),
} satisfies Letters<InvitationRefused>;
