import { operatorFieldError } from '../../contract/errors/operator-field-errors.ts';
import { pendingUnsubscription, readCustomer, type Customer } from '../../table/customers/customers.ts';
import { setLicenses } from '../../table/customers/customer-licenses.ts';
import { putLicense, readStandingLicenses } from '../../table/licenses.ts';
import type { Table } from '../../table/engine/client.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { Author } from '../change-log.ts';
import { InvalidInputError, LicenseLimitReachedError, NotFoundError } from '../errors.ts';
import { noticeToReaders } from '../mail/notice-to-readers.ts';
import { noticeOfCancellation } from '../mail/unsubscription-notices.ts';
import { noSuchCustomer } from '../refusals.ts';
import { lastBilledOf, lastPaidOf } from './last-bill.ts';
import { endedPaidOf, whatItReplaces, type SetLicense } from './license-change.ts';
import { licenseInForce, standingWith, withLicense, type License } from './license.ts';
import { monthBillsOf } from './month-bills.ts';
import { licenseFromPlan, type Overrides, type PlanCatalogue, type PlanServices } from './plans.ts';
import type { CalendarServices } from '../services.ts';

export interface NewLicense extends Overrides {
  readonly type: License['type'];
  /** The start of the license, in epoch milliseconds. @default - now */
  readonly startsAt?: number | undefined;
  /** The first instant after the license, in epoch milliseconds. @default - no end */
  readonly endsAt?: number | undefined;
  /** Whether the administrators who get notices about licenses get one about this license. @default false */
  readonly notify?: boolean | undefined;
}

/**
 * The maximum number of licenses that start in the future. The customer item contains all licenses that start in the
 * future, and the customer item must stay under 4 KB.
 */
const MAX_UPCOMING = 5;

/**
 * Sets a new license for a customer. Returns the new license and its effects on the customer's other licenses and on
 * the bills of the open months. The sort key of a license item contains the start of the license, so the item of the
 * new license replaces the item of a license with the same start. The table keeps all other licenses. The function
 * marks the licenses that the new license supersedes: the licenses that start after the new license but not in the
 * future.
 *
 * With `notify`, the same transaction stores a notice to the administrators, so the notice is sent once if the license
 * is set, and not at all otherwise.
 *
 * The function reads the licenses, and then changes them in one transaction. If another request sets or cancels a
 * license after the reads, or if the service closes a month, the transaction fails, and the function starts again.
 *
 * A paid license, even one that starts later, cancels an unsubscription that is pending. The same transaction sets the
 * license, removes the request to unsubscribe, and stores an e-mail to all privileged administrators. The transaction
 * also fails when somebody unsubscribes or cancels after the reads, so no request outlasts the license:
 *
 *     A reads the customer: no request
 *                                         the representative's request is stored
 *     A's write fails; A reads again: a request is pending
 *     A sets the license and cancels the request
 *
 * Throws `NotFoundError` when the customer does not exist, is unsubscribing or is not activated. Throws
 * `InvalidInputError` when the license type does not allow the times or maxima, or when too many licenses start in the
 * future. Throws `LicenseLimitReachedError` when more RPs or users are registered than the new license allows.
 */
export async function setLicense(
  services: CalendarServices & PlanServices,
  author: Author,
  customerId: string,
  wanted: NewLicense,
): Promise<SetLicense> {
  const { table, clock, plans } = services;
  const added = makeLicense(plans, wanted, clock.now());
  for (;;) {
    const { customer, writes, cancelled, set } = await prepare(services, customerId, added, wanted.notify);
    const change = newChange(services, author, customerId, {
      kind: 'license-set',
      // The values below contain the type only if it changes.
      subject: { id: added.type },
      before: customer.license,
      after: added,
    });
    const cancels = cancelled && { kind: 'unsubscription-cancelled' as const, before: cancelled, after: null };
    const cancellation = cancels && newChange(services, author, customerId, cancels);
    const audits = { audit: change.write, auditOfCancellation: cancellation?.write };
    if (await transact(table, { ...writes, ...audits })) continue;
    change.log();
    cancellation?.log();
    return set;
  }
}

/**
 * Returns the result that `setLicense` would return now, and throws the errors that `setLicense` would throw. Writes
 * nothing to the table and logs no change.
 */
export async function previewLicense(
  services: CalendarServices & PlanServices,
  customerId: string,
  wanted: NewLicense,
): Promise<SetLicense> {
  const added = makeLicense(services.plans, wanted, services.clock.now());
  return (await prepare(services, customerId, added)).set;
}

