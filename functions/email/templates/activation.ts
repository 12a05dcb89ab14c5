import { timeInWords } from '../in-words.ts';
import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { OwnText, sentence } from '../sentence.ts';

interface Activation {
  readonly link: MailedLink;
  /** When the invitation or the sign-up expires, in epoch milliseconds. @default - neither expires */
  readonly lapsesAt: number | undefined;
  /** The time zone in which the e-mail shows times. */
  readonly timeZone: string;
  readonly consoleUrl: string;
}

/**
 * Writes the e-mail that contains an activation link for a person who was invited (`isInvited`) or who signed up a
 * customer. Nobody has proven yet that the address belongs to this person. So the e-mail contains no text that an
 * inviting administrator or a person who signs up has chosen: otherwise, anybody could send their text to any stranger.
 */
export function activation({
  isInvited,
  ...values
}: InLanguage<Activation & { readonly isInvited: boolean }>): Content {
  return writeIn(isInvited ? invited : signedUp, values);
}

/**
 * The texts for a person who was invited. An e-mail address can belong to an administrator of only one customer, so the
 * invitation also tells the recipient what opening the link means.
 */
const invited = {
  en: ({ link, lapsesAt, timeZone }) => ({
    subject: sentence`Activate your FIDO2 Server Service account`,
    paragraphs: [
      sentence`An organisation invited you to become one of its administrators in the FIDO2 Server Service.`,
      sentence`Open the link to activate your account and sign in. The console then shows which organisation invited you.`,
    ],
    button: { label: sentence`Activate and sign in`, url: link.url },
    notes: [
      ...linkNotes(link, 'en'),
      sentence`For your protection, this e-mail names neither the organisation nor the person who invited you. If you do not expect an invitation, ask your colleagues before you open the link.`,
      sentence`One address can belong to only one organisation. To use this address for your own organisation, do not open the link, but sign up in the console.`,
      ...(lapsesAt === undefined
        ? []
        : [
            sentence`The invitation expires on ${timeInWords(lapsesAt, timeZone, 'en')}. If you need a new link before then, ask the person who invited you to send the invitation again.`,
          ]),
    ],
  }),
  ja: ({ link, lapsesAt, timeZone }) => ({
    subject: sentence`FIDO2 Server Service のアカウントを有効にしてください`,
    paragraphs: [
      sentence`ある組織が、FIDO2 Server Service の管理者としてあなたを招待しました。`,
      sentence`次のリンクを開くと、アカウントが有効になり、サインインできます。招待した組織は、サインイン後にコンソールで確認できます。`,
    ],
    button: { label: sentence`有効にしてサインイン`, url: link.url },
    notes: [
      ...linkNotes(link, 'ja'),
      sentence`安全のため、このメールには招待した組織名も個人名も記載していません。招待に心当たりがない場合は、リンクを開く前に社内の方にご確認ください。`,
      sentence`1つのアドレスで参加できる組織は1つだけです。このアドレスをご自身の組織で使用する場合は、リンクを開かずに、コンソールで新規登録してください。`,
      ...(lapsesAt === undefined
        ? []
        : [
            sentence`招待の有効期限は${timeInWords(lapsesAt, timeZone, 'ja')}です。期限までに新しいリンクが必要な場合は、招待した方に再送信をご依頼ください。`,
          ]),
    ],
  }),
} satisfies Letters<Activation>;

const signedUp = {
  en: ({ link, lapsesAt, timeZone, consoleUrl }) => ({
    subject: sentence`Activate your customer account for the FIDO2 Server Service`,
    paragraphs: [
      sentence`Somebody signed up for the FIDO2 Server Service with this e-mail address.`,
      sentence`If it was you, open the link to activate the customer account and sign in. You become the representative of the customer.`,
    ],
    button: { label: sentence`Activate and sign in`, url: link.url },
    notes: [
      ...linkNotes(link, 'en'),
      sentence`If somebody signs up with this address again, only the newest activation link works.`,
      ...(lapsesAt === undefined
        ? []
        : [
            sentence`If nobody activates the account by ${timeInWords(lapsesAt, timeZone, 'en')}, we delete it. If you need a new link before then, enter this address at ${new OwnText(`${consoleUrl}/sign-in`)}.`,
          ]),
    ],
  }),
  ja: ({ link, lapsesAt, timeZone, consoleUrl }) => ({
    subject: sentence`FIDO2 Server Service のカスタマーアカウントを有効にしてください`,
    paragraphs: [
      sentence`このメールアドレスで FIDO2 Server Service への新規登録がありました。`,
      sentence`ご本人の場合は、次のリンクを開いてカスタマーアカウントを有効にし、サインインしてください。あなたがカスタマーの担当者になります。`,
    ],
    button: { label: sentence`有効にしてサインイン`, url: link.url },
    notes: [
      ...linkNotes(link, 'ja'),
      sentence`このアドレスでもう一度新規登録が行われた場合は、最新のリンクのみ使用できます。`,
      ...(lapsesAt === undefined
        ? []
        : [
            sentence`${timeInWords(lapsesAt, timeZone, 'ja')}までにアカウントが有効にならない場合、登録内容は削除されます。それまでに新しいリンクが必要な場合は、次のページでこのアドレスを入力してください： ${new OwnText(`${consoleUrl}/sign-in`)}`,
          ]),
    ],
  }),
} satisfies Letters<Activation>;
