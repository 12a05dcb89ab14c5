import { countInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import type { Content } from '../mailer.ts';
import { noticeReason, type NoticeReader } from '../notice-reason.ts';
import { OwnText, sentence } from '../sentence.ts';

interface UsersNearMaximum extends NoticeReader {
  readonly registeredUsers: number;
  readonly maxRegisteredUsers: number;
  /** The operator's e-mail address. */
  readonly contact: string;
}

/**
 * Writes the e-mail that says that a customer with the Free license has registered most of the users that the license
 * allows, or all of them.
 */
export function usersNearMaximum(values: InLanguage<UsersNearMaximum>): Content {
  return writeIn(values.registeredUsers < values.maxRegisteredUsers ? near : at, values);
}

const near = {
  en: ({ customerName, registeredUsers: users, maxRegisteredUsers: max, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`“${customerName}”: ${countInWords(users)} of ${countInWords(max)} users are registered`,
    paragraphs: [
      sentence`“${customerName}” has registered ${countInWords(users)} of the ${countInWords(max)} users that the Free license of the FIDO2 Server Service allows.`,
      sentence`When the maximum is reached, no new users can be registered. Registered users can still sign in.`,
      sentence`To make room, remove users who no longer need access, or write to the operator of the service about a paid license: ${new OwnText(contact)}.`,
    ],
    button: { label: sentence`See the license in the console`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'en'),
  }),
  ja: ({ customerName, registeredUsers: users, maxRegisteredUsers: max, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`「${customerName}」の登録済みユーザー数が上限${countInWords(max)}のうち${countInWords(users)}になりました`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の登録済みユーザー数は${countInWords(users)}です。Freeライセンスの上限は${countInWords(max)}です。`,
      sentence`上限に達すると、新しいユーザーを登録できません。登録済みのユーザーは引き続きサインインできます。`,
      sentence`上限に達する前に、不要なユーザーを削除するか、有料ライセンスについてサービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`,
    ],
    button: { label: sentence`コンソールでライセンスを確認`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'ja'),
  }),
} satisfies Letters<UsersNearMaximum>;

const at = {
  en: ({ customerName, registeredUsers: users, maxRegisteredUsers: max, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`“${customerName}”: the maximum of ${countInWords(max)} users is reached`,
    paragraphs: [
      sentence`“${customerName}” has registered ${countInWords(users)} users. The Free license of the FIDO2 Server Service allows ${countInWords(max)}.`,
      sentence`No new users can be registered. Registered users can still sign in.`,
      sentence`To register more users, remove users who no longer need access, or write to the operator of the service about a paid license: ${new OwnText(contact)}.`,
    ],
    button: { label: sentence`See the license in the console`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'en'),
  }),
  ja: ({ customerName, registeredUsers: users, maxRegisteredUsers: max, contact, consoleUrl, isRepresentative }) => ({
    subject: sentence`「${customerName}」の登録済みユーザー数が上限の${countInWords(max)}に達しました`,
    paragraphs: [
      sentence`FIDO2 Server Service の「${customerName}」の登録済みユーザー数は${countInWords(users)}です。Freeライセンスの上限は${countInWords(max)}です。`,
      sentence`新しいユーザーは登録できません。登録済みのユーザーは引き続きサインインできます。`,
      sentence`ユーザーをさらに登録するには、不要なユーザーを削除するか、有料ライセンスについてサービスの運営者（ ${new OwnText(contact)} ）にご連絡ください。`,
    ],
    button: { label: sentence`コンソールでライセンスを確認`, url: `${consoleUrl}/#license` },
    notes: [],
    reason: noticeReason({ customerName, isRepresentative, consoleUrl }, 'ja'),
  }),
} satisfies Letters<UsersNearMaximum>;
