import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

interface EmailConfirmation {
  readonly link: MailedLink;
}

/**
 * Writes the e-mail with the confirmation link. The service sends the e-mail to the new address of an administrator who
 * wants to change their e-mail address. Nobody has proven yet that the new address belongs to the administrator, so the
 * e-mail contains no text that the administrator or their customer has chosen.
 */
export const emailConfirmation = (values: InLanguage<EmailConfirmation>): Content => writeIn(letters, values);

const letters = {
  en: ({ link }) => ({
    subject: sentence`Confirm your e-mail address for the FIDO2 Server Service`,
    paragraphs: [
      sentence`An administrator wants to sign in to the FIDO2 Server Service with this e-mail address.`,
      sentence`If that is you, open the link to confirm the address. Until you confirm this address, the old address stays in use.`,
    ],
    button: { label: sentence`Confirm this address`, url: link.url },
    notes: linkNotes(link, 'en'),
  }),
  ja: ({ link }) => ({
    subject: sentence`FIDO2 Server Service のメールアドレスの確認`,
    paragraphs: [
      sentence`FIDO2 Server Service の管理者が、サインインに使うメールアドレスをこのアドレスに変更しようとしています。`,
      sentence`ご本人の場合は、次のリンクを開いてアドレスを確認してください。確認するまでは、これまでのアドレスが引き続き使用されます。`,
    ],
    button: { label: sentence`このアドレスを確認`, url: link.url },
    notes: linkNotes(link, 'ja'),
  }),
} satisfies Letters<EmailConfirmation>;
