import { countInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/**
 * Writes the e-mail that combines notices to one recipient, because the customer caused more than `anHour` notices in
 * an hour. `changes` has an entry for each kind of change: the kind in words, such as "A passkey was added", and how
 * many notices reported a change of this kind. `total` is the number of all these notices.
 */
export function combinedNotices(combined: {
  readonly customerName: string;
  readonly anHour: number;
  readonly total: number;
  readonly changes: readonly { readonly what: string; readonly times: number }[];
  readonly consoleUrl: string;
}): Content {
  const { customerName, anHour, total, changes, consoleUrl } = combined;
  return write({
    subject: sentence`Several changes to your customer account`,
    paragraphs: [
      sentence`In the past hour, “${customerName}” caused more than ${countInWords(anHour)} notices in the FIDO2 Server Service. After these, we sent no notice on its own. This e-mail combines the further notices to you (${countInWords(total)}):`,
      ...changes.map(({ what, times }) => sentence`${new OwnText(what)}: ${countInWords(times)} ×`),
      sentence`Check the administrators, the representative and your passkeys in the console.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If you did not expect these changes, somebody may have access to an administrator's account. A privileged administrator can remove that administrator, which ends all of their sessions.`,
    ],
  });
}
