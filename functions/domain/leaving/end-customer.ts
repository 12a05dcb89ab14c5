import { readCustomer, type Customer, type Unsubscription } from '../../table/customers/customers.ts';
import { transact } from '../../table/engine/transaction.ts';
import { allowDiscarding, startUnsubscribing } from '../../table/customers/customer-status.ts';
import { operatorFieldError } from '../../contract/errors/operator-field-errors.ts';
import type { StatementView } from '../../contract/statements.ts';
import { isSameName } from '../../contract/values/texts.ts';
import { newChange } from '../audit/new-change.ts';
import type { Author } from '../change-log.ts';
import type { Month } from '../calendar.ts';
import { nextMonthOf } from '../licenses/billed-months.ts';
import { closeMonthsOf } from '../statements/close-months.ts';
import { AlreadyExistsError, ConfirmationMismatchError, InvalidInputError } from '../errors.ts';
import { noSuchCustomer } from '../refusals.ts';
import { listStatements } from '../statements/list-statements.ts';
import { COUNTED_WITHIN, lastMonthOf as lastMonthAfter } from '../metering/operation-times.ts';
import type { CalendarServices, Services } from '../services.ts';
import { toIso } from '../time.ts';
import { waitAfterFence } from './wait-after-fence.ts';

/**
 * The operator ends a customer's use of the service in three steps, so that the operator has the final statements in a
 * file before the service discards any item. First, `endCustomer` sets the customer's status to `unsubscribing`, so
 * that the service refuses all requests of the customer. When no more operations can be counted, `listFinalStatements`
 * closes the customer's months and returns the final statements, and the operator's command line writes them to a file.
 * When the file is complete, `discardEndedCustomer` allows the discarding to begin. After an interruption, the operator
 * repeats the interrupted step, and the step continues where it stopped.
 */

/** The maximum number of statements in one response. */
const STATEMENTS_A_PAGE = 100;

/**
 * Ends a customer's use of the service, whether the customer's license is Free or paid: sets the customer's status to
 * `unsubscribing`. Returns the customer's ID and name, and the ISO 8601 time at which the status was set. Throws
 * `NotFoundError` when there is no such customer, or when the customer is not activated: DynamoDB deletes such a
 * customer by its TTL. Throws `ConfirmationMismatchError` when `confirmation` is not the customer's name. The operator
 * can repeat the call until the operator allows the discarding. Throws `AlreadyExistsError` when the discarding is
 * already allowed, or when the customer unsubscribed by itself. If the process dies after the status is stored, the
 * service refuses all requests of the customer, and the discarding does not begin before the operator runs the next two
 * steps.
 */
export async function endCustomer(
  services: Services,
  author: Author,
  customerId: string,
  confirmation: string,
): Promise<{ customerId: string; name: string; unsubscribedAt: string }> {
  const { table, clock } = services;
  for (;;) {
    const customer = await readCustomer(table, customerId, 'strong');
    if (!customer || customer.ttl !== undefined) throw noSuchCustomer(customerId);
    if (!isSameName(confirmation, customer.name)) throw new ConfirmationMismatchError();
    const { name, status, unsubscription } = customer;
    if (unsubscription) {
      if (unsubscription.by !== 'operator')
        throw new AlreadyExistsError(`The customer ${customerId} is unsubscribing already.`);
      if (unsubscription.discards) throw isDiscarded(customerId);
      return { customerId, name, unsubscribedAt: toIso(unsubscription.startedAt) };
    }
    const startedAt = clock.now();
    const change = newChange(services, author, customerId, {
      kind: 'customer-unsubscribed',
      before: { status },
      after: { status: 'unsubscribing' },
    });
    const failures = await transact(table, {
      audit: change.write,
      customer: startUnsubscribing(customer, { startedAt, by: 'operator', discards: false }),
    });
    if (failures) continue;
    change.log();
    return { customerId, name, unsubscribedAt: toIso(startedAt) };
  }
}

/**
 * Closes every open month, including the current month, of a customer that `endCustomer` has unsubscribed. Returns a
 * page of the customer's statements, newest first. While the service may still count operations of the customer, closes
 * no month and returns only `waitsUntil`, the ISO 8601 time from which the operator can repeat this step. Throws
 * `NotFoundError` when `endCustomer` was not called for the customer, and `AlreadyExistsError` when the operator has
 * already allowed the discarding. If the process dies, the months that are already closed stay closed.
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
 * Allows the service to discard a customer that `endCustomer` has unsubscribed. The operator takes this step after the
 * customer's final statements are written. The next hourly run begins to discard the customer. Throws `NotFoundError`
 * when `endCustomer` was not called for the customer, and `InvalidInputError` while a month of the customer is open,
 * because the final statements do not exist yet.
 */
export async function discardEndedCustomer(services: CalendarServices, customerId: string): Promise<void> {
  const customer = await readEnded(services, customerId);
  if (nextMonthOf(services.calendar, customer) <= lastMonthOf(services, customer)) {
    throw new InvalidInputError([operatorFieldError('#/customerId', 'months-not-closed')]);
  }
  if (!(await allowDiscarding(services.table, customerId))) throw noSuchCustomer(customerId);
}

/**
 * Returns the last month in which a customer may have operations after `endCustomer` has ended the customer's use of
 * the service. An RP's clock may be ahead of the service's clock, so this month can be the month after the month in
 * which the operator ended the customer's use of the service.
 */
function lastMonthOf({ calendar }: CalendarServices, { unsubscription }: Ended): Month {
  return lastMonthAfter(calendar, unsubscription.startedAt);
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
    `The final statements of the customer ${customerId} were written. The service is discarding the customer now.`,
  );
