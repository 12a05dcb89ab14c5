import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/**
 * Writes the e-mail that tells a privileged administrator that the customer keeps using the service. `cancelledBy` is
 * the name of the administrator who cancelled the unsubscription, or null if a paid license cancelled it.
 */
export function unsubscriptionCancelled(cancelled: {
  readonly customerName: string;
  readonly cancelledBy: string | null;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, cancelledBy, contact, consoleUrl } = cancelled;
  return write({
    subject: sentence`Your customer account stays open`,
    paragraphs: [
      cancelledBy === null
        ? sentence`“${customerName}” got a paid license in the FIDO2 Server Service. This cancelled the unsubscription.`
        : sentence`“${cancelledBy}” cancelled the unsubscription of “${customerName}” from the FIDO2 Server Service.`,
      sentence`The account will not be closed, and nothing was deleted.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      cancelledBy === null
        ? sentence`If this is wrong, write to the operator of the service: ${new OwnText(contact)}.`
        : sentence`If this is wrong, the representative can unsubscribe again in the console.`,
    ],
  });
}
