import { countInWords, moneyInWords, monthInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { noticeReason, type NoticeReader } from '../notice-reason.ts';
import { OwnText, sentence } from '../sentence.ts';

interface StatementReady extends NoticeReader {
  /** The closed month, such as `2026-11`. */
  readonly month: string;
  readonly timeZone: string;
  readonly mau: number;
  /** The maximum MAU and the overage of a paid license. Null: the license was Free and had no maximum MAU. */
  readonly paid: {
    readonly maxMau: number;
    readonly overageMau: number;
    readonly overageFee: { readonly amount: string; readonly currency: string };
  } | null;
}

/** Writes the e-mail that says that the statement of a month is ready. */
export const statementReady = (values: InLanguage<StatementReady>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, month, timeZone, mau, paid, consoleUrl, isRepresentative }) => ({
    subject: sentence`“${customerName}”: statement of ${monthInWords(month, 'en')}, ${countInWords(mau)} MAU`,
    paragraphs: [
      sentence`The statement of “${customerName}” in the FIDO2 Server Service for ${monthInWords(month, 'en')} (time zone: ${new OwnText(timeZone)}) is ready. Its numbers are final.`,
      [
        sentence`Monthly active users (MAU): ${countInWords(mau)}`,
        ...(paid
          ? [
              sentence`Maximum MAU: ${countInWords(paid.maxMau)}`,
              sentence`Overage: ${countInWords(paid.overageMau)} MAU`,
              sentence`Fee for the overage: ${moneyInWords(paid.overageFee)}`,
            ]
          : [sentence`The Free license has no maximum MAU and no fee.`]),
      ],
    ],
    button: { label: sentence`See the statements in the console`, url: `${consoleUrl}/#statements` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'en'),
  }),
  ja: ({ customerName, month, timeZone, mau, paid, consoleUrl, isRepresentative }) => ({
    subject: sentence`「${customerName}」の${monthInWords(month, 'ja')}の明細（MAU：${countInWords(mau)}）`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の${monthInWords(month, 'ja')}（タイムゾーン：${new OwnText(timeZone)}）の明細が確定しました。`,
      [
        sentence`月間アクティブユーザー数（MAU）：${countInWords(mau)}`,
        ...(paid
          ? [
              sentence`MAUの上限：${countInWords(paid.maxMau)}`,
              sentence`超過分：${countInWords(paid.overageMau)}`,
              sentence`超過料金：${moneyInWords(paid.overageFee)}`,
            ]
          : [sentence`FreeライセンスにはMAUの上限がなく、料金はかかりません。`]),
      ],
    ],
    button: { label: sentence`コンソールで明細を確認`, url: `${consoleUrl}/#statements` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'ja'),
  }),
} satisfies Letters<StatementReady>;
