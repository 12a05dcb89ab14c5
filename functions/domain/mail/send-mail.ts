import type { MailedLink } from '../../email/link-notes.ts';
import { MailRejectedError, type Content, type Mailer } from '../../email/mailer.ts';
import { combinedNotices } from '../../email/templates/combined-notices.ts';
import { emailChanged } from '../../email/templates/email-changed.ts';
import { invitationRefused } from '../../email/templates/invitation-refused.ts';
import { passkeyAdded } from '../../email/templates/passkey-added.ts';
import { passkeyRemoved } from '../../email/templates/passkey-removed.ts';
import { recoveryUndone } from '../../email/templates/recovery-undone.ts';
import { representativeChanged } from '../../email/templates/representative-changed.ts';
import { unsubscribed } from '../../email/templates/unsubscribed.ts';
import { unsubscriptionCancelled } from '../../email/templates/unsubscription-cancelled.ts';
import { unsubscriptionRequested } from '../../email/templates/unsubscription-requested.ts';
import { checkProvisional, readAdministrator, type Administrator } from '../../table/administrators.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { claimByInvitation, readEmail } from '../../table/emails.ts';
import { transact } from '../../table/engine/transaction.ts';
import { takeLink } from '../../table/limits/link-limits.ts';
import { putLink } from '../../table/signing-in/links.ts';
import { deleteMail, readMail, type LinkTemplate, type Mail } from '../../table/mails.ts';
import { newSecret } from '../ids.ts';
import {
  customerLapsesAt,
  hasCustomerLapsed,
  hasLapsed,
  invitationLapsesAt,
  ttlAfter,
} from '../activation-deadline.ts';
import { copyForPrivileged } from './copy-for-privileged.ts';
import { limitNotices, NOTICES_AN_HOUR } from './limit-notices.ts';
import { allowanceInWords, anonymousBuckets, customerBuckets, linkAllowances } from './link-allowances.ts';
import { links } from './links.ts';
import { mailRules } from './mail-rules.ts';
import { stillReplaces } from './still-replaces.ts';
import type { Metrics, Services } from '../services.ts';
import { toTtl } from '../time.ts';

export interface SendMailServices extends Services {
  readonly mailer: Mailer;
  readonly metrics: Metrics;
  /** The service's time zone, an IANA name. E-mails show times in this time zone. */
  readonly timeZone: string;
  /** The operator's e-mail address, which some e-mails show to recipients as the address to ask for help. */
  readonly contact: string;
  /**
   * Makes the queue of the line `notices` deliver an e-mail again after `delay` milliseconds, or earlier. Then `sendMail`
   * postpones the e-mail again.
   */
  readonly postpone: (mailId: string, delay: number) => Promise<void>;
}

type LinkMail = Extract<Mail, { template: LinkTemplate | 'invitation' }>;
/** The administrator that a link is for, and the administrator's customer. */
interface Recipient {
  readonly administrator: Administrator;
  readonly customer: Customer;
}
/** The reason why the service does not send an e-mail. The service logs the reason. */
type Refusal = 'nobody-to-send-to' | 'unsubscribing' | 'address-taken' | 'link-limit' | 'gone';

/**
 * Sends an e-mail that is stored in the table, and deletes the e-mail's item. Returns `not-sent` when the e-mail no
 * longer exists, when the service does not send it for one of the reasons in `Refusal`, when the e-mail is a notice that
 * is combined with other notices, or when SES refuses it permanently. Returns `postponed` when the e-mail is not due yet.
 * Keeps the e-mail's item and throws an error when another attempt to send the e-mail may succeed. Returns `copied` for
 * an e-mail to all privileged administrators: the function stores a copy for each of them, and the stream records of the
 * copies cause the sending.
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
    await copyForPrivileged(services, mail);
    return 'copied';
  }
  const { template, customerId, to } = mail;
  const about = { mailId, template, customerId };

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
  switch (mail.template) {
    case 'activation':
    case 'sign-in':
    case 'invitation':
    case 'email-confirmation':
      return composeLink(services, mail);
    case 'representative-changed':
      return representativeChanged({ ...mail, consoleUrl });
    case 'email-changed':
      return emailChanged({ ...mail, contact, consoleUrl });
    case 'passkey-added':
      return passkeyAdded({ ...mail, timeZone, contact, consoleUrl });
    case 'passkey-removed':
      return passkeyRemoved({ ...mail, timeZone, contact, consoleUrl });
    case 'recovery-undone':
      return recoveryUndone({ ...mail, timeZone, contact, consoleUrl });
    case 'unsubscribed':
      return unsubscribed({ ...mail, contact, consoleUrl });
    case 'combined-notices':
      return composeCombined(services, mail);
    case 'unsubscription-requested':
      return unsubscriptionRequested({ ...mail, timeZone, contact, consoleUrl });
    case 'unsubscription-cancelled':
      return unsubscriptionCancelled({ ...mail, consoleUrl });
  }
}

async function composeCombined(
  { table, consoleUrl }: Services,
  { customerId = '', combined, total }: Extract<Mail, { template: 'combined-notices' }>,
): Promise<Content | Refusal> {
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer) return 'nobody-to-send-to';
  const rules: Readonly<Record<string, { combinedAs?: string } | undefined>> = mailRules;
  const changes = Object.entries(combined).map(([template, times]) => ({
    what: rules[template]?.combinedAs ?? template,
    times,
  }));
  return combinedNotices({ customerName: customer.name, anHour: NOTICES_AN_HOUR, total, changes, consoleUrl });
}

async function composeLink(services: SendMailServices, mail: LinkMail): Promise<Content | Refusal> {
  const { table, clock, timeZone, consoleUrl, metrics } = services;
  const recipient = await findRecipient(services, mail);
  if (typeof recipient === 'string') return recipient;
  const { administrator, customer } = recipient;
  const { customerId, administratorId } = administrator;

  const now = clock.now();
  const { allowance, buckets } = limitsOf(mail);
  const taken = mail.isCounted === true ? 'counted' : await takeLink(table, mail.mailId, buckets, now);
  if (taken === 'limit-reached') metrics.add('LimitedLinks', 1);
  if (taken !== 'counted') return taken === 'gone' ? 'gone' : 'link-limit';
  if (mail.template === 'invitation') {
    const claimed = await claimAddress(services, administrator);
    if (claimed === 'invitation-gone') return 'nobody-to-send-to';
    if (claimed === 'address-taken') return invitationRefused({ consoleUrl });
  }
  const purpose = purposeOf(mail, administrator);
  const { page, lasts, inWords, template } = links[purpose];
  const token = newSecret('lnk');
  const expiresAt = now + lasts;
  const stored = {
    purpose,
    customerId,
    administratorId,
    email: mail.to,
    ...(mail.template === 'email-confirmation' && { replaces: mail.replaces }),
    expiresAt,
  };
  await putLink(table, token, stored, toTtl(expiresAt));
  // In the URL, the token follows the "#", so browsers do not send the token to a server, and no server logs the token.
  const url = `${consoleUrl}/${page}#token=${token}`;
  const link: MailedLink = { url, lasts: inWords, limit: allowanceInWords(allowance) };
  const isInvited = customer.status === 'active';
  const lapsesAt = isInvited ? invitationLapsesAt(administrator) : customerLapsesAt(customer);
  return template({ customerName: customer.name, link, isInvited, lapsesAt, timeZone });
}

/**
 * Returns the token buckets from which an e-mail with a link takes tokens, and the allowance that the e-mail states: the
 * allowance of links that the recipient can request. An e-mail that names no customer was requested by somebody who was
 * not signed in.
 */
