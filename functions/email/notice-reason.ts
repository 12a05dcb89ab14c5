import type { Language } from '../domain/mail/languages.ts';
import type { Letter } from './letter.ts';
import { sentence } from './sentence.ts';

/** Why a person gets a notice that each person may choose, and where the person chooses. */
export interface NoticeReader {
  readonly customerName: string;
  /** Whether the reader is the representative. If not, the reader has chosen to get the e-mails of this kind. */
  readonly isRepresentative: boolean;
  readonly consoleUrl: string;
}

const says = {
  en: ({ customerName, isRepresentative }) =>
    isRepresentative
      ? sentence`You get this e-mail because you are the representative of “${customerName}”. Choose your e-mails and their language here:`
      : sentence`You get this e-mail because you are an administrator of “${customerName}” and chose to get e-mails of this kind. Choose your e-mails and their language here:`,
  ja: ({ customerName, isRepresentative }) =>
    isRepresentative
      ? sentence`このメールは、「${customerName}」の担当者の方にお送りしています。受け取るメールと言語は、次のページで選択できます：`
      : sentence`このメールは、「${customerName}」の管理者のうち、この種類のメールの受け取りを選択した方にお送りしています。受け取るメールと言語は、次のページで選択できます：`,
} satisfies Record<Language, (reader: NoticeReader) => Letter['subject']>;

/** Returns the last sentence of a notice that the reader may switch off, with the URL of the page for it. */
export const noticeReason = (reader: NoticeReader, language: Language): NonNullable<Letter['reason']> => ({
  says: says[language](reader),
  url: `${reader.consoleUrl}/mails`,
});
