import { timeInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence, type Sentence } from '../sentence.ts';

interface PasskeyAdded {
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** Epoch milliseconds. */
  readonly addedAt: number;
  /** In which the time is told. */
  readonly timeZone: string;
  /** Whether this goes to whoever has the passkey; else to the representative. */
  readonly isOwn: boolean;
  /** Whether whoever has the passkey represents the customer, from which nobody can remove them. */
  readonly isRepresentatives: boolean;
  readonly consoleUrl: string;
}

/** To whoever has a new passkey that was added by a recovery link, and to the representative. */
export function passkeyAdded(added: PasskeyAdded): Content {
  const { customerName, name, passkeyName, addedAt, timeZone, consoleUrl } = added;
  return write({
    subject: sentence`A passkey was added by a recovery link`,
    paragraphs: [
      sentence`An e-mailed link was opened for “${name}”, an administrator of “${customerName}” at the FIDO2 Server Service, and the passkey “${passkeyName}” was added with it on ${timeInWords(addedAt, timeZone)}.`,
      sentence`“${name}” signs in with that passkey from now on, and still with those that were there before.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [whatToDo(added)],
  });
}

/** What helps, said to somebody who can do it: everybody removes passkeys of their own alone, and nobody themselves. */
function whatToDo({ name, isOwn, isRepresentatives }: PasskeyAdded): Sentence {
  if (!isOwn) {
    return sentence`If this is not expected, somebody may read the e-mails of “${name}”: remove the administrator in the console. That ends all of their sessions and removes their passkeys.`;
  }
  return isRepresentatives
    ? sentence`If it was not you, somebody may read your e-mails: remove the passkey in the console, and write to the operator of the service at once, who can give you another address. That ends all of your sessions and removes your passkeys.`
    : sentence`If it was not you, somebody may read your e-mails: remove the passkey in the console, and tell the representative of your organisation at once. Removing you as an administrator ends all of your sessions and removes your passkeys.`;
}
