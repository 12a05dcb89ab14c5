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
} from './population.ts';
import { putRecords } from './records.ts';
import { secondsOf } from './statistics.ts';
import type { Units } from './units.ts';

/** What closing the month of one customer consumes. */
export interface ClosingCost {
  /** An hourly run with nothing due. */
  readonly idle: Units;
  /** The run that closes the month of a customer with one RP, without any active-user record. */
  readonly empty: Units;
  readonly records: number;
  /** The same with so many records, and how long it took. */
  readonly large: Units;
  readonly seconds: number;
  /** How long it took to put the records there. */
  readonly populatingSeconds: number;
}

/** Measures the closing of a customer's month with so many active-user records, put straight into the table. */
export async function measureClosing(endpoint: string, records: number): Promise<ClosingCost> {
  const empty = await measureRuns(endpoint, 0);
  const large = await measureRuns(endpoint, records);
  return {
    idle: empty.idle,
    empty: empty.closing,
    records,
    large: large.closing,
    seconds: large.seconds,
    populatingSeconds: large.populatingSeconds,
  };
}

/** Measures a run that closes a month, and then one that finds nothing due: the run between the two finds all closed. */
async function measureRuns(endpoint: string, records: number) {
  const bench = await createTable(endpoint);
  // With its stream, which closing does not use, this engine takes longer for a record the more there are.
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
