import { newApiKey, newId } from '../../functions/domain/ids.ts';
import { licenseFromPlan, planCatalogue, type PlanServices } from '../../functions/domain/licenses/plans.ts';
import type { Services } from '../../functions/domain/services.ts';
import { createCalendar, type Calendar } from '../../functions/domain/calendar.ts';
import type { Clock } from '../../functions/domain/time.ts';
import { NOT_BEHIND_CLOUDFRONT, type EdgeServices } from '../../functions/http/edge.ts';
import { putApiKey } from '../../functions/table/api-keys.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { putCustomer } from '../../functions/table/customers/customer-status.ts';
import type { Customer } from '../../functions/table/customers/customers.ts';
import { putLicense } from '../../functions/table/licenses.ts';
import { putRp } from '../../functions/table/rps.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { putUser } from '../../functions/table/users/users.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { localClientConfig, openLocalTable } from '../../local/open-table.ts';
import plans from '../../config/plans.json' with { type: 'json' };
import { meter, type Meter } from '../meter.ts';

/**
 * The time at which every simulated clock starts, in epoch milliseconds. This time is in the middle of a month, when
 * the service accepts operations of only one month.
 */
export const BEGINNING = Date.parse('2026-11-15T12:00:00Z');
export const MONTH = '2026-11';
export const catalogue = planCatalogue.parse(plans);
export const calendar: Calendar = createCalendar('UTC');
const silence = () => undefined;
export const silent = { log: { info: silence, warn: silence, error: silence }, metrics: { add: silence } };

/** A clock whose time changes only when `move` is called. */
export interface MovedClock extends Clock {
  /** Moves the clock forward by `by` milliseconds. */
  move(by: number): void;
}
/** Creates a clock that shows `BEGINNING` until `move` is called. */
export function createMovedClock(): MovedClock {
  let time = BEGINNING;
  return {
    now: () => time,
    move: (by) => {
      time += by;
    },
  };
}

/** A new table in the embedded DynamoDB engine. */
export interface BenchTable {
  readonly table: Table;
  readonly endpoint: string;
  readonly streamArn: string;
  /** Opens another client of the table, with its own meter. */
  metered(): { table: Table; meter: Meter };
  close(): void;
}

/** A longer timeout than the service's 2 seconds, so that a run on a busy machine takes longer but does not fail. */
const PATIENT = { requestHandler: { requestTimeout: 30_000 } };

/** The longest time, in milliseconds, that a handler may take in a benchmark on a busy machine. */
const PATIENCE = 600_000;
/** Returns the context of an invocation that may take longer than in AWS. */
export const patientContext = (name: string) => contextOf({ name }, undefined, PATIENCE);

let tables = 0;
/** Creates a table with a new name. */
export async function createTable(endpoint: string): Promise<BenchTable> {
  tables += 1;
  const name = `bench-${process.pid}-${tables}`;
  const { table: impatient, streamArn } = await openLocalTable(endpoint, name);
  impatient.client.destroy();
  const opened: Table[] = [];
  const open = () => {
    const table = openTable(name, { ...localClientConfig(endpoint), ...PATIENT });
    opened.push(table);
    return table;
  };
  return {
    table: open(),
    endpoint,
    streamArn,
    metered: () => {
      const table = open();
      return { table, meter: meter(table) };
    },
    close: () => {
      for (const { client } of opened) client.destroy();
    },
  };
}

/** Returns the services that domain functions use, for a table and a clock. The services write no logs. */
export const servicesOf = (table: Table, clock: Clock): Services & PlanServices & EdgeServices => ({
  table,
  clock,
  plans: catalogue,
  consoleUrl: 'https://console.example',
  edge: NOT_BEHIND_CLOUDFRONT,
  log: silent.log,
});

/** A customer with one RP, the RP's API key and the RP's registered users. */
export interface BenchCustomer {
  readonly customerId: string;
  readonly rpRef: string;
  readonly apiKey: string;
  readonly userIds: readonly string[];
}

/**
 * Returns a customer with a Business license, in the form that the table stores. `fields` overrides the default fields.
 */
export const customerOf = (fields: Partial<Customer>): Customer => ({
  customerId: newId('cus'),
  name: 'Example Corporation',
  address: '1-2-3 Chuo, Tokyo',
  phoneNumber: null,
  status: 'active',
  version: 1,
  licenseVersion: 1,
  representativeId: newId('adm'),
  license: licenseFromPlan(catalogue.business, { startsAt: 0, endsAt: null, setAt: 0 }),
  upcomingLicenses: [],
  registeredRps: 1,
  registeredUsers: 0,
  mauAlert: { enabled: false, threshold: null, lastNotification: null },
  createdAt: 0,
  ...fields,
});

/** Adds a customer with a Business license, an RP, `users` users, and an API key that was last used at `BEGINNING`. */
export async function addCustomer(
  table: Table,
  users: number,
  fields: Partial<Omit<Customer, 'customerId'>> = {},
): Promise<BenchCustomer> {
  const customerId = newId('cus');
  const rpRef = newId('rp');
  const { keyId, apiKey, secretSha256 } = newApiKey();
  const userIds = Array.from({ length: users }, (_, index) => `user-${index}@shop.example`);
  const customer = customerOf({ ...fields, customerId, registeredUsers: users });
  await transact(table, {
    customer: putCustomer(customer),
    license: putLicense(customerId, customer.license),
    rp: putRp({ customerId, id: rpRef, rpId: 'shop.example', name: 'Shop', registeredUsers: users, createdAt: 0 }),
    key: putApiKey({
      customerId,
      rpRef,
      keyId,
      name: 'Key',
      type: 'bearer',
      secretSha256,
      createdAt: 0,
      lastUsedAt: BEGINNING,
    }),
  });
  for (const some of chunks(userIds, 100)) {
    const user = (userId: string) => putUser(customerId, rpRef, { userId, displayName: null, registeredAt: 0 });
    await transact(table, Object.fromEntries(some.map((userId) => [userId, user(userId)])));
  }
  return { customerId, rpRef, apiKey, userIds };
}
