import { countInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** To the representative, when the customer's data was discarded. `discarded` counts items by kind. */
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
    subject: sentence`Your customer account was unsubscribed`,
    paragraphs: [
      sentence`“${customerName}” does not use the FIDO2 Server Service any more. Everything that was registered is discarded and cannot be brought back:`,
      sentence`RPs: ${count('rp')}, users: ${count('user')}, active-user records: ${count('active-user')}, API keys: ${count('api-key')}, administrators: ${count('administrator')}, their passkeys: ${count('passkey')}; with all licenses, statements and settings.`,
      sentence`What stays is a record without personal data: the ID of the customer, the times, and these numbers. Backups keep what was discarded for at most 35 days, logs for 30.`,
      sentence`Your e-mail address is free: you can sign up again.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [sentence`If you did not expect this, write to the operator of the service: ${new OwnText(contact)}.`],
  });
}
