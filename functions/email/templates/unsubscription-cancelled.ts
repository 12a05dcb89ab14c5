import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface UnsubscriptionCancelled {
  readonly customerName: string;
  /** The name of the administrator who cancelled the unsubscription, or null if a paid license cancelled it. */
  readonly cancelledBy: string | null;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/** Writes the e-mail that tells a privileged administrator that the customer keeps using the service. */
export const unsubscriptionCancelled = (values: InLanguage<UnsubscriptionCancelled>): Content =>
  writeIn(letters, values);

const letters = {
  en: ({ customerName, cancelledBy, contact, consoleUrl }) => ({
    subject: sentence`Your customer account stays open`,
    paragraphs: [
      cancelledBy === null
        ? sentence`“${customerName}” got a paid license in the FIDO2 Server Service. This cancelled the unsubscription.`
        : sentence`“${cancelledBy}” cancelled the unsubscription of “${customerName}” from the FIDO2 Server Service.`,
      sentence`The account will not be closed, and nothing was deleted.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      cancelledBy === null
        ? sentence`If this is wrong, write to the operator of the service: ${new OwnText(contact)}.`
        : sentence`If this is wrong, the representative can unsubscribe again in the console.`,
    ],
  }),
  ja: ({ customerName, cancelledBy, contact, consoleUrl }) => ({
    subject: sentence`解約が取り消されました`,
    paragraphs: [
      cancelledBy === null
        ? sentence`FIDO2 Server Service で「${customerName}」に有料ライセンスが設定されたため、解約が取り消されました。`
        : sentence`「${cancelledBy}」さんが、「${customerName}」の FIDO2 Server Service の解約を取り消しました。`,
      sentence`引き続きサービスを利用できます。登録情報は破棄されていません。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [
      cancelledBy === null
        ? sentence`誤りがある場合は、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`
        : sentence`誤りがある場合は、担当者がコンソールであらためて解約できます。`,
    ],
  }),
} satisfies Letters<UnsubscriptionCancelled>;
