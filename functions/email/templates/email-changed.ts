import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { KnownAddress, OwnText, sentence } from '../sentence.ts';

/**
 * Writes the e-mail that the service sends to an administrator's previous address after the administrator's e-mail
 * address was changed.
 */
export function emailChanged(changed: {
  readonly name: string;
  readonly newEmail: string;
  /** Whether the administrator is the representative, whom nobody can remove. */
  readonly isRepresentative: boolean;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}): Content {
  const { name, newEmail, isRepresentative, contact, consoleUrl } = changed;
  return write({
    subject: sentence`Your e-mail address for the FIDO2 Server Service was changed`,
    paragraphs: [
      sentence`“${name}” now signs in to the FIDO2 Server Service with the e-mail address ${new KnownAddress(newEmail)}.`,
      sentence`The address that received this e-mail is no longer used.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isRepresentative
        ? sentence`If you did not change your address, write to the operator of the service at once: ${new OwnText(contact)}. The operator can restore your address, which ends all of your sessions.`
        : sentence`If you did not change your address, tell the representative of your organisation at once. A privileged administrator can remove you as an administrator, which ends all of your sessions.`,
    ],
  });
}
