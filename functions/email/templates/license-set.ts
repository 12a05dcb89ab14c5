import { licenseTerms, planNames, type MailedLicense } from '../license-terms.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { noticeReason, type NoticeReader } from '../notice-reason.ts';
import { OwnText, sentence } from '../sentence.ts';

interface LicenseSet extends NoticeReader {
  readonly license: MailedLicense;
  /** The time zone in which the e-mail shows times. */
  readonly timeZone: string;
  /** The operator's e-mail address. */
  readonly contact: string;
}

/** Writes the e-mail that says that the operator set a license. */
export const licenseSet = (values: InLanguage<LicenseSet>): Content => writeIn(letters, values);

const letters = {
  en: (set) => ({
    subject: sentence`“${set.customerName}”: the ${new OwnText(planNames[set.license.type])} license was set`,
    paragraphs: [
      sentence`The operator set the ${new OwnText(planNames[set.license.type])} license for “${set.customerName}” in the FIDO2 Server Service:`,
      licenseTerms(set.license, set.timeZone, 'en'),
      ...(set.license.type === 'free'
        ? []
        : [
            sentence`If your MAU exceed the maximum, your users can still sign in, and you are charged for the overage.`,
          ]),
    ],
    button: { label: sentence`See the license in the console`, url: `${set.consoleUrl}/#license` },
    notes: [sentence`If this is wrong, write to the operator of the service: ${new OwnText(set.contact)}.`],
    reason: noticeReason(set, 'en'),
  }),
  ja: (set) => ({
    subject: sentence`「${set.customerName}」に${new OwnText(planNames[set.license.type])}ライセンスが設定されました`,
    paragraphs: [
      sentence`FIDO2 Server Service の運営者が、「${set.customerName}」に${new OwnText(planNames[set.license.type])}ライセンスを設定しました。`,
      licenseTerms(set.license, set.timeZone, 'ja'),
      ...(set.license.type === 'free'
        ? []
        : [sentence`MAUが上限を超えても、ユーザーは引き続きサインインできます。超過分には料金がかかります。`]),
    ],
    button: { label: sentence`コンソールでライセンスを確認`, url: `${set.consoleUrl}/#license` },
    notes: [sentence`誤りがある場合は、サービスの運営者（ ${new OwnText(set.contact)} ）にご連絡ください。`],
    reason: noticeReason(set, 'ja'),
  }),
} satisfies Letters<LicenseSet>;
