import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence, type Sentence } from '../sentence.ts';

interface PasskeyAdded {
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** In which the time is told. */
  readonly timeZone: string;
  /** Whether whoever added it came by a recovery link; else they were signed in, and this goes to them alone. */
  readonly byLink: boolean;
  /** Whether this goes to whoever has the passkey; else to the representative. */
  readonly isOwn: boolean;
  /** Whether whoever has the passkey represents the customer, from which nobody can remove them. */
  readonly isRepresentatives: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/** To whoever has a new passkey; to the representative as well when it was added by a recovery link. */
export function passkeyAdded(added: PasskeyAdded): Content {
  const { customerName, name, passkeyName, addedAt, timeZone, byLink, consoleUrl } = added;
  const when = timeInWords(addedAt, timeZone);
  return write({
    subject: byLink ? sentence`A passkey was added by a recovery link` : sentence`A passkey was added`,
    paragraphs: [
      byLink
        ? sentence`An e-mailed link was opened for “${name}”, an administrator of “${customerName}” at the FIDO2 Server Service, and the passkey “${passkeyName}” was added with it on ${when}.`
        : sentence`The passkey “${passkeyName}” was added for “${name}”, an administrator of “${customerName}” at the FIDO2 Server Service, on ${when}.`,
      sentence`“${name}” signs in with that passkey from now on, beside any that were there before.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [whatToDo(added)],
  });
}

/** What helps, said to somebody who can do it: everybody removes passkeys of their own alone, and nobody themselves. */
function whatToDo({ name, byLink, isOwn, isRepresentatives, contact }: PasskeyAdded): Sentence {
  if (!isOwn) {
    return sentence`If this is not expected, somebody may read the e-mails of “${name}”: remove the administrator in the console. That ends all of their sessions and removes their passkeys.`;
  }
  const how = new OwnText(byLink ? 'somebody may read your e-mails' : 'somebody has used your console');
  return isRepresentatives
    ? sentence`If it was not you, ${how}: remove the passkey in the console, and write to the operator of the service at once, ${new OwnText(contact)}, who can give you another address. That ends all of your sessions and removes your passkeys.`
    : sentence`If it was not you, ${how}: remove the passkey in the console, and tell the representative of your organisation at once. Removing you as an administrator ends all of your sessions and removes your passkeys.`;
}
