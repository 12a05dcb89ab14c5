import type { Language } from '../domain/mail/languages.ts';
import { OwnText, sentence, type Sentence } from './sentence.ts';

/** An e-mailed link and its limits. The e-mail states the limits. */
export interface MailedLink {
  readonly url: string;
  /** How long the link works after the e-mail is sent, such as "15 minutes", in the language of the e-mail. */
  readonly lasts: string;
  /** A sentence, in the language of the e-mail, that says how many links can be requested for one address. */
  readonly limit: string;
}

const notes = {
  en: ({ lasts, limit }) => [
    sentence`The link works once, within ${lasts} of this e-mail. ${new OwnText(limit)}`,
    sentence`If you did not expect this e-mail, ignore it. Nothing happens unless somebody opens the link.`,
  ],
  ja: ({ lasts, limit }) => [
    sentence`リンクは、このメールの送信から${lasts}以内に1回だけ使用できます。${new OwnText(limit)}`,
    sentence`このメールに心当たりがない場合は、破棄してください。リンクを開かないかぎり、何も変更されません。`,
  ],
} satisfies Record<Language, (link: MailedLink) => readonly Sentence[]>;

/** Returns the sentences that every e-mail with a link ends with. */
export const linkNotes = (link: MailedLink, language: Language): readonly Sentence[] => notes[language](link);
