import { countInWords, monthInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** To the representative, when the MAU of a month exceed the threshold that the customer set. */
export function mauAlert(exceeded: {
  readonly customerName: string;
  /** Such as `2026-11`, in the service's time zone. */
  readonly month: string;
  readonly timeZone: string;
  readonly mau: number;
  readonly threshold: number;
  /** What the license says of it. @default - Free: it has no maximum */
  readonly paid?:
    | {
        readonly maxMau: number;
        readonly overageMau: number;
        readonly overageFee: { readonly amount: string; readonly currency: string };
      }
    | undefined;
  readonly consoleUrl: string;
}): Content {
  const { customerName, month, timeZone, mau, threshold, paid, consoleUrl } = exceeded;
  return write({
    subject: sentence`Your monthly active users exceed your threshold`,
    paragraphs: [
      sentence`“${customerName}” had ${countInWords(mau)} monthly active users (MAU) in ${monthInWords(month)} so far, which exceeds the threshold of ${countInWords(threshold)}. The month is that of the time zone ${new OwnText(timeZone)}.`,
      paid
        ? sentence`The license has a maximum of ${countInWords(paid.maxMau)} MAU. The overage so far is ${countInWords(paid.overageMau)} MAU, for a fee of ${new OwnText(paid.overageFee.amount)} ${paid.overageFee.currency}.`
        : sentence`The license has no maximum MAU: there is no overage and no fee.`,
      sentence`The console shows the MAU of each RP.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`You get this e-mail as the representative, once for each month and threshold. The threshold can be changed, and the MAU alert switched off, in the console.`,
    ],
  });
}
