import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/**
 * Writes the e-mail with the confirmation link. The service sends the e-mail to the new address of an administrator who
 * wants to change their e-mail address. Nobody has proven yet that the new address belongs to the administrator, so the
 * e-mail contains no text that the administrator or their customer has chosen.
 */
export function emailConfirmation({ link }: { link: MailedLink }): Content {
  return write({
    subject: sentence`Confirm your e-mail address for the FIDO2 Server Service`,
    paragraphs: [
      sentence`An administrator wants to sign in to the FIDO2 Server Service with this e-mail address.`,
      sentence`If that is you, open the link to confirm the address. Until you confirm this address, the old address stays in use.`,
    ],
    button: { label: sentence`Confirm this address`, url: link.url },
    notes: linkNotes(link),
  });
}
