import { countInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/**
 * Writes the e-mail that tells the representative that the service has discarded the customer's data. `discarded`
 * contains the number of discarded items of each kind.
 */
export function unsubscribed(ended: {
  readonly customerName: string;
  readonly discarded: Readonly<Record<string, number>>;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, discarded, contact, consoleUrl } = ended;
  const count = (kind: string) => countInWords(discarded[kind] ?? 0);
  return write({
    subject: sentence`Your customer account was closed`,
    paragraphs: [
      sentence`“${customerName}” no longer uses the FIDO2 Server Service. Everything that was registered is deleted and cannot be restored:`,
      sentence`RPs: ${count('rp')}, users: ${count('user')}, credentials of users: ${count('credential')}, active-user records: ${count('active-user')}, API keys: ${count('api-key')}, administrators: ${count('administrator')}, passkeys of administrators: ${count('passkey')}, and all licenses, statements and settings.`,
      sentence`We keep only records without personal data: the customer ID, the times of unsubscribing and deletion, these numbers, and the monthly active users and fees of months with a paid license. Deleted data stays in backups for at most 35 days and in logs for at most 30 days.`,
      sentence`You can sign up again with this e-mail address.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If you did not expect the account to be closed, write to the operator of the service: ${new OwnText(contact)}.`,
    ],
  });
}
