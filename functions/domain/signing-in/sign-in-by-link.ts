import { readAdministrator, receiveSignInLink, type Administrator } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { readLink, useLink, type Link } from '../../table/signing-in/links.ts';
import { transact } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { DomainError } from '../errors.ts';
import { addressElsewhere, linkNotValid } from '../refusals.ts';
import type { Language } from '../mail/languages.ts';
import { activationOf } from './activation-of.ts';
import { countsWithPasskey } from '../sessions/new-passkeys.ts';
import { newSession, type SignedIn } from '../sessions/new-session.ts';
import type { Services } from '../services.ts';
import { logRefusedSignIn, logSignIn } from './sign-in-log.ts';

/** Returns whether the administrator's address has not changed since the link was sent. */
const isSameVersion = (link: Link, { emailVersion = 0 }: Administrator): boolean =>
  (link.emailVersion ?? 0) === emailVersion;

/**
 * Signs in with the token of an e-mailed link. Each link works once and for one purpose: an activation link activates a
 * provisional administrator, and a sign-in link signs in an active administrator. If the administrator already has a
 * passkey that is not too new, the caller can only add another passkey in the new session, and the service reports the
 * added passkey by e-mail. So a person who can read the administrator's e-mails cannot sign in unnoticed. `ipAddress`
 * is the IP address that sent the request. Logs every sign-in and every refusal. Throws `UnauthenticatedError` for a
 * link that is unknown, used or expired, that was sent to a former address of the administrator, or that activates an
 * administrator who is already active, whose invitation or sign-up has lapsed, or whose sign-up is not the latest one
 * with the address. Throws `AlreadyExistsError` when an invited person's address meanwhile belongs to an administrator
 * of another customer. The function writes in one transaction: if the process dies, either the link is used and the
 * session is stored, or nothing has changed.
 */
export async function signInByLink(
  services: Services,
  { token, language }: { token: string; language?: Language | undefined },
  ipAddress: string,
): Promise<SignedIn> {
  const { table, clock, log } = services;
  const now = clock.now();
  const link = await readLink(table, token);
  const refused = (error: DomainError = linkNotValid()) => {
    const { administratorId, customerId } = link ?? {};
    logRefusedSignIn(log, { administratorId, customerId, method: 'link', ipAddress });
    return error;
  };
  if (!link || link.purpose === 'email-confirmation' || now >= link.expiresAt) throw refused();
  const { customerId, administratorId } = link;
  const [administrator, customer] = await Promise.all([
    readAdministrator(table, customerId, administratorId, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (administrator?.email !== link.email || !customer || !isSameVersion(link, administrator)) throw refused();
  const isActivation = link.purpose === 'activation';
  const activation = isActivation ? activationOf(administrator, customer, now, language) : undefined;
  if (isActivation && !activation) throw refused();

  const { email } = administrator;
  const method = countsWithPasskey(administrator, now) ? 'recovery-link' : 'link';
  const { put, ...session } = newSession(administrator, now, { method, email }, ipAddress);
  // The first sign-in of a representative activates the customer. Before that, the customer has no audit entries.
  const [kind, status] = activation
    ? ([customer.status === 'provisional' ? 'customer-activated' : 'administrator-activated', 'active'] as const)
    : (['session-begun'] as const);
  const change = newChange(services, { administrator }, customerId, {
    kind,
    before: activation ? { administratorId, status: 'provisional' } : null,
    after: { administratorId, status, method },
  });
  const failures = await transact(table, {
    link: useLink(token),
    ...(activation ?? { administrator: receiveSignInLink(administrator), customer: checkCustomerActive(customerId) }),
    session: put,
    audit: change.write,
  });
  if (failures?.link || failures?.customer) throw refused();
  // The transaction failed because, after the administrator was read, the administrator was activated or removed, the
  // e-mail address changed, or the passkeys changed in a way that decides what a link may do.
  if (failures?.administrator) return signInByLink(services, { token, language }, ipAddress);
  // The address belongs to an administrator of another customer, or a later sign-up claims it.
  if (failures) throw customer.status === 'active' ? refused(addressElsewhere()) : refused();
  logSignIn(log, { administratorId, customerId, method, ipAddress });
  if (activation) change.log();
  return { ...session, administrator: { ...administrator, status: 'active' }, customer };
}
