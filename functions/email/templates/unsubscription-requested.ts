import { timeInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface UnsubscriptionRequested {
  readonly customerName: string;
  /** The name of the representative who unsubscribed. */
  readonly requestedBy: string;
  /** The end of the grace period, in epoch milliseconds. */
  readonly effectiveAt: number;
  /** The time zone in which the e-mail shows the time. */
  readonly timeZone: string;
  /** The operator's e-mail address. */
  readonly contact: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that tells a privileged administrator that the representative unsubscribed. The e-mail says when
 * the grace period ends, and how to keep using the service.
 */
export const unsubscriptionRequested = (values: InLanguage<UnsubscriptionRequested>): Content =>
  writeIn(letters, values);

const letters = {
  en: ({ customerName, requestedBy, effectiveAt, timeZone, contact, consoleUrl }) => ({
    subject: sentence`Your customer account will be closed`,
    paragraphs: [
      sentence`“${requestedBy}” unsubscribed “${customerName}” from the FIDO2 Server Service.`,
      sentence`Until ${timeInWords(effectiveAt, timeZone, 'en')}, everything works as before. Then “${customerName}” can no longer use the service, and everything that is registered is deleted and cannot be restored.`,
      sentence`To keep using the service, choose “Keep using the service” in the console before that time. Each privileged administrator can do this.`,
    ],
    button: { label: sentence`Open the console`, url: consoleUrl },
    notes: [
      sentence`If you did not expect this, choose “Keep using the service” and write to the operator of the service: ${new OwnText(contact)}.`,
    ],
  }),
  ja: ({ customerName, requestedBy, effectiveAt, timeZone, contact, consoleUrl }) => ({
    subject: sentence`解約の手続きが行われました`,
    paragraphs: [
      sentence`「${requestedBy}」さんが、「${customerName}」の FIDO2 Server Service の解約の手続きを行いました。`,
      sentence`${timeInWords(effectiveAt, timeZone, 'ja')}までは、これまでどおり利用できます。その後、「${customerName}」のサービスの利用が終了し、登録情報はすべて破棄され、元に戻せません。`,
      sentence`サービスの利用を続ける場合は、この日時までに、コンソールで「サービスの利用を続ける」を選択してください。どの特権管理者でも選択できます。`,
    ],
    button: { label: sentence`コンソールを開く`, url: consoleUrl },
    notes: [
      sentence`解約に心当たりがない場合は、「サービスの利用を続ける」を選択したうえで、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`,
    ],
  }),
} satisfies Letters<UnsubscriptionRequested>;
