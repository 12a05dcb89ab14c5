import { activateAdministrator, readAdministrator } from '../../table/administrators.ts';
import { activateCustomer } from '../../table/customers/customer-status.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import { readLink, useLink } from '../../table/signing-in/links.ts';
import { transact } from '../../table/engine/transaction.ts';
import { logChange } from '../change-log.ts';
import { linkNotValid } from '../refusals.ts';
import { newSession, type SignedIn } from './new-session.ts';
import type { Services } from '../services.ts';

/**
 * Signs in with the token of an e-mailed link. Each link works once. Activates the administrator and the customer if
 * they are provisional, that is, not active yet. If the administrator already has a passkey, the caller can only add
 * another passkey in the new session, and the service reports the added passkey by e-mail. So a person who can read the
 * administrator's e-mails cannot sign in unnoticed. Throws `UnauthenticatedError` for a link that is unknown, used or
 * expired, or that was sent to a former address of the administrator. The function writes in one transaction: if the
 * process dies, either the link is used and the session is stored, or nothing has changed.
 */
export async function signInByLink(services: Services, { token }: { token: string }): Promise<SignedIn> {
  const { table, clock, log } = services;
  const now = clock.now();
  const link = await readLink(table, token);
  if (!link || link.purpose === 'email-confirmation' || now >= link.expiresAt) throw linkNotValid();
  const { customerId, administratorId } = link;
  const [administrator, customer] = await Promise.all([
    readAdministrator(table, customerId, administratorId, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (administrator?.email !== link.email || !customer || customer.status === 'unsubscribing') throw linkNotValid();

  const { passkeys = 0 } = administrator;
  const { put, ...session } = newSession(administrator, now, passkeys > 0 ? 'add-passkey' : undefined);
  const failures = await transact(table, {
    link: useLink(token),
    administrator: activateAdministrator(administrator),
    customer: activateCustomer(customerId),
    session: put,
  });
  if (failures?.link || failures?.customer) throw linkNotValid();
  // The transaction failed because, after the administrator was read, the e-mail address changed, the first passkey was
  // added or the administrator was removed.
  if (failures) return signInByLink(services, { token });
  if (administrator.status === 'provisional') {
    logChange(log, {
      actor: { administratorId },
      what: 'administrator',
      customerId,
      before: { administratorId, status: 'provisional' },
      after: { administratorId, status: 'active' },
    });
  }
  return { ...session, administrator: { ...administrator, status: 'active' }, customer };
}
