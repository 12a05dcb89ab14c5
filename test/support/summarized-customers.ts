import { gunzipSync } from 'node:zlib';
import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { newId } from '../../functions/domain/ids.ts';
import { licenseFromPlan } from '../../functions/domain/licenses/plans.ts';
import { readSummaryPage } from '../../functions/domain/operator/summary/read-summary.ts';
import { createCalendar } from '../../functions/domain/calendar.ts';
import { build } from '../../functions/events/summarize-customers.ts';
import { putAdministrator, type Administrator } from '../../functions/table/administrators.ts';
import { putCustomer } from '../../functions/table/customers/customer-status.ts';
import type { Customer } from '../../functions/table/customers/customers.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { operatorKey } from '../../functions/table/keys.ts';
import { addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import type { SummaryList } from '../../functions/table/operator-summary.ts';
import { examplePlans } from './example-plans.ts';

/** The time of the tests' clock, and its month. */
export const NOW = Date.parse('2026-11-25T00:00:00Z');
export const MONTH = '2026-11';

const operatorItem = operatorKey('olga@example.com');
export const addOperator = (table: Table) =>
  table.client.send(new PutCommand({ TableName: table.name, Item: operatorItem }));
export const removeOperator = (table: Table) =>
  table.client.send(new DeleteCommand({ TableName: table.name, Key: operatorItem }));

/** A customer with a license of 10 MAU at most, and what the operator sees of it. */
interface Described extends Partial<Customer> {
  readonly mau?: number;
  readonly endsAt?: number | null;
  readonly representative?: Partial<Administrator>;
}

/** Stores customers, each with a Starter license, an MAU counter and a representative. Returns their IDs. */
export async function addCustomers(table: Table, all: readonly Described[]): Promise<string[]> {
  const ids: string[] = [];
  for (const { mau = 0, endsAt = null, representative = {}, ...fields } of all) {
    const [customerId, representativeId] = [fields.customerId ?? newId('cus'), newId('adm')];
    const license = licenseFromPlan(examplePlans.starter, { startsAt: 0, endsAt, setAt: 0 }, { maxMau: 10 });
    await transact(table, {
      customer: putCustomer({
        ...{ customerId, representativeId, license, upcomingLicenses: [], name: 'Example', address: null },
        ...{ phoneNumber: null, status: 'active', version: 1, licenseVersion: 1, registeredRps: 0, registeredUsers: 0 },
        ...{ mauAlert: { enabled: false, threshold: null, lastNotification: null }, createdAt: 0, ...fields },
      }),
      representative: putAdministrator({
        ...{ customerId, administratorId: representativeId, name: 'Alice', email: `${customerId}@example.com` },
        ...{ privilege: 'privileged', status: 'active', sessionGeneration: 0, createdAt: 0, ...representative },
      }),
      ...(mau > 0 && { mau: addToTotalMau(customerId, MONTH, mau) }),
    });
    ids.push(customerId);
  }
  return ids;
}

/** Returns a function that runs `summarize-customers`, and the log that the runs write. */
export function openSummaries(table: Table, clock: { now: () => number }) {
  const silence = () => undefined;
  const services = {
    ...{ table, clock, calendar: createCalendar('UTC'), consoleUrl: '' },
    log: { info: silence, warn: silence, error: silence },
  };
  let runs = 0;
  const summarize = (own: Table = table, { run = `run-${(runs += 1)}`, time = (): number => 900_000 } = {}) =>
    build({ ...services, table: own })({} as Parameters<ReturnType<typeof build>>[0], {
      awsRequestId: run,
      getRemainingTimeInMillis: time,
    });
  return { services, summarize };
}

/** Reads a whole list of the current summary, part by part. Returns undefined while there is no summary. */
export async function readParts<Row>(table: Table, list: SummaryList): Promise<Row[][] | undefined> {
  const parts: Row[][] = [];
  let position: string | undefined = '';
  while (position !== undefined) {
    const page: Awaited<ReturnType<typeof readSummaryPage<Row>>> = await readSummaryPage<Row>(table, list, position);
    if (!page) return undefined;
    parts.push([...page.rows]);
    position = page.next;
  }
  return parts;
}

/** Returns an item as text, with the compressed rows of a summary as JSON. */
export const textOf = ({ compressed, ...item }: Record<string, unknown>): string =>
  JSON.stringify(item) + (compressed instanceof Uint8Array ? gunzipSync(compressed).toString() : '');
