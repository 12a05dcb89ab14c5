import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { allowDiscarding, startUnsubscribing } from '../../table/customers/customer-status.ts';
import type { Unsubscription } from '../../table/customers/customers.ts';
import { fieldError } from '../../contract/field-errors.ts';
import type { StatementView } from '../../contract/statements.ts';
import type { Actor } from '../callers.ts';
import type { Month } from '../calendar.ts';
import { logChange } from '../change-log.ts';
import { nextMonthOf } from '../statements/close-month.ts';
import { closeMonthsOf } from '../statements/close-months.ts';
import { AlreadyExistsError, ConfirmationMismatchError, InvalidInputError } from '../errors.ts';
import { noSuchCustomer } from '../refusals.ts';
import { listStatements } from '../statements/list-statements.ts';
import { AHEAD, COUNTED_WITHIN } from '../metering/operation-times.ts';
import type { CalendarServices, Services } from '../services.ts';
import { toIso } from '../time.ts';
import { waitAfterFence } from './wait-after-fence.ts';

/**
 * The operator ends a customer's use of the service in three steps, so that the final statements are in a file before
 * any item is discarded. First, `endCustomer` puts up the fence. When no operation can be counted any more,
 * `listFinalStatements` writes the final statements. When the file is complete, `discardEndedCustomer` allows the
 * discarding to begin. After an interruption, the operator repeats the steps, and they continue where they stopped.
 */

/** The maximum number of statements in one answer. */
const STATEMENTS_A_PAGE = 100;

/**
 * Puts up the fence for a customer with any license. Throws `NotFoundError` when there is no such customer,
 * `ConfirmationMismatchError` when `confirmation` is not exactly the customer's name, and `AlreadyExistsError` when the
 * customer unsubscribed itself or its final statements are written. If the process dies after the write, the service
 * serves no request of the customer, and the discarding does not begin before the operator takes the next steps.
 */
export async function endCustomer(
  { table, clock, log }: Services,
  actor: Actor,
  customerId: string,
  confirmation: string,
): Promise<{ customerId: string; name: string; unsubscribedAt: string }> {
  for (;;) {
    const customer = await readCustomer(table, customerId, 'strong');
    if (!customer) throw noSuchCustomer(customerId);
    if (confirmation !== customer.name) throw new ConfirmationMismatchError();
    const { name, status, unsubscription } = customer;
    if (unsubscription) {
      if (unsubscription.by !== 'operator')
        throw new AlreadyExistsError(`The customer ${customerId} is unsubscribing already.`);
      if (unsubscription.discards) throw isDiscarded(customerId);
      return { customerId, name, unsubscribedAt: toIso(unsubscription.startedAt) };
    }
    const startedAt = clock.now();
    const failures = await transact(table, {
      customer: startUnsubscribing(customer, { startedAt, by: 'operator', discards: false }),
    });
    if (failures) continue;
    logChange(log, { actor, what: 'customer', customerId, before: { status }, after: { status: 'unsubscribing' } });
    return { customerId, name, unsubscribedAt: toIso(startedAt) };
  }
}

/**
 * Closes every open month of an ended customer, including the current one, and returns its statements, newest first, a
 * page at a time. While operations may still be counted, it only returns `waitsUntil`, an ISO 8601 time. Throws
 * `NotFoundError` for a customer that the operator has not ended. If the process dies, the months that it closed stay
 * closed.
 */
export async function listFinalStatements(
  services: CalendarServices,
  customerId: string,
  cursor: string | undefined,
): Promise<{ waitsUntil: string } | { items: StatementView[]; nextCursor: string | null }> {
  const { clock } = services;
  const customer = await readEnded(services, customerId);
  if (customer.unsubscription.discards) {
    throw isDiscarded(customerId);
  }
  const waits = await waitAfterFence(services, customer, COUNTED_WITHIN);
  if (waits > 0) return { waitsUntil: toIso(clock.now() + waits) };
  await closeMonthsOf(services, customer, lastMonthOf(services, customer), () => true);
  return listStatements(services, { customer }, { limit: STATEMENTS_A_PAGE, cursor });
}

/**
 * Allows an ended customer to be discarded, after its final statements are written. The next hourly run then begins to
 * discard the customer. Throws `NotFoundError` for a customer that the operator has not ended, and `InvalidInputError`
 * while a month of the customer is open, because the final statements do not exist yet.
 */
export async function discardEndedCustomer(services: CalendarServices, customerId: string): Promise<void> {
  const customer = await readEnded(services, customerId);
  if (nextMonthOf(services.calendar, customer) <= lastMonthOf(services, customer)) {
    throw new InvalidInputError([fieldError('#/customerId', 'months-not-closed')]);
  }
  if (!(await allowDiscarding(services.table, customerId))) throw noSuchCustomer(customerId);
}

/**
 * Returns the last month in which an ended customer may have operations. The clock of an RP may be ahead, so this can
 * be the month after the month of the fence.
 */
function lastMonthOf({ calendar }: CalendarServices, { unsubscription }: Ended): Month {
  return calendar.monthOf(unsubscription.startedAt + COUNTED_WITHIN + AHEAD);
}

async function readEnded({ table }: Services, customerId: string) {
  const customer = await readCustomer(table, customerId, 'strong');
  if (!isEnded(customer)) throw noSuchCustomer(customerId);
  return customer;
}

type Ended = Customer & { readonly unsubscription: Unsubscription };
const isEnded = (customer: Customer | undefined): customer is Ended => customer?.unsubscription?.by === 'operator';

const isDiscarded = (customerId: string) =>
  new AlreadyExistsError(
    `The final statements of the customer ${customerId} were written. The service discards it now.`,
  );
