import { sentence, type Sentence } from './sentence.ts';

/** An e-mailed link and its limits. The e-mail states the limits. */
export interface MailedLink {
  readonly url: string;
  /** How long the link works after the e-mail is sent, such as "15 minutes". */
  readonly lasts: string;
  /** The maximum number of links that the service sends to one address per hour. */
  readonly anHour: number;
}

/** Returns the sentences that every e-mail with a link ends with. */
export function linkNotes({ lasts, anHour }: MailedLink): readonly Sentence[] {
  return [
    sentence`The link works once, within ${lasts} of this e-mail. We send at most ${String(anHour)} links an hour to one address.`,
    sentence`If you did not expect this e-mail, ignore it. Nothing happens unless somebody opens the link.`,
  ];
}
