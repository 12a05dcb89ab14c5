import type { MailedLink } from '../../email/link-notes.ts';
import { MailRejectedError, type Content, type Mailer } from '../../email/mailer.ts';
import { emailChanged } from '../../email/templates/email-changed.ts';
import { passkeyAdded } from '../../email/templates/passkey-added.ts';
import { representativeChanged } from '../../email/templates/representative-changed.ts';
import { unsubscribed } from '../../email/templates/unsubscribed.ts';
import { readAdministrator, type Administrator } from '../../table/administrators.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { readEmail, type Email } from '../../table/emails.ts';
import { takeLinkPlace } from '../../table/signing-in/link-limits.ts';
import { putLink } from '../../table/signing-in/links.ts';
import { deleteMail, readMail, type LinkTemplate, type Mail } from '../../table/mails.ts';
import { newSecret } from '../ids.ts';
import { customerLapsesAt, hasLapsed, invitationLapsesAt } from '../activation-deadline.ts';
import { links, LINKS_AN_HOUR } from './links.ts';
import { stillReplaces } from './still-replaces.ts';
import type { Metrics, Services } from '../services.ts';
import { HOUR, toTtl } from '../time.ts';

export interface SendMailServices extends Services {
  readonly mailer: Mailer;
  readonly metrics: Metrics;
  /** The service's time zone, an IANA name: in which times are told. */
  readonly timeZone: string;
  /** The e-mail address of the operator, for those whom nobody else can help. */
  readonly contact: string;
}

type LinkMail = Extract<Mail, { template: LinkTemplate }>;
/** Why an e-mail is not sent, for the log. */
type Refusal = 'nobody-to-send-to' | 'unsubscribing' | 'address-taken' | 'link-limit';

/**
 * Sends an e-mail that waits in the table, and ends it there: `not-sent` when it was ended before, nobody is to get it,
 * the address got its links of this hour, or it was refused for good. Throws when it may be tried again; then it waits.
 *
 * What happens if the process dies, or a write fails, before
 *   a place for a link is taken      nothing was done; the next try does all
 *   the link is stored               the e-mail has its place, which the next try finds and uses
 *   SES accepts the e-mail           nobody has the token of that link; the TTL takes it; the next try makes another
 *   the e-mail is deleted            it is sent once more, with another link; both work
 * and after that, another delivery finds no e-mail. Two deliveries at the same moment may both send it, each with a link
 * of its own.
 */
export async function sendMail(services: SendMailServices, mailId: string): Promise<'sent' | 'not-sent'> {
  const { table, log, mailer, metrics } = services;
  const mail = await readMail(table, mailId);
  if (!mail) return 'not-sent';
  const { template, customerId, to } = mail;
  const about = { mailId, template, customerId };

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

/** Gives what an e-mail says, once whatever it needs is in the table, or why it is not to be sent. */
function compose(services: SendMailServices, mail: Mail): Promise<Content | Refusal> | Content {
  const { consoleUrl, timeZone, contact } = services;
  switch (mail.template) {
    case 'activation':
    case 'sign-in':
    case 'email-confirmation':
      return composeLink(services, mail);
    case 'representative-changed':
      return representativeChanged({ ...mail, consoleUrl });
    case 'email-changed':
      return emailChanged({ ...mail, contact, consoleUrl });
    case 'passkey-added':
      return passkeyAdded({ ...mail, timeZone, contact, consoleUrl });
    case 'unsubscribed':
      return unsubscribed({ ...mail, contact, consoleUrl });
  }
}

async function composeLink(services: SendMailServices, mail: LinkMail): Promise<Content | Refusal> {
  const { table, clock, timeZone, consoleUrl } = services;
  const recipient = await findRecipient(services, mail);
  if (typeof recipient === 'string') return recipient;
  const { administrator, customer } = recipient;
  const { customerId, administratorId } = administrator;

  const now = clock.now();
  if (!(await takeLinkPlace(table, mail, now, LINKS_AN_HOUR, HOUR))) return 'link-limit';
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
  // Behind the "#", so that no server logs it.
  const link: MailedLink = { url: `${consoleUrl}/${page}#token=${token}`, lasts: inWords, anHour: LINKS_AN_HOUR };
  const isInvited = customer.status === 'active';
  const lapsesAt = isInvited ? invitationLapsesAt(administrator) : customerLapsesAt(customer);
  return template({ customerName: customer.name, link, isInvited, lapsesAt, timeZone });
}

/**
 * Gives whom a link is for, by strong reads: whoever has the address, or for a new address whoever wants it, if nobody
 * has it. Who asks does not learn which it was. "Meanwhile" (unsubscribing) "its addresses get no links."
 */
async function findRecipient(
  services: Services,
  mail: LinkMail,
): Promise<{ administrator: Administrator; customer: Customer } | Refusal> {
  const { table } = services;
  const owner = await findOwner(services, mail.to);
  if (owner && mail.template === 'email-confirmation') return 'address-taken';
  const { customerId, administratorId } = mail.template === 'email-confirmation' ? mail : (owner ?? {});
  if (customerId === undefined || administratorId === undefined) return 'nobody-to-send-to';
  const [administrator, customer] = await Promise.all([
    readAdministrator(table, customerId, administratorId, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (!administrator || !customer) return 'nobody-to-send-to';
  if (mail.template === 'email-confirmation' && !stillReplaces(mail.replaces, administrator))
    return 'nobody-to-send-to';
  return customer.status === 'unsubscribing' ? 'unsubscribing' : { administrator, customer };
}

/** Gives who has an address, by strong reads: nobody when their invitation has lapsed, until they are invited again. */
async function findOwner({ table, clock }: Services, email: string): Promise<Email | undefined> {
  const owner = await readEmail(table, email);
  const administrator = owner && (await readAdministrator(table, owner.customerId, owner.administratorId, 'strong'));
  return administrator && hasLapsed(administrator, clock.now()) ? undefined : owner;
}

/**
 * What a link is for follows from whom it goes to, not from what was asked. Whoever is still provisional gets the
 * activation e-mail with its 24 hours, also when asking to sign in: it is the same link as the first one, and a person
 * whose activation link expired asks for another by signing in.
 */
function purposeOf({ template }: LinkMail, { status }: Administrator): LinkTemplate {
  if (template === 'email-confirmation') return template;
  return status === 'provisional' ? 'activation' : 'sign-in';
}
