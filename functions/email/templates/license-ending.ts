import { countInWords, timeInWords } from '../in-words.ts';
import { planNames, type MailedLicense } from '../license-terms.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { noticeReason, type NoticeReader } from '../notice-reason.ts';
import { OwnText, sentence } from '../sentence.ts';

interface LicenseEnding extends NoticeReader {
  readonly type: MailedLicense['type'];
  /** The first instant after the license, in epoch milliseconds. */
  readonly endsAt: number;
  /** The number of days, at most, until the license ends. 0: the license has ended. */
  readonly withinDays: number;
  /** The time zone in which the e-mail shows times. */
  readonly timeZone: string;
  /** The operator's e-mail address. */
  readonly contact: string;
}

/** Writes the e-mail that says that a license ends soon without another license that follows, or that it has ended. */
export function licenseEnding(values: InLanguage<LicenseEnding>): Content {
  return writeIn(values.withinDays === 0 ? ended : ending, values);
}

const ending = {
  en: ({ customerName, type, endsAt, withinDays, timeZone, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`“${customerName}”: the license ends within ${countInWords(withinDays)} days`,
    paragraphs: [
      sentence`The ${new OwnText(planNames[type])} license of “${customerName}” in the FIDO2 Server Service ends on ${timeInWords(endsAt, timeZone, 'en')}. No other license follows directly.`,
      sentence`After that, you cannot register new RPs and users or create API keys until another license starts. Users who are registered by then can still sign in, and their MAU are still counted and charged by the license that ended.`,
      sentence`To renew the license, write to the operator of the service: ${new OwnText(contact)}.`,
    ],
    button: { label: sentence`See the license in the console`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'en'),
  }),
  ja: ({ customerName, type, endsAt, withinDays, timeZone, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`「${customerName}」のライセンスが${countInWords(withinDays)}日以内に終了します`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の${new OwnText(planNames[type])}ライセンスは、${timeInWords(endsAt, timeZone, 'ja')}に終了します。終了後に続くライセンスは設定されていません。`,
      sentence`終了後は、次のライセンスが開始するまで、RPとユーザーの新規登録とAPIキーの作成ができません。登録済みのユーザーは引き続きサインインでき、MAUは終了したライセンスの条件で集計、請求されます。`,
      sentence`ライセンスを更新するには、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`,
    ],
    button: { label: sentence`コンソールでライセンスを確認`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'ja'),
  }),
} satisfies Letters<LicenseEnding>;

const ended = {
  en: ({ customerName, type, endsAt, timeZone, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`“${customerName}”: the license has ended`,
    paragraphs: [
      sentence`The ${new OwnText(planNames[type])} license of “${customerName}” in the FIDO2 Server Service ended on ${timeInWords(endsAt, timeZone, 'en')}.`,
      sentence`You cannot register new RPs and users or create API keys until another license starts. Users who are registered already can still sign in, and their MAU are still counted and charged by the license that ended.`,
      sentence`To get a new license, write to the operator of the service: ${new OwnText(contact)}.`,
    ],
    button: { label: sentence`See the license in the console`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'en'),
  }),
  ja: ({ customerName, type, endsAt, timeZone, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`「${customerName}」のライセンスが終了しました`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の${new OwnText(planNames[type])}ライセンスは、${timeInWords(endsAt, timeZone, 'ja')}に終了しました。`,
      sentence`次のライセンスが開始するまで、RPとユーザーの新規登録とAPIキーの作成はできません。登録済みのユーザーは引き続きサインインでき、MAUは終了したライセンスの条件で集計、請求されます。`,
      sentence`新しいライセンスについては、サービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`,
    ],
    button: { label: sentence`コンソールでライセンスを確認`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'ja'),
  }),
} satisfies Letters<LicenseEnding>;
