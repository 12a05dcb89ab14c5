import type { Mail } from '../../table/mails.ts';

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
  readonly combinedAs?: string;
}

/** The rule of each template. */
export const mailRules: Readonly<Record<Mail['template'], MailRule>> = {
  activation: { line: 'links' },
  'sign-in': { line: 'links' },
  invitation: { line: 'links' },
  'email-confirmation': { line: 'links' },
  'representative-changed': { line: 'notices', combinedAs: 'The representative was changed' },
  'email-changed': { line: 'notices', combinedAs: 'Your e-mail address was changed' },
  'passkey-added': { line: 'notices', combinedAs: 'A passkey was added' },
  'passkey-removed': { line: 'notices', combinedAs: 'A passkey was removed' },
  'recovery-undone': { line: 'notices' },
  'unsubscription-requested': { line: 'notices' },
  'unsubscription-cancelled': { line: 'notices' },
  unsubscribed: { line: 'notices' },
  'combined-notices': { line: 'notices' },
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
