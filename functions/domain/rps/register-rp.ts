import { fieldError } from '../../contract/errors/field-errors.ts';
import type { RpView } from '../../contract/rp-views.ts';
import { checkCaller } from '../../table/administrators.ts';
import { countRpIn } from '../../table/customers/registered-counts.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { putRp, takeRpId } from '../../table/rps.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { AlreadyExistsError, ForbiddenError } from '../errors.ts';
import { customerNotActive, lostRights } from '../refusals.ts';
import { newId } from '../ids.ts';
import { requireRoom } from '../licenses/license-room.ts';
import { refusePublicSuffix } from './refuse-public-suffix.ts';
import { rpView } from './rp-view.ts';
import type { CalendarServices } from '../services.ts';

/**
 * The maximum number of RPs that a customer can register in a month, including RPs that were removed later. When the
 * service closes a month, it counts the active users of each of these RPs and lists each RP in the month's statement.
 * Without a maximum, closing a month could take too long, and a statement could exceed the maximum size of a DynamoDB
 * item.
 */
const RPS_OF_A_MONTH = 1_000;

/**
 * Registers an RP for the caller's customer and returns the RP. One transaction stores the RP, reserves the RP's domain
 * name and adds the RP to the customer's counts. Throws `InvalidInputError` when the domain name is a public suffix,
 * `AlreadyExistsError` when the customer already has an RP with this domain name, `LicenseNotActiveError` or
 * `LicenseLimitReachedError` when the license does not allow the RP, `ForbiddenError` when the customer has registered
 * too many RPs in this month, and `UnauthenticatedError` when the caller has lost their rights or the customer is not
 * active.
 *
 * Two requests, A and B, cannot exceed the limit together:
 *
 *     A reads: 0 of 1 RPs            B reads: 0 of 1 RPs
 *     A writes: 1 of 1               …
 *                                    B's write fails and returns the current customer item: 1 of 1 RPs
 *                                    B checks the limit again with this item: the limit is reached
 */
export async function registerRp(
  services: CalendarServices,
  caller: AdministratorCaller,
  { rpId, name }: { rpId: string; name: string },
): Promise<RpView> {
  const { table, clock, calendar } = services;
  await refusePublicSuffix(rpId);
  const now = clock.now();
  const { customerId } = caller.customer;
  const rp = { customerId, id: newId('rp'), rpId, name, registeredUsers: 0, apiKeys: 0, createdAt: now };
  const change = newChange(services, caller, customerId, {
    kind: 'rp-registered',
    subject: { id: rp.id, name },
    rpRef: rp.id,
    before: null,
    after: { id: rp.id, rpId, name },
  });
  let customer: Customer | undefined = caller.customer;
  for (;;) {
    if (!customer) throw customerNotActive();
    const maxima = requireRoom(customer, 'registered-rps', 1, { now, calendar });
    if (customer.rpsOfMonth?.month === maxima.month && customer.rpsOfMonth.registered >= RPS_OF_A_MONTH) {
      throw new ForbiddenError(
        `A customer can register at most ${RPS_OF_A_MONTH} RPs in a month, including removed ones. Try again next month.`,
      );
    }
    const count: Write<Customer> = countRpIn(customer, { ...maxima, maxOfMonth: maxima.maxOfMonth ?? RPS_OF_A_MONTH });
    const failures = await transact(table, {
      rpId: takeRpId(rp),
      rp: putRp(rp),
      customer: count,
      caller: checkCaller(caller.administrator),
      audit: change.write,
    });
    if (!failures) break;
    if (failures.caller) throw lostRights();
    if (failures.rpId)
      throw new AlreadyExistsError(`The customer has an RP ${rpId} already.`, fieldError('#/rpId', 'rp-id-taken'));
    // The transaction failed because another RP was registered or another license was set after the customer was read.
    // The loop checks all limits again with the changed customer.
    customer = failures.customer?.item;
  }
  change.log();
  return rpView(rp);
}
