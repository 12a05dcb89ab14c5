import { MailRejectedError, type Content, type Mailer } from '../../email/mailer.ts';
import { combinedNotices } from '../../email/templates/combined-notices.ts';
import { emailChanged } from '../../email/templates/email-changed.ts';
import { licenseEnding } from '../../email/templates/license-ending.ts';
import { licenseSet } from '../../email/templates/license-set.ts';
import { passkeyAdded } from '../../email/templates/passkey-added.ts';
import { passkeyRemoved } from '../../email/templates/passkey-removed.ts';
import { recoveryUndone } from '../../email/templates/recovery-undone.ts';
import { representativeChanged } from '../../email/templates/representative-changed.ts';
import { statementReady } from '../../email/templates/statement-ready.ts';
import { unsubscribed } from '../../email/templates/unsubscribed.ts';
import { unsubscriptionCancelled } from '../../email/templates/unsubscription-cancelled.ts';
import { unsubscriptionRequested } from '../../email/templates/unsubscription-requested.ts';
import { usersNearMaximum } from '../../email/templates/users-near-maximum.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { deleteMail, readMail, type Mail } from '../../table/mails.ts';
import { composeLink, type Refusal } from './compose-link.ts';
import { copyForRecipients } from './copy-for-recipients.ts';
import { languageOf, type Language } from './languages.ts';
import { limitNotices, NOTICES_AN_HOUR } from './limit-notices.ts';
import { mailRules } from './mail-rules.ts';
import type { Metrics, Services } from '../services.ts';

export interface SendMailServices extends Services {
  readonly mailer: Mailer;
  readonly metrics: Metrics;
  /** The service's time zone, an IANA name. E-mails show times in this time zone. */
  readonly timeZone: string;
  /** The operator's e-mail address, which some e-mails show to recipients as the address to ask for help. */
  readonly contact: string;
  /**
   * Makes the queue of the line `notices` deliver an e-mail again after `delay` milliseconds, or earlier. Then
   * `sendMail` postpones the e-mail again.
   */
  readonly postpone: (mailId: string, delay: number) => Promise<void>;
}

/**
 * Sends an e-mail that is stored in the table, and deletes the e-mail's item. Returns `not-sent` when the e-mail no
 * longer exists, when the service does not send it for one of the reasons in `Refusal`, when the e-mail is a notice
 * that is combined with other notices, or when SES refuses it permanently. Returns `postponed` when the e-mail is not
 * due yet. Keeps the e-mail's item and throws an error when another attempt to send the e-mail may succeed. Returns
 * `copied` for an e-mail to several administrators: the function stores a copy for each recipient, and the stream
 * records of the copies cause the sending.
 *
 * If the process dies or a write fails before one of these steps:
 *
 *     a limit counts the e-mail         nothing was done; the next try does everything
 *     an invitation claims the address  the e-mail was counted; the next try does not count the e-mail again
 *     the link is stored                the next try claims the address again, with the same effect
 *     SES accepts the e-mail            nobody knows the link's token, and the TTL deletes the link; the next try
 *                                       creates another link
 *     the e-mail's item is deleted      the next try sends the e-mail again with another link; both links work
 *
 * The queue may deliver the message about an e-mail more than once. A call of `sendMail` after the e-mail's item was
 * deleted finds no e-mail. Two calls at the same time may both send the e-mail, each with its own link.
 */
export async function sendMail(
  services: SendMailServices,
  mailId: string,
): Promise<'sent' | 'not-sent' | 'postponed' | 'copied'> {
  const { table, clock, log, mailer, metrics } = services;
  const mail = await readMail(table, mailId);
  if (!mail) return 'not-sent';
  if (mail.recipients) {
    await copyForRecipients(services, mail);
    return 'copied';
  }
  const { template, customerId, requestId, to } = mail;
  const about = { mailId, requestId, template, customerId };

  if (mail.template === 'combined-notices' && clock.now() < mail.dueAt) {
    // If the process dies before the queue deletes the current message, the queue delivers both messages. The second
    // delivery after `dueAt` finds no e-mail.
    await services.postpone(mailId, mail.dueAt - clock.now());
    return 'postponed';
  }
  const limited = await limitNotices(services, mail);
  if (limited !== 'send') {
    if (limited === 'combined') metrics.add('CombinedNotices', 1);
    log.info('a notice is not sent on its own', { ...about, reason: limited });
    return 'not-sent';
  }
  const content = await compose(services, mail);
  if (typeof content === 'string') {
    log.info('an e-mail is not sent', { ...about, reason: content });
    await deleteMail(table, mailId);
    return 'not-sent';
  }
  try {
    log.info('an e-mail was sent', { ...about, messageId: await mailer.send({ to, ...content }) });
  } catch (error) {
    if (!(error instanceof MailRejectedError)) throw error;
    log.error('an e-mail was refused and is not tried again', { ...about, error });
    metrics.add('RefusedMails', 1);
    await deleteMail(table, mailId);
    return 'not-sent';
  }
  await deleteMail(table, mailId);
  return 'sent';
}

/**
 * Returns the content of an e-mail, or the reason why the e-mail must not be sent. If the e-mail contains a link,
 * stores the link in the table before returning the content.
 */
function compose(services: SendMailServices, mail: Mail): Promise<Content | Refusal> | Content {
  const { consoleUrl, timeZone, contact } = services;
  const common = { consoleUrl, contact, timeZone, language: languageOf(mail) };
  switch (mail.template) {
    case 'activation':
    case 'sign-in':
    case 'invitation':
    case 'email-confirmation':
      return composeLink(services, mail);
    case 'representative-changed':
      return representativeChanged({ ...mail, ...common });
    case 'email-changed':
      return emailChanged({ ...mail, ...common });
    case 'passkey-added':
      return passkeyAdded({ ...mail, ...common });
    case 'passkey-removed':
      return passkeyRemoved({ ...mail, ...common });
    case 'recovery-undone':
      return recoveryUndone({ ...mail, ...common });
    case 'unsubscribed':
      return unsubscribed({ ...mail, ...common });
    case 'combined-notices':
      return composeCombined(services, mail);
    case 'unsubscription-requested':
      return unsubscriptionRequested({ ...mail, ...common });
    case 'unsubscription-cancelled':
      return unsubscriptionCancelled({ ...mail, ...common });
    case 'license-set':
      return licenseSet({ ...mail, ...common });
    case 'license-ending':
      return licenseEnding({ ...mail, ...common });
    case 'users-near-maximum':
      return usersNearMaximum({ ...mail, ...common });
    case 'statement-ready': {
      const { maxMau, overageMau, overageFee } = mail.statement;
      const paid = maxMau !== null && overageFee ? { maxMau, overageMau, overageFee } : null;
      return statementReady({ ...mail, ...mail.statement, ...common, paid });
    }
  }
}

async function composeCombined(
  { table, consoleUrl }: Services,
  mail: Extract<Mail, { template: 'combined-notices' }>,
): Promise<Content | Refusal> {
  const { customerId = '', combined, total } = mail;
  const language = languageOf(mail);
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer) return 'nobody-to-send-to';
  const rules: Readonly<Record<string, { combinedAs?: Record<Language, string> } | undefined>> = mailRules;
  const changes = Object.entries(combined).map(([template, times]) => ({
    what: rules[template]?.combinedAs?.[language] ?? template,
    times,
  }));
  return combinedNotices({
    customerName: customer.name,
    anHour: NOTICES_AN_HOUR,
    total,
    changes,
    consoleUrl,
    language,
  });
}
