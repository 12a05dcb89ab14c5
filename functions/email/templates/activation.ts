import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/** To somebody who was named an administrator: the link that activates. */
export function activation({ customerName, link }: { customerName: string; link: MailedLink }): Content {
  return write({
    subject: sentence`Activate your account at the FIDO2 Server Service`,
    paragraphs: [
      sentence`You were named an administrator of “${customerName}” at the FIDO2 Server Service.`,
      sentence`Open the link to activate your account and sign in.`,
    ],
    button: { label: sentence`Activate and sign in`, url: link.url },
    notes: linkNotes(link),
  });
}
