import { countInWords, monthInWords } from '../in-words.ts';
import { write } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

/** Writes the e-mail that tells the representative that the MAU of a month exceeds the customer's threshold. */
export function mauAlert(exceeded: {
  readonly customerName: string;
  /** A month in the service's time zone, such as `2026-11`. */
  readonly month: string;
  readonly timeZone: string;
  readonly mau: number;
  readonly threshold: number;
  /** The percents of the license's maximum that the threshold is. @default - the threshold is a number of its own */
  readonly percent?: number | undefined;
  /** Whether the recipient is another administrator than the representative. @default false */
  readonly isCopy?: boolean;
  /** The maximum MAU and the overage of a paid license. @default - none: the license is Free and has no maximum MAU */
  readonly paid?:
    | {
        readonly maxMau: number;
        readonly overageMau: number;
        readonly overageFee: { readonly amount: string; readonly currency: string };
      }
    | undefined;
  readonly consoleUrl: string;
}): Content {
  const { customerName, month, timeZone, mau, threshold, percent, isCopy = false, paid, consoleUrl } = exceeded;
  const ofMaximum = new OwnText(percent === undefined ? '' : ` (${percent} % of the maximum)`);
  return write({
    subject: sentence`Your monthly active users exceed your threshold`,
    paragraphs: [
      sentence`So far, “${customerName}” has ${countInWords(mau)} monthly active users (MAU) in ${monthInWords(month)} (time zone: ${new OwnText(timeZone)}). This exceeds the threshold of ${countInWords(threshold)}${ofMaximum}.`,
      paid
        ? sentence`The license has a maximum of ${countInWords(paid.maxMau)} MAU. The overage so far is ${countInWords(paid.overageMau)} MAU, which costs ${new OwnText(paid.overageFee.amount)} ${paid.overageFee.currency}.`
        : sentence`The license has no maximum MAU, so there is no overage and no fee.`,
      sentence`The console shows the MAU of each RP.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      isCopy
        ? sentence`The MAU alert names you as a recipient, so you get this e-mail once for each month and threshold. A privileged administrator can change this in the console.`
        : sentence`You are the representative, so you get this e-mail once for each month and threshold. You can change the threshold or turn off the MAU alert in the console.`,
    ],
  });
}
