import { fieldError } from '../../contract/field-errors.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import { setLicenses } from '../../table/customers/customer-licenses.ts';
import { putLicense, readStandingLicenses } from '../../table/licenses.ts';
import type { Table } from '../../table/engine/client.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import type { Actor } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { InvalidInputError, LicenseLimitReachedError, NotFoundError } from '../errors.ts';
import { noSuchCustomer } from '../refusals.ts';
import { lastBilledOf, lastPaidOf } from './last-bill.ts';
import { endedPaidOf, whatItReplaces, type SetLicense } from './license-change.ts';
import { withLicense, type License } from './license.ts';
import { licenseFromPlan, type Overrides, type PlanCatalogue, type PlanServices } from './plans.ts';
import type { CalendarServices } from '../services.ts';

export interface NewLicense extends Overrides {
  readonly type: License['type'];
  /** Epoch milliseconds. @default - now */
  readonly startsAt?: number | undefined;
  /** Epoch milliseconds. @default - no end */
  readonly endsAt?: number | undefined;
}

/** A customer has its license in force and a few that start later: they all stand in its item of under 4 KB. */
const MAX_UPCOMING = 5;

/**
 * Sets a customer's license and says what that changed. One that starts later leaves the present one in force until then.
 * Everything that was set stays under its start; what the new one takes the place of is marked superseded. One
 * transaction, on the licenses that were read: when another was set or a month closed meanwhile, they are read again.
 * Throws `NotFoundError`, `InvalidInputError` for times that cannot be, and `LicenseLimitReachedError`: "Moving to Free is
 * refused while more is registered than Free allows."
 */
export async function setLicense(
  services: CalendarServices & PlanServices,
  actor: Actor,
  customerId: string,
  wanted: NewLicense,
): Promise<SetLicense> {
  const { table, clock, log, plans } = services;
  const added = makeLicense(plans, wanted, clock.now());
  for (;;) {
    const now = clock.now();
    // In this order: a license set between the two reads makes the version stale, and the transaction fails.
    const customer = await readCustomerToLicense(table, customerId);
    const standing = await readStandingLicenses(table, customerId);
    requireFits(customer, added);
    const { licenses, superseded } = withLicense(standing, added, now);
    if (licenses.upcomingLicenses.length > MAX_UPCOMING) {
      throw new InvalidInputError([fieldError('#/startsAt', 'too-many-upcoming-licenses', { max: MAX_UPCOMING })]);
    }
    const lastBilled = await lastBilledOf(services, customer, standing, added, now);
    const failures = await transact(table, {
      customer: setLicenses(
        customer,
        licenses,
        {
          rps: added.maxRegisteredRps,
          users: added.type === 'free' ? added.maxRegisteredUsers : Number.MAX_SAFE_INTEGER,
        },
        lastBilled && lastPaidOf(services, lastBilled),
      ),
      license: putLicense(customerId, added),
      ...Object.fromEntries(
        superseded.map((license): [string, Write] => [
          `superseded ${license.startsAt}`,
          putLicense(customerId, { ...license, supersededAt: now }),
        ]),
      ),
    });
    if (failures) continue;
    logChange(log, { actor, what: 'license', customerId, before: customer.license, after: added });
    return {
      license: added,
      ...whatItReplaces(customer, standing, added, superseded, now),
      endedPaid: endedPaidOf(customer, added, lastBilled, now),
    };
  }
}

/** Reads a customer whose licenses are to change. Throws `NotFoundError` when there is none, or it has been ended. */
export async function readCustomerToLicense(table: Table, customerId: string): Promise<Customer> {
  const customer = await readCustomer(table, customerId, 'strong');
  if (!customer) throw noSuchCustomer(customerId);
  if (customer.status === 'unsubscribing') {
    throw new NotFoundError(`The customer ${customerId} was ended. Its licenses can no longer change.`);
  }
  return customer;
}

function makeLicense(plans: PlanCatalogue, wanted: NewLicense, now: number): License {
  const { type, startsAt = now, endsAt, maxRegisteredRps, maxRegisteredUsers, maxMau } = wanted;
  if (endsAt !== undefined && endsAt <= startsAt) {
    throw new InvalidInputError([fieldError('#/endsAt', 'end-not-after-start')]);
  }
  if (type === 'free' && endsAt !== undefined) {
    throw new InvalidInputError([fieldError('#/endsAt', 'end-on-free')]);
  }
  if (type === 'free' && startsAt > now) {
    throw new InvalidInputError([fieldError('#/startsAt', 'start-later-on-free')]);
  }
  if (type !== 'free' && endsAt === undefined) {
    throw new InvalidInputError([fieldError('#/endsAt', 'end-required')]);
  }
  const refused = type === 'free' ? ({ maxMau } as const) : ({ maxRegisteredUsers } as const);
  for (const [name, maximum] of Object.entries(refused)) {
    if (maximum !== undefined) {
      throw new InvalidInputError([fieldError(`#/${name}`, 'maximum-not-in-license', { licenseType: type })]);
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
