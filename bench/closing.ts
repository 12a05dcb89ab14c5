import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { closeMonths } from '../functions/domain/statements/close-months.ts';
import { CLOSED_AFTER } from '../functions/domain/statements/close-month.ts';
import {
  addCustomer,
  BEGINNING,
  calendar,
  createMovedClock,
  createTable,
  MONTH,
  servicesOf,
  silent,
} from './setting/population.ts';
import { putRecords } from './setting/records.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Report } from './report.ts';
import { difference, times } from './units.ts';

/**
 * Measures the closing of a month, in which the service creates the month's statement for a customer. The customer has
 * one RP and `records` active-user records.
 */
export async function benchClosing(endpoint: string, records: number): Promise<Report> {
  const empty = await measureRuns(endpoint, 0);
  const large = await measureRuns(endpoint, records);
  return {
    title: 'Closing a month of one customer with one RP',
    tables: [
      {
        'nothing is due': costs(empty.idle),
        'without active-user records': costs(empty.closing),
        [`with ${whole(records)} active-user records`]: costs(large.closing),
        // Only the reads depend on the number of records. An RP with any active users takes a fixed number of writes.
        'each million active-user records, calculated': costs({
          ...times(difference(large.closing, empty.closing), 1e6 / records),
          write: 0,
        }),
      },
    ],
    notes: [
      `Closing took ${large.seconds.toFixed(1)} s on this machine, after ${large.populatingSeconds.toFixed(0)} s to write the records.`,
    ],
  };
}

/**
 * Measures a run of `closeMonths` that closes a month, and a later run that stops at once because nothing is due. The
 * run between these two runs is not measured: it checks all customers again, and stores that the month is closed.
 */
async function measureRuns(endpoint: string, records: number) {
  const bench = await createTable(endpoint);
  // The table has no stream: closing a month does not use the stream, and each stream record makes the embedded
  // DynamoDB engine slower.
  await bench.table.client.send(
    new UpdateTableCommand({ TableName: bench.table.name, StreamSpecification: { StreamEnabled: false } }),
  );
  const customer = await addCustomer(bench.table, 0, { createdAt: BEGINNING });
  const populatingSeconds = await secondsOf(() => putRecords(bench.table, customer, records));

  const clock = createMovedClock();
  clock.move(calendar.closingOf(MONTH) + CLOSED_AFTER - BEGINNING);
  const { table, meter } = bench.metered();
  const services = { ...servicesOf(table, clock), calendar, metrics: silent.metrics };
  const seconds = await secondsOf(() => closeMonths(services, () => true));
  const closing = meter.units();
  await closeMonths(services, () => true);
  meter.reset();
  await closeMonths(services, () => true);
  const idle = meter.units();
  bench.close();
  return { closing, seconds, idle, populatingSeconds };
}
