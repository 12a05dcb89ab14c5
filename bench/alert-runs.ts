import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import type { Context } from 'aws-lambda';
import { build } from '../functions/events/send-mau-alerts.ts';
import { putAdministrator } from '../functions/table/administrators.ts';
import { chunks } from '../functions/table/engine/batches.ts';
import { putCustomer } from '../functions/table/customers/customer-status.ts';
import { customerAt } from '../functions/table/customers/customers.ts';
import { customerPlace } from '../functions/table/customers/find-customers.ts';
import { addToTotalMau } from '../functions/table/metering/mau-counters.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { transact, type Write } from '../functions/table/engine/transaction.ts';
import {
  createMovedClock,
  createTable,
  calendar,
  customerOf,
  MONTH,
  servicesOf,
  silent,
} from './setting/population.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Report } from './report.ts';
import { dollars } from './units.ts';

/**
 * The share of customers that have switched the MAU alert on, and the share of customers whose MAU exceeds the alert's
 * threshold.
 */
const ENABLED = 0.3;
const EXCEEDING = 0.01;
const THRESHOLD = 800;
const RUNS_A_MONTH = 30 * 24 * 12;
/**
 * The maximum number of writes in a transaction. The benchmark fills its table fastest with transactions of the maximum
 * size.
 */
const WRITES_A_TRANSACTION = 100;
const CUSTOMERS_A_TIME = 1_000;

/**
 * Measures two alert runs, which are invocations of the Lambda function that sends MAU alerts. The first alert run
 * sends an alert for each exceeded threshold, and the next alert run has no alert to send.
 */
export async function benchAlertRuns(endpoint: string, customers: number): Promise<Report> {
  const bench = await createTable(endpoint);
  const counts = { customers, enabled: customers * ENABLED, exceeding: customers * EXCEEDING };
  const populated = await secondsOf(() => populate(bench.table, counts));
  const { table, meter } = bench.metered();
  const handler = build({
    ...servicesOf(table, createMovedClock()),
    ...{ calendar, metrics: silent.metrics, emailsPerSecond: 50, random: () => 0 },
    mailer: { send: () => Promise.resolve('message') },
  });
  const run = async (aMonth: number, expected: number) => {
    meter.reset();
    const context = { getRemainingTimeInMillis: () => 300_000 } as Context;
    const seconds = await secondsOf(async () => {
      const { sent } = await handler({} as Parameters<typeof handler>[0], context);
      if (sent !== expected) throw new Error(`${sent} alerts were sent for ${expected} exceeded thresholds.`);
    });
    const calls = meter.uses().reduce((total, use) => total + use.calls, 0);
    return { ...costs(meter.units()), calls, seconds, '$ a month': dollars(meter.units()) * aMonth };
  };
  const tables = [
    { 'all exceeded thresholds are new': await run(1, counts.exceeding), 'none is new': await run(RUNS_A_MONTH, 0) },
  ];
  bench.close();
  return {
    title: `Alert run: ${whole(customers)} customers, ${whole(counts.enabled)} MAU alerts on, ${whole(counts.exceeding)} thresholds exceeded`,
    tables,
    notes: [
      `"$ a month" is the price of a run every 5 minutes for 30 days, or of one run with new alerts. Populating took ${populated.toFixed(0)} s. In this measurement, sending an e-mail takes no time.`,
    ],
  };
}

/**
 * Fills a table with customers. If a customer's MAU does not exceed the threshold, an alert run reads only the
 * customer's keys in the GSI and, if the customer's MAU alert is on, the counter of the customer's total MAU. For such
 * a customer, the benchmark stores only what an alert run reads. So filling the table takes less than a minute.
 */
async function populate(
  table: Table,
  { customers, enabled, exceeding }: Record<'customers' | 'enabled' | 'exceeding', number>,
): Promise<void> {
  // The table has no stream: the measurement does not read a stream, and with a stream each write to the embedded
  // DynamoDB engine takes four times as long.
  const withoutStream = { TableName: table.name, StreamSpecification: { StreamEnabled: false } };
  await table.client.send(new UpdateTableCommand(withoutStream));
  const writesOf = (index: number): Write[] => {
    const threshold = index < enabled ? THRESHOLD : null;
    const customer = customerOf({ mauAlert: { enabled: threshold !== null, threshold, lastNotification: null } });
    const { customerId, representativeId: administratorId } = customer;
    const total = addToTotalMau(customerId, MONTH, index < exceeding ? THRESHOLD + 1 : THRESHOLD);
    if (index >= exceeding) {
      const place = { Put: { Item: { ...customerAt(customerId), ...customerPlace(customerId, customer.mauAlert) } } };
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