/** Reads what `setLicense` needs, checks the new license, and returns the writes and the result. Writes nothing. */
async function prepare(services: CalendarServices, customerId: string, added: License, notifies = false) {
  const { table, clock, calendar } = services;
  const now = clock.now();
  // The customer must be read before the licenses. If another request sets a license between the two reads, the
  // `licenseVersion` in `customer` is outdated, and the transaction fails.
  const customer = await readCustomerToLicense(table, customerId);
  const standing = await readStandingLicenses(table, customerId);
  requireFits(customer, added);
  const { licenses, superseded } = withLicense(standing, added, now);
  if (licenses.upcomingLicenses.length > MAX_UPCOMING) {
    throw new InvalidInputError([
      operatorFieldError('#/startsAt', 'too-many-upcoming-licenses', { max: MAX_UPCOMING }),
    ]);
  }
  const cancelsUnsubscription = added.type !== 'free';
  const cancelled = cancelsUnsubscription ? pendingUnsubscription(customer) : undefined;
  const lastBilled = await lastBilledOf(services, customer, standing, added, now);
  const writes = {
    customer: setLicenses(
      customer,
      licenses,
      {
        rps: added.maxRegisteredRps,
        users: added.type === 'free' ? added.maxRegisteredUsers : Number.MAX_SAFE_INTEGER,
      },
      { lastPaid: lastBilled && lastPaidOf(services, lastBilled), cancelsUnsubscription },
    ),
    license: putLicense(customerId, added),
    notice: cancelled && noticeOfCancellation(customer, null, now, services.requestId),
    licenseNotice: notifies
      ? noticeToReaders(
          { template: 'license-set', customerId, customerName: customer.name, license: added },
          now,
          services.requestId,
        )
      : undefined,
    ...Object.fromEntries(
      superseded.map((license): [string, Write] => [
        `superseded ${license.startsAt}`,
        putLicense(customerId, { ...license, supersededAt: now }),
      ]),
    ),
  };
  const { closedThrough } = customer;
  const set: SetLicense = {
    license: added,
    ...whatItReplaces(customer, standing, added, superseded, now),
    endedPaid: endedPaidOf(customer, added, lastBilled, now),
    cancelsUnsubscription: cancelled !== undefined,
    inForce: { before: licenseInForce(customer, now), after: licenseInForce(licenses, now) },
    bills: await monthBillsOf(
      services,
      customer,
      { before: standing, after: standingWith(standing, added, now).kept },
      now,
    ),
    keptThrough:
      closedThrough !== undefined && added.startsAt < calendar.endOf(closedThrough) ? closedThrough : undefined,
  };
  return { customer, writes, cancelled, set };
}

/**
 * Reads a customer, with strong consistency, so that the calling function can change the customer's licenses. Throws
 * `NotFoundError` if the customer does not exist, is unsubscribing or is not activated. Before the activation, every
 * item of the customer has a TTL, and a new license would stay in the table forever if nobody activated the customer.
 */
export async function readCustomerToLicense(table: Table, customerId: string): Promise<Customer> {
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer) throw noSuchCustomer(customerId);
  if (customer.ttl !== undefined) {
    throw new NotFoundError(`The customer ${customerId} is not activated yet. Set the license after the activation.`);
  }
  if (customer.status === 'unsubscribing') {
    throw new NotFoundError(`The customer ${customerId} is unsubscribing. Its licenses can no longer change.`);
  }
  return customer;
}

function makeLicense(plans: PlanCatalogue, wanted: NewLicense, now: number): License {
  const { type, startsAt = now, endsAt, maxRegisteredRps, maxRegisteredUsers, maxMau } = wanted;
  if (endsAt !== undefined && endsAt <= startsAt) {
    throw new InvalidInputError([operatorFieldError('#/endsAt', 'end-not-after-start')]);
  }
  if (type === 'free' && endsAt !== undefined) {
    throw new InvalidInputError([operatorFieldError('#/endsAt', 'end-on-free')]);
  }
  if (type === 'free' && startsAt > now) {
    throw new InvalidInputError([operatorFieldError('#/startsAt', 'start-later-on-free')]);
  }
  if (type !== 'free' && endsAt === undefined) {
    throw new InvalidInputError([operatorFieldError('#/endsAt', 'end-required')]);
  }
  const refused = type === 'free' ? ({ maxMau } as const) : ({ maxRegisteredUsers } as const);
  for (const [name, maximum] of Object.entries(refused)) {
    if (maximum !== undefined) {
      throw new InvalidInputError([operatorFieldError(`#/${name}`, 'maximum-not-in-license', { licenseType: type })]);
    }
  }
  const times = { startsAt, endsAt: endsAt ?? null, setAt: now };
  return licenseFromPlan(plans[type], times, { maxRegisteredRps, maxRegisteredUsers, maxMau });
}

function requireFits({ registeredRps, registeredUsers }: Customer, license: License): void {
  const licenseType = license.type;
  if (registeredRps > license.maxRegisteredRps) {
    const max = license.maxRegisteredRps;
    throw new LicenseLimitReachedError({ limit: 'registered-rps', max, current: registeredRps, licenseType });
  }
  if (license.type === 'free' && registeredUsers > license.maxRegisteredUsers) {
    const max = license.maxRegisteredUsers;
    throw new LicenseLimitReachedError({ limit: 'registered-users', max, current: registeredUsers, licenseType });
  }
}
