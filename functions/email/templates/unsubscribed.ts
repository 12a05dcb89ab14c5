import { countInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface Unsubscribed {
  readonly customerName: string;
  /** The number of discarded items of each kind. */
  readonly discarded: Readonly<Record<string, number>>;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/** Writes the e-mail that tells the representative that the service has discarded the customer's data. */
export const unsubscribed = (values: InLanguage<Unsubscribed>): Content => writeIn(letters, values);

/** Returns a function that returns the number of discarded items of a kind, in words. */
const counter =
  ({ discarded }: Unsubscribed) =>
  (kind: string) =>
    countInWords(discarded[kind] ?? 0);

const letters = {
  en: (ended) => {
    const { customerName, contact, consoleUrl } = ended;
    const count = counter(ended);
    return {
      subject: sentence`Your customer account was closed`,
      paragraphs: [
        sentence`“${customerName}” no longer uses the FIDO2 Server Service. Everything that was registered is deleted and cannot be restored:`,
        sentence`RPs: ${count('rp')}, users: ${count('user')}, credentials of users: ${count('credential')}, active-user records: ${count('active-user')}, API keys: ${count('api-key')}, administrators: ${count('administrator')}, passkeys of administrators: ${count('passkey')}, and all licenses, statements and settings.`,
        sentence`We keep only records without personal data: the customer ID, the times of unsubscribing and deletion, these numbers, and the monthly active users and fees of months with a paid license. Deleted data stays in backups for at most 35 days and in logs for at most 30 days.`,
        sentence`You can sign up again with this e-mail address.`,
      ],
      button: { label: sentence`Open the console`, url: consoleUrl },
      notes: [
        sentence`If you did not expect the account to be closed, write to the operator of the service: ${new OwnText(contact)}.`,
      ],
    };
  },
  ja: (ended) => {
    const { customerName, contact, consoleUrl } = ended;
    const count = counter(ended);
    return {
      subject: sentence`解約の手続きが完了しました`,
      paragraphs: [
        sentence`「${customerName}」による FIDO2 Server Service の利用は終了しました。次の登録情報はすべて破棄され、元に戻せません。`,
        sentence`RP：${count('rp')}、ユーザー：${count('user')}、ユーザーのクレデンシャル：${count('credential')}、アクティブユーザーの記録：${count('active-user')}、APIキー：${count('api-key')}、管理者：${count('administrator')}、管理者のパスキー：${count('passkey')}、およびすべてのライセンス、明細、設定`,
        sentence`保管するのは、個人情報を含まない記録（カスタマーID、解約と破棄の日時、上記の件数、有料ライセンスの月の月間アクティブユーザー数と料金）のみです。破棄したデータは、バックアップには最長35日間、ログには最長30日間残ります。`,
        sentence`このメールアドレスで、あらためて新規登録できます。`,
      ],
      button: { label: sentence`コンソールを開く`, url: consoleUrl },
      notes: [sentence`解約に心当たりがない場合は、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`],
    };
  },
} satisfies Letters<Unsubscribed>;
