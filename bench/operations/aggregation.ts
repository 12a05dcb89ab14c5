import { build } from '../../functions/events/aggregate-active-users.ts';
import { readRpMau, readTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import type { RpCaller } from '../../functions/domain/callers.ts';
import { recordOf } from '../designs/design.ts';
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
} from '../setting/population.ts';
import { secondsOf } from '../setting/statistics.ts';
import { eventsOf, readStream, type Streamed } from './stream.ts';
import { times, type Units } from '../units.ts';

/**
 * The number of stream records that the aggregator counted, the capacity units that it consumed, and the time that it
 * took. The aggregator is the Lambda function that adds new active users to the MAU counters.
 */
export interface Aggregation {
  readonly records: number;
  readonly units: Units;
  readonly seconds: number;
}

/** Runs the aggregator on stream records, in batches of `size` records. Returns the measured units and time. */
export async function aggregate(bench: BenchTable, streamed: readonly Streamed[], size: number): Promise<Aggregation> {
  const { table, meter } = bench.metered();
  const handler = build({ ...servicesOf(table, createMovedClock()), metrics: silent.metrics });
  const seconds = await secondsOf(async () => {
    for (const event of eventsOf(streamed, size)) await handler(event);
  });
  return { records: streamed.length, units: meter.units(), seconds };
}

/**
 * Throws unless the MAU counter of a customer's only RP is `mau`, and the counter of the customer's total MAU is
 * `inTotal`.
 */
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
      `The counters show ${ofRp} and ${total}, but ${mau} users were active. The benchmark's results are wrong.`,
    );
  }
}

/**
 * Puts an active-user record for some users of each customer: from the user at index `from` up to, but not including,
 * the user at index `to`.
 */
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
 * Measures how many units the aggregator consumes for a new active user. The table has `customers` customers, each with
 * one RP. A batch contains the stream records of `usersABatch` new users of each customer. The aggregator's first
 * batch, which is not measured, creates the counters and the checkpoint, which says how far the aggregator has counted
 * the stream's shard. The function measures the next `batches` batches.
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
