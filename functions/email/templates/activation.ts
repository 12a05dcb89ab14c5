import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface Activation {
  readonly link: MailedLink;
  /** Whether another administrator invited the recipient. If false, the recipient has signed up the customer. */
  readonly isInvited: boolean;
  /** When the invitation or the sign-up expires, in epoch milliseconds. @default - neither expires */
  readonly lapsesAt: number | undefined;
  /** The time zone in which the e-mail shows times. */
  readonly timeZone: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that contains an activation link for a person who was invited or who signed up a customer. Nobody
 * has proven yet that the address belongs to this person. So the e-mail contains no text that an inviting administrator
 * or a person who signs up has chosen: otherwise, anybody could send their text to any stranger.
 */
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
 * so the invitation also tells the recipient what opening the link means.
 */
function invitation({ lapsesAt, timeZone }: Activation) {
  return {
    paragraphs: [
      sentence`An organisation invited you to become one of its administrators in the FIDO2 Server Service.`,
      sentence`Open the link to activate your account and sign in. The console then shows which organisation invited you.`,
    ],
    notes: [
      sentence`For your protection, this e-mail names neither the organisation nor the person who invited you. If you do not expect an invitation, ask your colleagues before you open the link.`,
      sentence`One address can belong to only one organisation. To use this address for your own organisation, do not open the link, but sign up in the console.`,
      ...(lapsesAt === undefined
        ? []
        : [
            sentence`The invitation expires on ${timeInWords(lapsesAt, timeZone)}. If you need a new link before then, ask the person who invited you to send the invitation again.`,
          ]),
    ],
  };
}

function signingUp({ lapsesAt, timeZone, consoleUrl }: Activation) {
  return {
    paragraphs: [
      sentence`Somebody signed up for the FIDO2 Server Service with this e-mail address.`,
      sentence`If it was you, open the link to activate the customer account and sign in. You become the representative of the customer.`,
    ],
    notes: [
      sentence`If somebody signs up with this address again, only the newest activation link works.`,
      ...(lapsesAt === undefined
        ? []
        : [
            sentence`If nobody activates the account by ${timeInWords(lapsesAt, timeZone)}, we delete it. If you need a new link before then, enter this address at ${new OwnText(`${consoleUrl}/sign-in`)}.`,
          ]),
    ],
  };
}
