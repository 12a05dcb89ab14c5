import { routeNamed } from '../functions/api/routes.ts';
import { build } from '../functions/api/customers/get-customer.ts';
import { newId, newSecret } from '../functions/domain/ids.ts';
import { licenseFromPlan } from '../functions/domain/licenses/plans.ts';
import { putAdministrator } from '../functions/table/administrators.ts';
import { chunks } from '../functions/table/engine/batches.ts';
import type { Customer } from '../functions/table/customers/customers.ts';
import { addToRpMau, addToTotalMau } from '../functions/table/metering/mau-counters.ts';
import { putRp } from '../functions/table/rps.ts';
import { putSession } from '../functions/table/signing-in/sessions.ts';
import { transact } from '../functions/table/engine/transaction.ts';
import { httpEvent } from '../local/aws/http-event.ts';
import {
  addCustomer,
  BEGINNING,
  calendar,
  catalogue,
  createMovedClock,
  createTable,
  patientContext,
  MONTH,
  servicesOf,
  type BenchTable,
} from './setting/population.ts';
import { costs, type Goal, type Report } from './report.ts';
import { reads, type Units } from './units.ts';

/**
 * The capacity units that a request for the Customer view (`GET /v1/customer`) consumes, including the session check.
 * Each key of the object names the customer's size and the administrator who sent the request.
 */
type Views = Readonly<Record<string, Units>>;

const MAX_READS = 4;
const RPS = 1_000;
/** A character that takes three bytes in UTF-8, the maximum for one UTF-16 code unit. */
const WIDEST = '漢';
const DAY = 24 * 60 * 60 * 1_000;

/** Measures how many capacity units the Customer view consumes. */
export async function benchCustomerView(endpoint: string): Promise<Report> {
  const views = await measureCustomerView(endpoint);
  return {
    title: 'Customer view',
    tables: [Object.fromEntries(Object.entries(views).map(([name, units]) => [name, costs(units)]))],
    goals: judge(views),
  };
}

/** Returns the goal about the Customer view, and whether it is met. */
export function judge(views: Views): Goal[] {
  const tooMany = Object.entries(views).filter(([, units]) => reads(units) > MAX_READS);
  return [
    {
      goal: `Customer view: at most ${MAX_READS} read units for a customer of any size`,
      measured: `${Math.max(...Object.values(views).map(reads))} R`,
      met: tooMany.length === 0,
      missedBy: tooMany.map(([name]) => name),
    },
  ];
}

/**
 * Measures the Customer view of a small customer, and of a customer with texts of the maximum length, the maximum
 * number of upcoming licenses and `RPS` RPs.
 */
async function measureCustomerView(endpoint: string): Promise<Views> {
  const bench = await createTable(endpoint);
  const license = licenseFromPlan(catalogue.business, {
    startsAt: BEGINNING + DAY,
    endsAt: BEGINNING + 2 * DAY,
    setAt: 0,
  });
  const largest: Partial<Customer> = {
    name: WIDEST.repeat(200),
    address: WIDEST.repeat(500),
    phoneNumber: '+'.repeat(30),
    // The maximum number of upcoming licenses that the operator can set.
    upcomingLicenses: Array.from({ length: 5 }, () => license),
    registeredRps: RPS,
    registeredUsers: 1e9,
    mauAlert: {
      enabled: true,
      threshold: 1e9,
      // The maximum numbers of further levels and of recipients.
      levels: Array.from({ length: 4 }, (_, index) => String(1e9 + index)),
      recipients: Array.from({ length: 10 }, () => newId('adm')),
      lastNotification: { month: MONTH, threshold: 1e9, status: 'bounced', at: BEGINNING },
    },
  };
  const views = {
    ...(await viewsOf(bench, 'small', {}, 'Alice', 0)),
    ...(await viewsOf(bench, `largest texts, ${RPS} RPs`, largest, WIDEST.repeat(200), RPS)),
  };
  bench.close();
  return views;
}

async function viewsOf(
  bench: BenchTable,
  customer: string,
  fields: Partial<Customer>,
  name: string,
  rps: number,
): Promise<Views> {
  const representativeId = newId('adm');
  const { customerId } = await addCustomer(bench.table, 0, { ...fields, representativeId });
  await addRps(bench, customerId, rps);
  const views: Record<string, Units> = {};
  for (const administratorId of [representativeId, newId('adm')]) {
    const token = newSecret('ses');
    await signIn(bench, { customerId, administratorId, name, token });
    const { table, meter } = bench.metered();
    const services = { ...servicesOf(table, createMovedClock()), calendar };
    const { statusCode, body } = await build(services, routeNamed('get-customer'))(
      httpEvent('GET /v1/customer', { credential: token, now: BEGINNING }),
      patientContext('get-customer'),
    );
    if (statusCode !== 200) throw new Error(`The Customer view returned the status ${statusCode}: ${body}`);
    const caller = administratorId === representativeId ? 'the representative' : 'another administrator';
    views[`${customer}, for ${caller}`] = meter.units();
  }
  return views;
}

/**
 * Adds RPs to a customer, each with the RP's MAU counter for the month, and adds the counter of the customer's total
 * MAU for the month.
 */
async function addRps({ table }: BenchTable, customerId: string, count: number): Promise<void> {
  const ids = Array.from({ length: count }, () => newId('rp'));
  const rp = (id: string) => ({ customerId, id, rpId: 'shop.example', name: WIDEST.repeat(200), createdAt: 0 });
  for (const some of chunks(ids, 50)) {
    await transact(table, {
      ...Object.fromEntries(some.map((id) => [`${id} itself`, putRp({ ...rp(id), registeredUsers: 1 })])),
      ...Object.fromEntries(some.map((id) => [`${id} MAU`, addToRpMau(customerId, MONTH, id, 1)])),
    });
  }
  await transact(table, { total: addToTotalMau(customerId, MONTH, 1_000_000) });
}

async function signIn(
  { table }: BenchTable,
  { customerId, administratorId, name, token }: Record<'customerId' | 'administratorId' | 'name' | 'token', string>,
): Promise<void> {
  const times = { signedInAt: BEGINNING, lastUsedAt: BEGINNING, expiresAt: BEGINNING + DAY };
  const email = `${'a'.repeat(64)}@${'example'.repeat(26)}.com`;
  await transact(table, {
    administrator: putAdministrator({
      customerId,
      administratorId,
      name,
      email,
      privilege: 'administrator',
      status: 'active',
      sessionGeneration: 0,
      createdAt: 0,
    }),
    session: putSession(token, { customerId, administratorId, generation: 0, ...times }, 0),
  });
}
