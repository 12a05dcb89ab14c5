import { countInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface CombinedNotices {
  readonly customerName: string;
  readonly anHour: number;
  readonly total: number;
  /** The kind of each change, in words of the e-mail's language, and the number of notices that reported it. */
  readonly changes: readonly { readonly what: string; readonly times: number }[];
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that combines notices to one recipient, because the customer caused more than `anHour` notices in
 * an hour. `changes` has an entry for each kind of change. `total` is the number of all these notices.
 */
export const combinedNotices = (values: InLanguage<CombinedNotices>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, anHour, total, changes, consoleUrl }) => ({
    subject: sentence`Several changes to your customer account`,
    paragraphs: [
      sentence`In the past hour, “${customerName}” caused more than ${countInWords(anHour)} notices in the FIDO2 Server Service. After these, we sent no notice on its own. This e-mail combines the further notices to you (${countInWords(total)}):`,
      changes.map(({ what, times }) => sentence`${new OwnText(what)}: ${countInWords(times)} ×`),
      sentence`Check the administrators, the representative and your passkeys in the console.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If you did not expect these changes, somebody may have access to an administrator's account. A privileged administrator can remove that administrator, which ends all of their sessions.`,
    ],
  }),
  ja: ({ customerName, anHour, total, changes, consoleUrl }) => ({
    subject: sentence`カスタマーアカウントに複数の変更がありました`,
    paragraphs: [
      sentence`FIDO2 Server Service で、「${customerName}」の変更のお知らせがこの1時間に${countInWords(anHour)}件を超えました。そのため、以降のお知らせは個別に送信せず、あなた宛ての${countInWords(total)}件をこのメールにまとめました。`,
      changes.map(({ what, times }) => sentence`${new OwnText(what)}：${countInWords(times)}件`),
      sentence`コンソールで、管理者、担当者、ご自身のパスキーを確認してください。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [
      sentence`これらの変更に心当たりがない場合は、管理者のアカウントが第三者に使用されているおそれがあります。特権管理者がその管理者を削除すると、その管理者のすべてのセッションが終了します。`,
    ],
  }),
} satisfies Letters<CombinedNotices>;
