import type { RpView } from '../contract/rps.ts';
import { countIn, type Customer } from '../table/customers.ts';
import { putRp, takeRpId, type Rp } from '../table/rps.ts';
import { transact } from '../table/transaction.ts';
import { actorOf, type AdministratorCaller } from './callers.ts';
import { logChange } from './changes.ts';
import { RpIdTakenError, UnauthenticatedError } from './errors.ts';
import { newId } from './ids.ts';
import { requireRoom } from './registration.ts';
import { rpView } from './rp-view.ts';
import type { Services } from './services.ts';

/**
 * Registers an RP, takes its domain name and counts it, in one transaction. Throws `RpIdTakenError`,
 * `LicenseNotActiveError` or `LicenseLimitReachedError`.
 *
 *     A reads 0 of 1                 B reads 0 of 1
 *     A: count 0 → 1                 …
 *                                    B: condition false, the customer that stood there has 1 of 1
 *                                    B asks again with that customer: the limit is reached
 */
export async function registerRp(
  { table, clock, log }: Services,
  caller: AdministratorCaller,
  { rpId, name }: { rpId: string; name: string },
): Promise<RpView> {
  const now = clock.now();
  const { customerId } = caller.customer;
  const rp: Rp = { customerId, id: newId('rp'), rpId, name, registeredUsers: 0, createdAt: now };
  let customer: Customer | undefined = caller.customer;
  for (;;) {
    if (!customer) throw new UnauthenticatedError('The customer is not active.');
    const max = requireRoom(customer, 'registered-rps', 1, now);
    const failures = await transact(table, {
      rpId: takeRpId(rp),
      rp: putRp(rp),
      customer: countIn(customer, 'registeredRps', 1, max),
    });
    if (!failures) break;
    if (failures.rpId) throw new RpIdTakenError(rpId);
    // Registered, or given another license, since it was read: ask again with the customer that stood there.
    customer = failures.customer?.item as Customer | undefined;
  }
  logChange(log, { actor: actorOf(caller), what: 'rp', customerId, before: null, after: { id: rp.id, rpId, name } });
  return rpView(rp);
}
