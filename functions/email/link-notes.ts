import { sentence, type Sentence } from './sentence.ts';

/** An e-mailed link and the rules that it is told with. */
export interface MailedLink {
  readonly url: string;
  /** How long it works, such as "15 minutes". */
  readonly lasts: string;
  /** How many links an hour one address gets. */
  readonly anHour: number;
}

/** What stands below every link. */
export function linkNotes({ lasts, anHour }: MailedLink): readonly Sentence[] {
  return [
    sentence`The link works once, within ${lasts} of this e-mail. At most ${String(anHour)} links an hour are sent to one address.`,
    sentence`If you did not ask for this e-mail or do not expect it, ignore it: nothing happens unless the link is opened.`,
  ];
}
