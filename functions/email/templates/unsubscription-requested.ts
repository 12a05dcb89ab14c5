import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/**
 * Writes the e-mail that tells a privileged administrator that the representative unsubscribed. The e-mail says when
 * the grace period ends, and how to keep using the service.
 */
export function unsubscriptionRequested(requested: {
  readonly customerName: string;
  /** The name of the representative who unsubscribed. */
  readonly requestedBy: string;
  /** The end of the grace period, in epoch milliseconds. */
  readonly effectiveAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, requestedBy, effectiveAt, timeZone, contact, consoleUrl } = requested;
  const end = timeInWords(effectiveAt, timeZone);
  return write({
    subject: sentence`Your customer account will be closed`,
    paragraphs: [
      sentence`“${requestedBy}” unsubscribed “${customerName}” from the FIDO2 Server Service.`,
      sentence`Until ${end}, everything works as before. Then “${customerName}” can no longer use the service, and everything that is registered is deleted and cannot be restored.`,
      sentence`To keep using the service, choose “Keep using the service” in the console before that time. Each privileged administrator can do this.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If you did not expect this, choose “Keep using the service” and write to the operator of the service: ${new OwnText(contact)}.`,
    ],
  });
}
