import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { build } from '../functions/events/send-mau-alerts.ts';
import { putAdministrator } from '../functions/table/administrators.ts';
import { chunks } from '../functions/table/engine/batches.ts';
import { putCustomer } from '../functions/table/customers/customer-status.ts';
import { customerFinder, customerKey } from '../functions/table/keys.ts';
import { addToTotalMau } from '../functions/table/mau-counters.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { transact, type Write } from '../functions/table/engine/transaction.ts';
import { createMovedClock, createTable, calendar, customerOf, MONTH, servicesOf, silent } from './population.ts';
import type { Units } from './units.ts';

/** What alert runs consume, by what there is to do. */
export interface AlertRuns {
  readonly customers: number;
  /** How many of them have their MAU alert on, and how many exceed the threshold. */
  readonly enabled: number;
  readonly exceeding: number;
  /** Seconds that it took to fill the table. */
  readonly populated: number;
  readonly runs: readonly AlertRun[];
}
export interface AlertRun {
  readonly what: string;
  readonly units: Units;
  readonly calls: number;
  readonly seconds: number;
  /** How many there are in 30 days. */
  readonly aMonth: number;
}

/** Three customers of ten have their MAU alert on, and one of a hundred exceeds the threshold. */
const ENABLED = 0.3;
const EXCEEDING = 0.01;
const THRESHOLD = 800;
const RUNS_A_MONTH = 30 * 24 * 12;
/** A transaction takes at most 100 items, and is the fastest way to fill the engine's table. */
const WRITES_A_TRANSACTION = 100;
const CUSTOMERS_A_TIME = 1_000;

/** Measures a run that decides and sends one alert for each who exceeds, and the next one, which finds all of them concluded. */
export async function measureAlertRuns(endpoint: string, customers: number): Promise<AlertRuns> {
  const bench = await createTable(endpoint);
  const counts = { customers, enabled: customers * ENABLED, exceeding: customers * EXCEEDING };
  const begun = performance.now();
  await populate(bench.table, counts);
  const populated = secondsSince(begun);
  const { table, meter } = bench.metered();
  const handler = build({
    ...servicesOf(table, createMovedClock()),
    ...{ calendar, metrics: silent.metrics, emailsPerSecond: 50, random: () => 0 },
    mailer: { send: () => Promise.resolve('message') },
  });
  const run = async (what: string, aMonth: number, expected: number): Promise<AlertRun> => {
    meter.reset();
    const start = performance.now();
    const context = { getRemainingTimeInMillis: () => 300_000 } as Context;
    const { sent } = await handler({} as Parameters<typeof handler>[0], context);
    if (sent !== expected) throw new Error(`${sent} alerts were sent where ${expected} thresholds were exceeded.`);
    const calls = meter.uses().reduce((sum, use) => sum + use.calls, 0);
    return { what, units: meter.units(), calls, seconds: secondsSince(start), aMonth };
  };
  const runs = [
    await run('all who exceed are told', 1, counts.exceeding),
    await run('all who exceed were told', RUNS_A_MONTH, 0),
  ];
  bench.close();
  return { ...counts, populated, runs };
}

const secondsSince = (start: number) => (performance.now() - start) / 1_000;

/**
 * Fills a table with customers. No run reads anything of those who do not exceed but their place in the finder and their
 * total: that is all that there is of them, so that it takes less than a minute.
 */
async function populate(
  table: Table,
  { customers, enabled, exceeding }: Pick<AlertRuns, 'customers' | 'enabled' | 'exceeding'>,
): Promise<void> {
  // Nobody reads the stream, with which the engine takes four times as long.
  const withoutStream = { TableName: table.name, StreamSpecification: { StreamEnabled: false } };
  await table.client.send(new UpdateTableCommand(withoutStream));
  const writesOf = (index: number): Write[] => {
    const threshold = index < enabled ? THRESHOLD : null;
    const customer = customerOf({ mauAlert: { enabled: threshold !== null, threshold, lastNotification: null } });
    const { customerId, representativeId: administratorId } = customer;
    const total = addToTotalMau(customerId, MONTH, index < exceeding ? THRESHOLD + 1 : THRESHOLD);
    if (index >= exceeding) {
      const place = { Put: { Item: { ...customerKey(customerId), ...customerFinder(customerId, threshold) } } };
      return threshold === null ? [place] : [place, total];
    }
    const person = { name: 'Alice Arai', email: `${administratorId}@example.com`, privilege: 'privileged' } as const;
    const state = { status: 'active', sessionGeneration: 0, createdAt: 0 } as const;
    return [putCustomer(customer), total, putAdministrator({ customerId, administratorId, ...person, ...state })];
  };
  const writeAll = async (from: number): Promise<void> => {
    const indexes = Array.from({ length: Math.min(CUSTOMERS_A_TIME, customers - from) }, (_, index) => from + index);
    for (const writes of chunks(indexes.flatMap(writesOf), WRITES_A_TRANSACTION)) {
      await transact(table, Object.fromEntries(writes.map((write, index) => [String(index), write])));
    }
  };
  for (let from = 0; from < customers; from += 4 * CUSTOMERS_A_TIME) {
    const starts = [0, 1, 2, 3].map((index) => from + index * CUSTOMERS_A_TIME);
    await Promise.all(starts.filter((start) => start < customers).map(writeAll));
  }
}
