import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

interface RepresentativeChanged {
  readonly customerName: string;
  /** Empty if the name of the old representative is unknown. */
  readonly oldName: string;
  readonly newName: string;
  readonly changedBy: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that says that the customer has a new representative. The old representative, the new
 * representative and the administrator who made the change get this e-mail.
 */
export const representativeChanged = (values: InLanguage<RepresentativeChanged>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, oldName, newName, changedBy, consoleUrl }) => ({
    subject: sentence`The representative of your customer account was changed`,
    paragraphs: [
      sentence`“${newName}” is now the representative of “${customerName}” in the FIDO2 Server Service.`,
      ...(oldName ? [sentence`The previous representative was “${oldName}”.`] : []),
      sentence`“${changedBy}” made this change.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [sentence`If this is wrong, any privileged administrator can change the representative in the console.`],
  }),
  ja: ({ customerName, oldName, newName, changedBy, consoleUrl }) => ({
    subject: sentence`カスタマーの担当者が変更されました`,
    paragraphs: [
      sentence`FIDO2 Server Service で、「${customerName}」の担当者が「${newName}」さんに変更されました。`,
      ...(oldName ? [sentence`これまでの担当者は「${oldName}」さんです。`] : []),
      sentence`変更を行ったのは「${changedBy}」さんです。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [sentence`この変更に誤りがある場合は、どの特権管理者でもコンソールで担当者を変更できます。`],
  }),
} satisfies Letters<RepresentativeChanged>;
