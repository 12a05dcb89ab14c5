import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** Writes the e-mail that tells an administrator that the recovery of their account was undone. */
export function recoveryUndone(undone: {
  readonly customerName: string;
  /** The name of the administrator. */
  readonly name: string;
  /** The name of the person who undid the recovery. */
  readonly undoneBy: string;
  /** Epoch milliseconds. */
  readonly undoneAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** Whether the administrator is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, name, undoneBy, undoneAt, timeZone, isRepresentatives, contact, consoleUrl } = undone;
  return write({
    subject: sentence`The recovery of your account was undone`,
    paragraphs: [
      sentence`“${undoneBy}” undid the recovery of “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${timeInWords(undoneAt, timeZone)}.`,
      sentence`The passkeys that were added with a recovery link were removed, and “${name}” was signed out everywhere. The older passkeys still work.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentatives
        ? sentence`If you added the passkey yourself, ask “${undoneBy}” why the recovery was undone. If you have lost your older passkeys, write to the operator of the service: ${new OwnText(contact)}.`
        : sentence`If you added the passkey yourself, ask “${undoneBy}” why the recovery was undone. If you did not add it, somebody may be reading your e-mails.`,
    ],
  });
}
