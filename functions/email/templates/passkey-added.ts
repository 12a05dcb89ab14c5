import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** To whoever has a new passkey that was added by a recovery link, and to the representative. */
export function passkeyAdded(added: {
  readonly customerName: string;
  readonly name: string;
  readonly passkeyName: string;
  /** ISO 8601. */
  readonly addedAt: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, name, passkeyName, addedAt, consoleUrl } = added;
  return write({
    subject: sentence`A passkey was added by a recovery link`,
    paragraphs: [
      sentence`An e-mailed link was opened for “${name}”, an administrator of “${customerName}” at the FIDO2 Server Service, and the passkey “${passkeyName}” was added with it at ${new OwnText(addedAt)}.`,
      sentence`“${name}” signs in with that passkey from now on, and still with those that were there before.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If this is not expected, somebody may read the e-mails of “${name}”: remove the passkey in the console, or tell a privileged administrator of your organisation at once. Removing the administrator ends all of their sessions and removes their passkeys.`,
    ],
  });
}
