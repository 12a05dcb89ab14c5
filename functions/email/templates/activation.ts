import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/** An address belongs to one customer: who wanted another one should know why this came, and what to do. */
const INVITED = sentence`The invitation lapses after 7 days. Did you sign up with a customer of your own instead? This address is free for that once the invitation has lapsed, or been withdrawn by whoever sent it.`;

interface Activation {
  readonly customerName: string;
  readonly link: MailedLink;
  /** By another administrator; whoever signs up themselves was not. */
  readonly isInvited: boolean;
}

/** To somebody who was named an administrator: the link that activates. */
export function activation({ customerName, link, isInvited }: Activation): Content {
  return write({
    subject: sentence`Activate your account at the FIDO2 Server Service`,
    paragraphs: [
      sentence`You were named an administrator of “${customerName}” at the FIDO2 Server Service.`,
      sentence`Open the link to activate your account and sign in.`,
    ],
    button: { label: sentence`Activate and sign in`, url: link.url },
    notes: [...linkNotes(link), ...(isInvited ? [INVITED] : [])],
  });
}
