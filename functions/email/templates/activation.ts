import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

interface Activation {
  readonly customerName: string;
  readonly link: MailedLink;
  /** By another administrator; else they signed the customer up themselves. */
  readonly isInvited: boolean;
  /** When the invitation, or what was signed up, lapses: epoch milliseconds. @default - never, as invitations did not at first */
  readonly lapsesAt: number | undefined;
  /** In which times are told. */
  readonly timeZone: string;
}

/** To somebody who was invited, or who signed up a customer: the link that activates. */
export function activation(activated: Activation): Content {
  const { link, isInvited } = activated;
  const { paragraphs, notes } = isInvited ? invitation(activated) : signingUp(activated);
  return write({
    subject: isInvited
      ? sentence`Activate your account at the FIDO2 Server Service`
      : sentence`Activate your customer account at the FIDO2 Server Service`,
    paragraphs,
    button: { label: sentence`Activate and sign in`, url: link.url },
    notes: [...linkNotes(link), ...notes],
  });
}

/** An address belongs to one customer: who wanted one of their own should know why this came, and what to do. */
function invitation({ customerName, lapsesAt, timeZone }: Activation) {
  return {
    paragraphs: [
      sentence`You were named an administrator of “${customerName}” at the FIDO2 Server Service.`,
      sentence`Open the link to activate your account and sign in.`,
    ],
    notes:
      lapsesAt === undefined
        ? [sentence`To sign up a customer of your own with this address, ask whoever invited you to remove you.`]
        : [
            sentence`The invitation lapses on ${timeInWords(lapsesAt, timeZone)}; until then you get another link by signing in with this address. To sign up a customer of your own with it, wait until then, or ask whoever invited you to remove you.`,
          ],
  };
}

function signingUp({ customerName, lapsesAt, timeZone }: Activation) {
  return {
    paragraphs: [
      sentence`“${customerName}” was signed up at the FIDO2 Server Service, with this e-mail address for its representative.`,
      sentence`Open the link to activate the customer account and sign in.`,
    ],
    notes:
      lapsesAt === undefined
        ? []
        : [
            sentence`If it is not activated by ${timeInWords(lapsesAt, timeZone)}, what was signed up is discarded; until then you get another link by signing in with this address.`,
          ],
  };
}
