import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/** Writes the e-mail that contains a sign-in link for an active administrator. */
export function signIn({ customerName, link }: { customerName: string; link: MailedLink }): Content {
  return write({
    subject: sentence`Sign in to the FIDO2 Server Service`,
    paragraphs: [
      sentence`Open the link to sign in to the FIDO2 Server Service as an administrator of “${customerName}”.`,
    ],
    button: { label: sentence`Sign in`, url: link.url },
    notes: linkNotes(link),
  });
}
