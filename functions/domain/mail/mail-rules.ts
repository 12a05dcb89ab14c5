import type { Mail } from '../../table/mails.ts';
import type { Language } from './languages.ts';
import type { NoticeKind } from './notice-kinds.ts';

/**
 * A line of e-mails that wait to be sent. Each line has its own queue, so a flood of e-mails in one line does not delay
 * the e-mails in the other line.
 */
export type MailLine = 'links' | 'notices';

/** How the service sends the e-mails of a template. */
interface MailRule {
  readonly line: MailLine;
  /**
   * The kind of change that the notice reports, in words, for the e-mail that combines notices. A template with these
   * words counts toward the limit of notices.
   * @default - the service never combines e-mails of this template, and they do not count toward the limit
   */
  readonly combinedAs?: Readonly<Record<Language, string>>;
  /**
   * The kind of the notice, if each administrator may choose whether to get it.
   * @default - the recipients cannot switch the e-mail off
   */
  readonly chosenAs?: NoticeKind;
}

/** The rule of each template. */
export const mailRules: Readonly<Record<Mail['template'], MailRule>> = {
  activation: { line: 'links' },
  'sign-in': { line: 'links' },
  invitation: { line: 'links' },
  'email-confirmation': { line: 'links' },
  'representative-changed': {
    line: 'notices',
    combinedAs: { en: 'The representative was changed', ja: '担当者の変更' },
  },
  'email-changed': {
    line: 'notices',
    combinedAs: { en: 'Your e-mail address was changed', ja: 'あなたのメールアドレスの変更' },
  },
  'passkey-added': { line: 'notices', combinedAs: { en: 'A passkey was added', ja: 'パスキーの追加' } },
  'passkey-removed': { line: 'notices', combinedAs: { en: 'A passkey was removed', ja: 'パスキーの削除' } },
  'recovery-undone': { line: 'notices' },
  'unsubscription-requested': { line: 'notices' },
  'unsubscription-cancelled': { line: 'notices' },
  unsubscribed: { line: 'notices' },
  'combined-notices': { line: 'notices' },
  'license-set': { line: 'notices', chosenAs: 'license' },
  'license-ending': { line: 'notices', chosenAs: 'license' },
  'users-near-maximum': { line: 'notices', chosenAs: 'users' },
  'statement-ready': { line: 'notices', chosenAs: 'statements' },
};

/** Returns the line of a template. Returns the line `notices` for an unknown template. */
export const lineOf = (template: string): MailLine =>
  (mailRules as Readonly<Record<string, MailRule | undefined>>)[template]?.line ?? 'notices';

/**
 * Returns whether an e-mail counts toward the limit of notices. The notice about a passkey that was added with a
 * recovery link never counts: somebody who reads another person's e-mails could otherwise cause many other notices
 * first, and so delay the notice about the recovery.
 */
export function countsAsNotice(mail: Mail): boolean {
  const isAboutRecovery = mail.template === 'passkey-added' && mail.holdUntil !== undefined;
  return mailRules[mail.template].combinedAs !== undefined && !isAboutRecovery;
}
