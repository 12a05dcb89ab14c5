import type { MailedLink } from '../../email/link-notes.ts';
import type { Content } from '../../email/mailer.ts';
import { invitationRefused } from '../../email/templates/invitation-refused.ts';
import { checkProvisional, readAdministrator, type Administrator } from '../../table/administrators.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { claimByInvitation, readEmail } from '../../table/emails.ts';
import { transact } from '../../table/engine/transaction.ts';
import { takeLink } from '../../table/limits/link-limits.ts';
import type { LinkTemplate, Mail } from '../../table/mails.ts';
import { putLink } from '../../table/signing-in/links.ts';
import {
  customerLapsesAt,
  hasCustomerLapsed,
  hasLapsed,
  invitationLapsesAt,
  ttlAfter,
} from '../activation-deadline.ts';
import { newSecret } from '../ids.ts';
import type { Metrics, Services } from '../services.ts';
import { toTtl } from '../time.ts';
import { languageOf } from './languages.ts';
import { allowanceInWords, anonymousBucket, customerBuckets, linkAllowances } from './link-allowances.ts';
import { links } from './links.ts';
import { stillReplaces } from './still-replaces.ts';

interface ComposeLinkServices extends Services {
  readonly metrics: Metrics;
  /** The service's time zone, an IANA name. E-mails show times in this time zone. */
  readonly timeZone: string;
}

type LinkMail = Extract<Mail, { template: LinkTemplate | 'invitation' }>;
/** The administrator that a link is for, and the administrator's customer. */
interface Recipient {
  readonly administrator: Administrator;
  readonly customer: Customer;
}
/** The reason why the service does not send an e-mail. The service logs the reason. */
export type Refusal = 'nobody-to-send-to' | 'unsubscribing' | 'address-taken' | 'link-limit' | 'gone';

/**
 * Returns the content of an e-mail with a link, or the reason why the e-mail must not be sent. Counts the e-mail toward
 * the limits of links, claims the address of an invitation, and stores the link in the table. `sendMail` documents what
 * is left if the process dies between two of these writes.
 */
export async function composeLink(services: ComposeLinkServices, mail: LinkMail): Promise<Content | Refusal> {
  const { table, clock, timeZone, consoleUrl, metrics } = services;
  const recipient = await findRecipient(services, mail);
  if (typeof recipient === 'string') return recipient;
  const { administrator, customer } = recipient;
  const { customerId, administratorId } = administrator;
  const language = languageOf(administrator);

  const now = clock.now();
  const { allowance, buckets } = limitsOf(mail);
  const taken = mail.isCounted === true ? 'counted' : await takeLink(table, mail.mailId, buckets, now);
  if (taken === 'limit-reached') metrics.add('LimitedLinks', 1);
  if (taken !== 'counted') return taken === 'gone' ? 'gone' : 'link-limit';
  if (mail.template === 'invitation') {
    const claimed = await claimAddress(services, administrator);
    if (claimed === 'invitation-gone') return 'nobody-to-send-to';
    if (claimed === 'address-taken') return invitationRefused({ consoleUrl, language });
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
    emailVersion: administrator.emailVersion,
    ...(mail.template === 'email-confirmation' && { replaces: mail.replaces }),
    expiresAt,
  };
  await putLink(table, token, stored, toTtl(expiresAt));
  // In the URL, the token follows the "#", so browsers do not send the token to a server, and no server logs the token.
  const url = `${consoleUrl}/${page}#token=${token}`;
  const link: MailedLink = { url, lasts: inWords[language], limit: allowanceInWords(allowance, language) };
  const isInvited = customer.status === 'active';
  const lapsesAt = isInvited ? invitationLapsesAt(administrator) : customerLapsesAt(customer);
  return template({ customerName: customer.name, link, isInvited, lapsesAt, timeZone, consoleUrl, language });
}

/**
 * Returns the token buckets from which an e-mail with a link takes tokens, and the allowance that the e-mail states:
 * the allowance of links that the recipient can request. An e-mail that names no customer was requested by somebody who
 * was not signed in.
 */
function limitsOf({ template, to, customerId }: LinkMail) {
  return {
    allowance: linkAllowances[template === 'email-confirmation' ? 'customerToAddress' : 'anonymous'],
    buckets: customerId === undefined ? [anonymousBucket(to)] : customerBuckets(to, customerId),
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
