import { OwnText, sentence, type Sentence } from './sentence.ts';

/** An e-mailed link and its limits. The e-mail states the limits. */
export interface MailedLink {
  readonly url: string;
  /** How long the link works after the e-mail is sent, such as "15 minutes". */
  readonly lasts: string;
  /** A sentence that says how many links can be requested for one address. */
  readonly limit: string;
}

/** Returns the sentences that every e-mail with a link ends with. */
export function linkNotes({ lasts, limit }: MailedLink): readonly Sentence[] {
  return [
    sentence`The link works once, within ${lasts} of this e-mail. ${new OwnText(limit)}`,
    sentence`If you did not expect this e-mail, ignore it. Nothing happens unless somebody opens the link.`,
  ];
}
