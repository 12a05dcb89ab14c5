import type { Language } from '../domain/mail/languages.ts';
import { countInWords, moneyInWords, timeInWords } from './in-words.ts';
import { sentence, type Sentence } from './sentence.ts';

/** The terms of a license that an e-mail states. */
export type MailedLicense = {
  readonly startsAt: number;
  /** The first instant after the license, in epoch milliseconds; null when the license has no end. */
  readonly endsAt: number | null;
  readonly maxRegisteredRps: number;
} & (
  | { readonly type: 'free'; readonly maxRegisteredUsers: number }
  | {
      readonly type: 'starter' | 'business' | 'enterprise';
      readonly maxMau: number;
      readonly overageFeePerMau: { readonly amount: string; readonly currency: string };
    }
);

/** The names of the plans. They are the same in every language. */
export const planNames: Readonly<Record<MailedLicense['type'], string>> = {
  free: 'Free',
  starter: 'Starter',
  business: 'Business',
  enterprise: 'Enterprise',
};

const terms = {
  en: (license, timeZone) => [
    sentence`Start: ${timeInWords(license.startsAt, timeZone, 'en')}`,
    license.endsAt === null ? sentence`End: none` : sentence`End: ${timeInWords(license.endsAt, timeZone, 'en')}`,
    license.type === 'free'
      ? sentence`Maximum number of registered users: ${countInWords(license.maxRegisteredUsers)}`
      : sentence`Maximum MAU: ${countInWords(license.maxMau)}; each MAU above it costs ${moneyInWords(license.overageFeePerMau)}`,
    sentence`Maximum number of registered RPs: ${countInWords(license.maxRegisteredRps)}`,
  ],
  ja: (license, timeZone) => [
    sentence`開始：${timeInWords(license.startsAt, timeZone, 'ja')}`,
    license.endsAt === null ? sentence`終了：なし` : sentence`終了：${timeInWords(license.endsAt, timeZone, 'ja')}`,
    license.type === 'free'
      ? sentence`登録済みユーザー数の上限：${countInWords(license.maxRegisteredUsers)}`
      : sentence`MAUの上限：${countInWords(license.maxMau)}（超過1MAUにつき${moneyInWords(license.overageFeePerMau)}）`,
    sentence`登録済みRP数の上限：${countInWords(license.maxRegisteredRps)}`,
  ],
} satisfies Record<Language, (license: MailedLicense, timeZone: string) => readonly Sentence[]>;

/** Returns the terms of a license as the items of a list. */
export const licenseTerms = (license: MailedLicense, timeZone: string, language: Language): readonly Sentence[] =>
  terms[language](license, timeZone);
