import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** Writes the e-mail that tells an administrator that one of their passkeys was removed. */
export function passkeyRemoved(removed: {
  readonly customerName: string;
  /** The name of the administrator. */
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly removedAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** Whether the administrator is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, name, passkeyName, removedAt, timeZone, isRepresentatives, contact, consoleUrl } = removed;
  return write({
    subject: sentence`A passkey was removed`,
    paragraphs: [
      sentence`The passkey “${passkeyName}” of “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, was removed on ${timeInWords(removedAt, timeZone)}.`,
      sentence`Nobody can sign in with this passkey any more. The sessions that were opened with it have ended.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentatives
        ? sentence`If you did not remove it, somebody else has access to your account. Sign in, choose “Sessions” in the account menu, sign out everywhere, and write to the operator of the service at once: ${new OwnText(contact)}.`
        : sentence`If you did not remove it, somebody else has access to your account. Sign in, choose “Sessions” in the account menu, sign out everywhere, and tell the representative of your organisation at once.`,
    ],
  });
}
