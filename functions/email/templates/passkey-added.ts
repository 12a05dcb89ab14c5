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
  /** Whether the recipient of the e-mail owns the passkey. If false, the recipient can undo the recovery. */
  readonly isOwn: boolean;
  /** Whether the owner of the passkey is the representative, whom nobody can remove. */
  readonly isRepresentatives: boolean;
  /** Whether the owner of the passkey is privileged, and can undo the recovery with an older passkey. @default false */
  readonly isPrivileged?: boolean | undefined;
  /**
   * The end of the recovery hold, in epoch milliseconds. A hold begins when a passkey is added in a session that began
   * with a recovery link. Such an e-mailed link allows its recipient only to add a passkey.
   * @default - no hold began; the owner added the passkey in a full session, and only the owner gets this e-mail
   */
  readonly holdUntil?: number | undefined;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that tells the owner of a new passkey that the passkey was added. If a recovery link was used, the
 * people who can undo the recovery get the e-mail too.
 */
export function passkeyAdded(added: PasskeyAdded): Content {
  const { customerName, name, passkeyName, addedAt, timeZone, holdUntil, consoleUrl } = added;
  const when = timeInWords(addedAt, timeZone);
  const canSignIn = sentence`“${name}” can now sign in with this passkey, in addition to any older passkeys.`;
  if (holdUntil === undefined) {
    return write({
      subject: sentence`A passkey was added`,
      paragraphs: [
        sentence`The passkey “${passkeyName}” was added for “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${when}.`,
        canSignIn,
      ],
      button: { label: sentence`Open the console`, url: consoleUrl },
      notes: [ifNotExpected(added)],
    });
  }
  const until = timeInWords(holdUntil, timeZone);
  return write({
    subject: sentence`A passkey was added with a recovery link`,
    paragraphs: [
      sentence`The passkey “${passkeyName}” was added for “${name}”, an administrator of “${customerName}” in the FIDO2 Server Service, on ${when}. It was added with a recovery link, which we had e-mailed to “${name}”.`,
      canSignIn,
      sentence`Until ${until}, “${name}” cannot unsubscribe, change the representative or their own e-mail address, invite administrators, change privileges, add or remove passkeys, create API keys, or remove RPs or privileged administrators. “${name}” can sign out everywhere only in a session that began before the recovery or with an older passkey. During this time, a privileged administrator can undo the recovery.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [ifRecoveryNotExpected(added, until)],
  });
}

/**
 * Returns the text that tells the recipient how to stop an attacker who added a passkey without a recovery link, with
 * steps that the recipient is allowed to take. Administrators can remove only their own passkeys, and no administrator
 * can remove themselves.
 */
function ifNotExpected({ isRepresentatives, contact }: PasskeyAdded): Sentence {
  return isRepresentatives
    ? sentence`If you did not add it, somebody else has access to your account. Remove the passkey in the console, and write to the operator of the service at once: ${new OwnText(contact)}. The operator can change your e-mail address, which ends all of your sessions and removes your passkeys.`
    : sentence`If you did not add it, somebody else has access to your account. Remove the passkey in the console, and tell the representative of your organisation at once. A privileged administrator can remove you as an administrator, which ends all of your sessions and removes your passkeys.`;
}

/** Returns the text that tells the recipient how to stop an attacker who used a recovery link. */
function ifRecoveryNotExpected(
  { name, isOwn, isPrivileged, isRepresentatives, contact }: PasskeyAdded,
  until: OwnText,
): Sentence {
  const undoes = new OwnText('This removes the new passkey and ends all sessions');
  if (!isOwn)
    return sentence`If you did not expect this, somebody may be reading the e-mails of “${name}”. Open the Administrators screen in the console, and choose “Undo recovery” before ${until}. ${undoes} of “${name}”.`;
  if (!isPrivileged)
    return sentence`If you did not add it, somebody may be reading your e-mails. Tell the representative of your organisation at once: a privileged administrator can undo the recovery before ${until}. ${undoes} of your account.`;
  const otherwise = isRepresentatives
    ? sentence`If you have no older passkey, ask another privileged administrator, or write to the operator of the service: ${new OwnText(contact)}.`
    : sentence`If you have no older passkey, ask another privileged administrator.`;
  return sentence`If you did not add it, somebody may be reading your e-mails. Sign in with an older passkey, open the Administrators screen in the console, and choose “Undo recovery” before ${until}. ${undoes} of your account. ${new OwnText(otherwise)}`;
}
