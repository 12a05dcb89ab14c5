import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

interface Activation {
  readonly customerName: string;
  readonly link: MailedLink;
  /** Whether another administrator invited the recipient. If false, the recipient has signed up the customer. */
  readonly isInvited: boolean;
  /** When the invitation or the sign-up expires, in epoch milliseconds. @default - neither expires */
  readonly lapsesAt: number | undefined;
  /** The time zone in which the e-mail shows times. */
  readonly timeZone: string;
}

/** Writes the e-mail that contains an activation link for a person who was invited or who signed up a customer. */
export function activation(activated: Activation): Content {
  const { link, isInvited } = activated;
  const { paragraphs, notes } = isInvited ? invitation(activated) : signingUp(activated);
  return write({
    subject: isInvited
      ? sentence`Activate your FIDO2 Server Service account`
      : sentence`Activate your customer account for the FIDO2 Server Service`,
    paragraphs,
    button: { label: sentence`Activate and sign in`, url: link.url },
    notes: [...linkNotes(link), ...notes],
  });
}

/**
 * Writes the texts for a person who was invited. An e-mail address can belong to an administrator of only one customer,
 * so the invitation also tells the recipient how to use the address for the recipient's own organisation.
 */
function invitation({ customerName, lapsesAt, timeZone }: Activation) {
  return {
    paragraphs: [
      sentence`You were invited to the FIDO2 Server Service as an administrator of “${customerName}”.`,
      sentence`Open the link to activate your account and sign in.`,
    ],
    notes:
      lapsesAt === undefined
        ? [sentence`To use this address for your own organisation, ask the person who invited you to remove you.`]
        : [
            sentence`The invitation expires on ${timeInWords(lapsesAt, timeZone)}. If you need another link before then, sign in with this address. To use this address for your own organisation, wait until the invitation expires, or ask the person who invited you to remove you.`,
          ],
  };
}

function signingUp({ customerName, lapsesAt, timeZone }: Activation) {
  return {
    paragraphs: [
      sentence`“${customerName}” was signed up for the FIDO2 Server Service, with this e-mail address as the address of its representative.`,
      sentence`Open the link to activate the customer account and sign in.`,
    ],
    notes:
      lapsesAt === undefined
        ? []
        : [
            sentence`If nobody activates the account by ${timeInWords(lapsesAt, timeZone)}, we delete it. If you need another link before then, sign in with this address.`,
          ],
  };
}
