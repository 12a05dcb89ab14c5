import { activateAdministrator, readAdministrator, type Administrator } from '../table/administrators.ts';
import { activateCustomer, readCustomer, type Customer } from '../table/customers.ts';
import { readLink, useLink } from '../table/links.ts';
import { putSession } from '../table/sessions.ts';
import { transact } from '../table/transaction.ts';
import { logChange } from './changes.ts';
import { UnauthenticatedError } from './errors.ts';
import { newSecret } from './ids.ts';
import type { Services } from './services.ts';
import { HOUR, toTtl } from './time.ts';

/** "A session ends 12 hours after signing in." */
export const SESSION_LASTS = 12 * HOUR;

/**
 * Signs in with the token of an e-mailed link, which works once; activates a provisional administrator and customer.
 * Throws `UnauthenticatedError` for a link that is unknown, used, expired, or was sent to an address that is not the
 * administrator's any more. All is one transaction: if the process dies, the link was used and the session is there, or neither.
 */
export async function createSession(
  { table, clock, log }: Services,
  { token }: { token: string },
): Promise<{ sessionToken: string; expiresAt: number; administrator: Administrator; customer: Customer }> {
  const refused = new UnauthenticatedError('The link is not valid, was used or has expired. Ask for another one.');
  const now = clock.now();
  const link = await readLink(table, token);
  if (!link || link.purpose === 'email-confirmation' || now >= link.expiresAt) throw refused;
  const { customerId, administratorId } = link;
  const [administrator, customer] = await Promise.all([
    readAdministrator(table, customerId, administratorId, 'strong'),
    readCustomer(table, customerId, 'strong'),
  ]);
  if (administrator?.email !== link.email || !customer || customer.status === 'unsubscribing') throw refused;

  const sessionToken = newSecret('ses');
  const expiresAt = now + SESSION_LASTS;
  const failures = await transact(table, {
    link: useLink(token),
    administrator: activateAdministrator(administrator),
    customer: activateCustomer(customerId),
    session: putSession(
      sessionToken,
      {
        customerId,
        administratorId,
        generation: administrator.sessionGeneration,
        signedInAt: now,
        lastUsedAt: now,
        expiresAt,
      },
      toTtl(expiresAt),
    ),
  });
  if (failures) throw refused;
  if (administrator.status === 'provisional') {
    logChange(log, {
      actor: { administratorId },
      what: 'administrator',
      customerId,
      before: { administratorId, status: 'provisional' },
      after: { administratorId, status: 'active' },
    });
  }
  return { sessionToken, expiresAt, administrator: { ...administrator, status: 'active' }, customer };
}
