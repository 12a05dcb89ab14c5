import { countInWords, moneyInWords, monthInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** The largest number of RPs that the e-mail lists. */
const RPS_SHOWN = 10;

interface MauAlert {
  readonly customerName: string;
  /** A month in the service's time zone, such as `2026-11`. */
  readonly month: string;
  readonly timeZone: string;
  readonly mau: number;
  readonly threshold: number;
  /** The maximum MAU and the overage of a paid license. @default - none: the license is Free and has no maximum MAU */
  readonly paid?:
    | {
        readonly maxMau: number;
        readonly overageMau: number;
        readonly overageFee: { readonly amount: string; readonly currency: string };
      }
    | undefined;
  /** The RPs with active users in the month, the largest MAU first. The e-mail lists 10 of them. */
  readonly rps: readonly { readonly name: string; readonly mau: number }[];
  readonly consoleUrl: string;
}

/** Writes the e-mail that tells the representative that the MAU of a month exceeds the customer's threshold. */
export const mauAlert = (values: InLanguage<MauAlert>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, month, timeZone, mau, threshold, paid, rps, consoleUrl }) => ({
    subject: sentence`“${customerName}”: ${countInWords(mau)} MAU, above your threshold of ${countInWords(threshold)}`,
    paragraphs: [
      sentence`So far, “${customerName}” has ${countInWords(mau)} monthly active users (MAU) in ${monthInWords(month, 'en')} (time zone: ${new OwnText(timeZone)}). This exceeds the threshold of ${countInWords(threshold)}.`,
      paid
        ? sentence`The license has a maximum of ${countInWords(paid.maxMau)} MAU. The overage so far is ${countInWords(paid.overageMau)} MAU, which costs ${moneyInWords(paid.overageFee)}.`
        : sentence`The license has no maximum MAU, so there is no overage and no fee.`,
      ...(rps.length === 0
        ? []
        : [
            sentence`MAU by RP:`,
            [
              ...rps.slice(0, RPS_SHOWN).map(({ name, mau }) => sentence`“${name}”: ${countInWords(mau)}`),
              ...(rps.length > RPS_SHOWN
                ? [sentence`and ${countInWords(rps.length - RPS_SHOWN)} more, which the console shows`]
                : []),
            ],
          ]),
    ],
    button: { label: sentence`See the MAU in the console`, url: `${consoleUrl}/#mau` },
    notes: [],
    reason: {
      says: sentence`You are the representative, so you get this e-mail once for each month and threshold. Change the threshold or turn off the MAU alert here:`,
      url: `${consoleUrl}/#mau-alert`,
    },
  }),
  ja: ({ customerName, month, timeZone, mau, threshold, paid, rps, consoleUrl }) => ({
    subject: sentence`「${customerName}」のMAUが${countInWords(mau)}になり、しきい値${countInWords(threshold)}を超えました`,
    paragraphs: [
      sentence`「${customerName}」の${monthInWords(month, 'ja')}（タイムゾーン：${new OwnText(timeZone)}）の月間アクティブユーザー数（MAU）は、現在${countInWords(mau)}です。しきい値の${countInWords(threshold)}を超えました。`,
      paid
        ? sentence`ご契約のライセンスのMAUの上限は${countInWords(paid.maxMau)}です。現在の超過分は${countInWords(paid.overageMau)}で、超過料金は${moneyInWords(paid.overageFee)}です。`
        : sentence`ご契約のライセンスにはMAUの上限がないため、超過料金は発生しません。`,
      ...(rps.length === 0
        ? []
        : [
            sentence`RPごとのMAUは次のとおりです。`,
            [
              ...rps.slice(0, RPS_SHOWN).map(({ name, mau }) => sentence`「${name}」：${countInWords(mau)}`),
              ...(rps.length > RPS_SHOWN
                ? [sentence`ほか${countInWords(rps.length - RPS_SHOWN)}件（コンソールで確認できます）`]
                : []),
            ],
          ]),
    ],
    button: { label: sentence`コンソールでMAUを確認`, url: `${consoleUrl}/#mau` },
    notes: [],
    reason: {
      says: sentence`このメールは、担当者の方に、月としきい値ごとに1回お送りしています。しきい値の変更やMAUアラートの停止は、次のページで行えます：`,
      url: `${consoleUrl}/#mau-alert`,
    },
  }),
} satisfies Letters<MauAlert>;
