import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/**
 * Writes the e-mail that says that the customer has a new representative. The old representative, the new
 * representative and the administrator who made the change get this e-mail. `oldName` is empty if the name of the old
 * representative is unknown.
 */
export function representativeChanged(changed: {
  readonly customerName: string;
  readonly oldName: string;
  readonly newName: string;
  readonly changedBy: string;
  readonly consoleUrl: string;
}): Content {
  const { customerName, oldName, newName, changedBy, consoleUrl } = changed;
  return write({
    subject: sentence`The representative of your customer account was changed`,
    paragraphs: [
      sentence`“${newName}” is now the representative of “${customerName}” in the FIDO2 Server Service.`,
      ...(oldName ? [sentence`The previous representative was “${oldName}”.`] : []),
      sentence`“${changedBy}” made this change.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [sentence`If this is wrong, any privileged administrator can change the representative in the console.`],
  });
}
