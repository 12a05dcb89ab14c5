import { writeIn, type InLanguage, type Letters } from '../letter.ts';
import { linkNotes, type MailedLink } from '../link-notes.ts';
import type { Content } from '../mailer.ts';
import { sentence } from '../sentence.ts';

interface SignIn {
  readonly customerName: string;
  readonly link: MailedLink;
}

/** Writes the e-mail that contains a sign-in link for an active administrator. */
export const signIn = (values: InLanguage<SignIn>): Content => writeIn(letters, values);

const letters = {
  en: ({ customerName, link }) => ({
    subject: sentence`Sign in to the FIDO2 Server Service`,
    paragraphs: [
      sentence`Open the link to sign in to the FIDO2 Server Service as an administrator of “${customerName}”.`,
    ],
    button: { label: sentence`Sign in`, url: link.url },
    notes: linkNotes(link, 'en'),
  }),
  ja: ({ customerName, link }) => ({
    subject: sentence`FIDO2 Server Service へのサインイン`,
    paragraphs: [
      sentence`次のリンクを開くと、「${customerName}」の管理者として FIDO2 Server Service にサインインできます。`,
    ],
    button: { label: sentence`サインイン`, url: link.url },
    notes: linkNotes(link, 'ja'),
  }),
} satisfies Letters<SignIn>;
