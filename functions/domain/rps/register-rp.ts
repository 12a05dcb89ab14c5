import { fieldError } from '../../contract/field-errors.ts';
import type { RpView } from '../../contract/rps.ts';
import { checkCaller } from '../../table/administrators.ts';
import { countRpIn } from '../../table/customers/registered-counts.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { putRp, takeRpId, type Rp } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { AlreadyExistsError, ForbiddenError } from '../errors.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { newId } from '../ids.ts';
import { requireRoom } from '../licenses/license-room.ts';
import { rpView } from './rp-view.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Also those removed again, each of which is counted when the month is closed and stands in its statement: so that nobody
 * makes the closing of a month endless, or a statement larger than an item may be. As many as a customer has at most.
 */
const RPS_OF_A_MONTH = 1_000;

/**
 * Registers an RP, takes its domain name and counts it, in one transaction. Throws `AlreadyExistsError`,
 * `LicenseNotActiveError`, `LicenseLimitReachedError`, or `ForbiddenError` for one too many in a month.
 *
 *     A reads 0 of 1                 B reads 0 of 1
 *     A: count 0 → 1                 …
 *                                    B: condition false, the customer that stood there has 1 of 1
 *                                    B asks again with that customer: the limit is reached
 */
export async function registerRp(
  { table, clock, log, calendar }: CalendarServices,
  caller: AdministratorCaller,
  { rpId, name }: { rpId: string; name: string },
): Promise<RpView> {
  const now = clock.now();
  const month = calendar.monthOf(now);
  const { customerId } = caller.customer;
  const rp: Rp = { customerId, id: newId('rp'), rpId, name, registeredUsers: 0, apiKeys: 0, createdAt: now };
  let customer: Customer | undefined = caller.customer;
  for (;;) {
    if (!customer) throw customerNotActive();
    const max = requireRoom(customer, 'registered-rps', 1, now);
    if (customer.rpsOfMonth?.month === month && customer.rpsOfMonth.registered >= RPS_OF_A_MONTH) {
      throw new ForbiddenError(
        `A customer can register at most ${RPS_OF_A_MONTH} RPs in a month, including removed ones. Try again next month.`,
      );
    }
    const count: Write<Customer> = countRpIn(customer, max, { month, most: RPS_OF_A_MONTH });
    const failures = await transact(table, {
      rpId: takeRpId(rp),
      rp: putRp(rp),
      customer: count,
      caller: checkCaller(caller.administrator),
    });
    if (!failures) break;
    if (failures.caller) throw lostRights();
    if (failures.rpId)
      throw new AlreadyExistsError(`The customer has an RP ${rpId} already.`, fieldError('#/rpId', 'rp-id-taken'));
    // Registered, or given another license, since it was read: ask again with the customer that stood there.
    customer = failures.customer?.item;
  }
  logChange(log, { actor: actorOf(caller), what: 'rp', customerId, before: null, after: { id: rp.id, rpId, name } });
  return rpView(rp);
}
