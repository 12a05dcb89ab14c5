import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

/** To the old representative, the new one and whoever changed it. `oldName` is empty when that one is not known. */
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
      sentence`“${newName}” now represents “${customerName}” at the FIDO2 Server Service.`,
      ...(oldName ? [sentence`Before, it was “${oldName}”.`] : []),
      sentence`It was changed by “${changedBy}”.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If this is not right: every privileged administrator can change the representative in the console.`,
    ],
  });
}