function limitsOf({ template, to, customerId }: LinkMail) {
  return {
    allowance: linkAllowances[template === 'email-confirmation' ? 'customerToAddress' : 'anonymous'],
    buckets: customerId === undefined ? anonymousBuckets(to) : customerBuckets(to, customerId),
  };
}

/**
 * Returns the recipient of a link. If the link confirms a new address or is for an invitation, the e-mail names the
 * recipient. Otherwise, the recipient is the administrator who owns or claims the address to which the e-mail is sent.
 * All reads are strongly consistent. If there is no recipient, returns the reason. The person who requested the link
 * gets the same response whether there is a recipient or not. While a customer is unsubscribing, the service sends no
 * links to the customer's administrators. A sign-up or an invitation that has lapsed gets no link.
 */
async function findRecipient({ table, clock }: Services, mail: LinkMail): Promise<Recipient | Refusal> {
  const owner = mail.template === 'invitation' ? undefined : await readEmail(table, mail.to);
  if (mail.template === 'email-confirmation' && owner && !owner.claim) return 'address-taken';
  const isNamed = mail.template === 'email-confirmation' || mail.template === 'invitation';
  const { customerId, administratorId } = isNamed ? mail : (owner ?? {});
  if (customerId === undefined || administratorId === undefined) return 'nobody-to-send-to';
  const [administrator, customer] = await Promise.all([
    readAdministrator(table, customerId, administratorId, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (!administrator || !customer) return 'nobody-to-send-to';
  const now = clock.now();
  if (hasLapsed(administrator, now) || hasCustomerLapsed(customer, now)) return 'nobody-to-send-to';
  if (mail.template === 'invitation' && administrator.status !== 'provisional') return 'nobody-to-send-to';
  if (mail.template === 'email-confirmation' && !stillReplaces(mail.replaces, administrator))
    return 'nobody-to-send-to';
  return customer.status === 'unsubscribing' ? 'unsubscribing' : { administrator, customer };
}

/**
 * Claims the address of an invited administrator, so that a request for a sign-in link sends the invitation's link
 * again. Returns `address-taken` when the address belongs to an administrator of another customer, and
 * `invitation-gone` when the invited administrator was removed or activated meanwhile. The transaction checks the
 * administrator, so no claim is left after the administrator's removal. If a sign-up claims the address, the claim
 * stays, and the invitation's link works all the same.
 */
async function claimAddress(
  { table, clock }: Services,
  invited: Administrator,
): Promise<'claimed' | 'invitation-gone' | 'address-taken'> {
  const { email, customerId, administratorId } = invited;
  const now = clock.now();
  const endsAt = invitationLapsesAt(invited) ?? now;
  const claim = { by: 'invitation', endsAt } as const;
  const failures = await transact(table, {
    email: claimByInvitation({ email, customerId, administratorId, claim }, ttlAfter(endsAt), now),
    administrator: checkProvisional(invited),
  });
  if (failures?.administrator) return 'invitation-gone';
  return failures?.email?.item && !failures.email.item.claim ? 'address-taken' : 'claimed';
}

/**
 * Returns the purpose of a link. The purpose depends on the recipient, not on the request: a provisional administrator
 * who asks for a sign-in link gets the activation e-mail, whose link works for 24 hours. So an administrator whose
 * activation link has expired can request a sign-in link to get a new activation link.
 */
function purposeOf({ template }: LinkMail, { status }: Administrator): LinkTemplate {
  if (template === 'email-confirmation') return template;
  return status === 'provisional' ? 'activation' : 'sign-in';
}
