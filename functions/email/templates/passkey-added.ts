import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence, type Sentence } from '../sentence.ts';

interface PasskeyAdded {
  readonly customerName: string;
  /** The name of the administrator who owns the passkey. */
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /**
   * Whether the passkey was added in a session that began with a recovery link, an e-mailed link that allows its
   * recipient only to add a passkey. If false, the owner added the passkey in a full session, and only the owner gets
   * this e-mail.
   */
  readonly byLink: boolean;
  /** Whether the recipient of the e-mail owns the passkey. If false, the recipient is the representative. */
  readonly isOwn: boolean;
  /** Whether the owner of the passkey is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that tells the owner of a new passkey that the passkey was added. If a recovery link was used, the
 * representative gets a second e-mail, unless the representative is the owner.
 */
export function passkeyAdded(added: PasskeyAdded): Content {
  const { customerName, name, passkeyName, addedAt, timeZone, byLink, consoleUrl } = added;
  const when = timeInWords(addedAt, timeZone);
  return write({
    subject: byLink ? sentence`A passkey was added with a recovery link` : sentence`A passkey was added`,
    paragraphs: [
      byLink
        ? sentence`A recovery link that was e-mailed to “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, was used to add the passkey “${passkeyName}” on ${when}.`
        : sentence`The passkey “${passkeyName}” was added for “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${when}.`,
      sentence`“${name}” can now sign in with this passkey, in addition to any older passkeys.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [whatToDo(added)],
  });
}

/**
 * Returns the text that tells the recipient how to stop an attacker, with steps that the recipient is allowed to take.
 * Administrators can remove only their own passkeys, and no administrator can remove themselves.
 */
function whatToDo({ name, byLink, isOwn, isRepresentatives, contact }: PasskeyAdded): Sentence {
  if (!isOwn) {
    return sentence`If you did not expect this, somebody may be reading the e-mails of “${name}”. Remove this administrator in the console. Removing the administrator ends all of their sessions and removes their passkeys.`;
  }
  const how = new OwnText(byLink ? 'somebody may be reading your e-mails' : 'somebody used your console');
  return isRepresentatives
    ? sentence`If it was not you, ${how}. Remove the passkey in the console, and write to the operator of the service at once: ${new OwnText(contact)}. The operator can change your e-mail address, which ends all of your sessions and removes your passkeys.`
    : sentence`If it was not you, ${how}. Remove the passkey in the console, and tell the representative of your organisation at once. Removing you as an administrator ends all of your sessions and removes your passkeys.`;
}
