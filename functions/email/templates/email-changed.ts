import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { KnownAddress, OwnText, sentence } from '../sentence.ts';

/** To the address that an administrator signed in with until now. */
export function emailChanged(changed: {
  readonly name: string;
  readonly newEmail: string;
  /** Whether they represent the customer, from which nobody can remove them. */
  readonly isRepresentative: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { name, newEmail, isRepresentative, contact, consoleUrl } = changed;
  return write({
    subject: sentence`Your e-mail address at the FIDO2 Server Service was changed`,
    paragraphs: [
      sentence`“${name}” now signs in to the FIDO2 Server Service with the e-mail address ${new KnownAddress(newEmail)}.`,
      sentence`The address that this e-mail went to is not used any more.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentative
        ? sentence`If you did not want this, write to the operator of the service at once, ${new OwnText(contact)}, who can put the address right: that ends all of your sessions.`
        : sentence`If you did not want this, tell the representative of your organisation at once: removing you as an administrator ends all of your sessions.`,
    ],
  });
}
