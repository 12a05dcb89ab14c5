import { build } from '../functions/events/aggregate-active-users.ts';
import { readRpMau, readTotalMau } from '../functions/table/mau-counters.ts';
import { putActiveUser } from '../functions/table/active-users.ts';
import type { RpCaller } from '../functions/domain/callers.ts';
import { recordOf } from './designs/design.ts';
import {
  addCustomer,
  BEGINNING,
  createMovedClock,
  createTable,
  MONTH,
  servicesOf,
  silent,
  type BenchCustomer,
  type BenchTable,
} from './population.ts';
import { eventsOf, readStream, type Streamed } from './stream.ts';
import { times, type Units } from './units.ts';

/** What the aggregator consumed. */
export interface Aggregation {
  readonly records: number;
  readonly batches: number;
  readonly units: Units;
  readonly seconds: number;
}

/** Has the aggregator count records in batches of `size`, metered. */
export async function aggregate(bench: BenchTable, streamed: readonly Streamed[], size: number): Promise<Aggregation> {
  const { table, meter } = bench.metered();
  const handler = build({ ...servicesOf(table, createMovedClock()), metrics: silent.metrics });
  const events = eventsOf(streamed, size);
  const start = performance.now();
  for (const event of events) await handler(event);
  const seconds = (performance.now() - start) / 1_000;
  return { records: streamed.length, batches: events.length, units: meter.units(), seconds };
}

/** Throws unless the counters of a customer with one RP say what they have to. */
export async function checkCounters(
  { table }: BenchTable,
  { customerId, rpRef }: BenchCustomer,
  mau: number,
  inTotal = mau,
): Promise<void> {
  const ofRp = (await readRpMau(table, customerId, MONTH, rpRef))?.mau;
  const total = await readTotalMau(table, customerId, MONTH, 'strong');
  if (ofRp !== mau || total !== inTotal) {
    throw new Error(
      `The counters say ${ofRp} and ${total} where ${mau} users were active: nothing here can be believed.`,
    );
  }
}

/** Puts a record for each of some users of each customer. */
async function putRecords({ table }: BenchTable, customers: readonly BenchCustomer[], from: number, to: number) {
  for (const { customerId, rpRef, userIds } of customers) {
    const caller: RpCaller = { customerId, rpRef, keyId: '' };
    for (const userId of userIds.slice(from, to)) {
      const { record, ttl } = recordOf(caller, { userId, occurredAt: BEGINNING });
      await putActiveUser(table, record, ttl);
    }
  }
}

/**
 * Measures what a new active user costs the aggregator, with so many customers of one RP each, and so many new users of
 * each in a batch. A first batch makes the counters and the checkpoint; `batches` more are what is measured.
 */
export async function measureAggregator(
  endpoint: string,
  { customers, usersABatch, batches }: { customers: number; usersABatch: number; batches: number },
): Promise<Units> {
  const bench = await createTable(endpoint);
  const all: BenchCustomer[] = [];
  for (let index = 0; index < customers; index += 1) {
    all.push(await addCustomer(bench.table, 0));
  }
  const users = usersABatch * (batches + 1);
  const userIds = Array.from({ length: users }, (_, index) => `user-${index}@shop.example`);
  const active = all.map((customer) => ({ ...customer, userIds }));
  const size = customers * usersABatch;
  await putRecords(bench, active, 0, usersABatch);
  const first = await aggregate(bench, await readStream(bench), size);
  for (let batch = 1; batch <= batches; batch += 1) {
    await putRecords(bench, active, batch * usersABatch, (batch + 1) * usersABatch);
  }
  const later = await aggregate(bench, await readStream(bench, first.records), size);
  for (const customer of active) await checkCounters(bench, customer, users);
  bench.close();
  return times(later.units, 1 / later.records);
}
