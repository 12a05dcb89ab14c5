import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/**
 * Writes the e-mail to a person who was invited, but whose e-mail address belongs to an administrator of another
 * customer. The e-mail contains no text of the inviting customer, which does not learn that the address has an owner.
 */
export function invitationRefused({ consoleUrl }: { readonly consoleUrl: string }): Content {
  return write({
    subject: sentence`You were invited, but your e-mail address is in use`,
    paragraphs: [
      sentence`An organisation invited you, at this e-mail address, to be an administrator in the FIDO2 Server Service.`,
      sentence`You cannot join that organisation with this address, because the address belongs to your account at another organisation. One address can belong to only one organisation.`,
      sentence`If you want to join, ask the person who invited you to send the invitation to another of your addresses. To join with this address, first change the address of your present account in the console, or ask a privileged administrator to remove your account. Then ask for the invitation again.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [sentence`If you did not expect this e-mail, ignore it. Your account does not change.`],
  });
}
