import { newId } from '../functions/domain/ids.ts';
import { recountActiveUsers } from '../functions/domain/metering/recount-active-users.ts';
import { addToRpMau, addToTotalMau } from '../functions/table/mau-counters.ts';
import { putRp } from '../functions/table/rps.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { transact } from '../functions/table/engine/transaction.ts';
import { addCustomer, calendar, createMovedClock, createTable, MONTH, servicesOf, silent } from './population.ts';
import { putRecords } from './records.ts';
import { sum, times, type Units } from './units.ts';

/** What recounting consumes in 30 days with one open month. */
export interface RecountCost {
  /** Even without any customer. */
  readonly service: Units;
  /** For each customer, and for each of its RPs. */
  readonly customer: Units;
  readonly rp: Units;
  /** For each million active-user records that are there all the time. */
  readonly millionRecords: Units;
}

const HOUR = 60 * 60 * 1_000;
/** A counter is recounted every 23 hours: so many hourly runs do it once. */
const RUNS = 23;
/** How often that is in 30 days. */
const CYCLES = (30 * 24) / RUNS;
const FEW = 4;

/**
 * Measures hourly recounts of tables that differ in one thing each, and takes the differences. No counter has
 * drifted. `records`: how many the largest RP has.
 */
export async function measureRecount(endpoint: string, records: number): Promise<RecountCost> {
  const measure = (rps: number, size: number) => measureCycle(endpoint, rps, size);
  const [none, one, five, large] = [
    await measure(0, 0),
    await measure(1, FEW),
    await measure(5, FEW),
    await measure(1, records),
  ];
  const rp = difference(five, one, 4);
  return {
    service: times(none, CYCLES),
    customer: times(difference(difference(one, none), rp), CYCLES),
    rp: times(rp, CYCLES),
    millionRecords: times(difference(large, one, records - FEW), CYCLES * 1e6),
  };
}

const difference = (more: Units, less: Units, divisor = 1) => times(sum(more, times(less, -1)), 1 / divisor);

/** Measures hourly runs that recount each counter once, with one customer of so many RPs; none for no RP. */
async function measureCycle(endpoint: string, rps: number, records: number): Promise<Units> {
  const bench = await createTable(endpoint);
  if (rps > 0) {
    const { customerId, rpRef } = await addCustomer(bench.table, 0);
    await addRecords(bench.table, customerId, rpRef, records);
    for (let index = 1; index < rps; index += 1) {
      const id = newId('rp');
      const more = { customerId, id, rpId: 'more.example', name: 'More', registeredUsers: 0, createdAt: 0 };
      await transact(bench.table, { rp: putRp(more) });
      await addRecords(bench.table, customerId, id, records);
    }
  }
  const { table, meter } = bench.metered();
  const clock = createMovedClock();
  const services = {
    ...servicesOf(table, clock),
    calendar,
    metrics: silent.metrics,
    streamLag: () => Promise.resolve(0),
  };
  for (let hour = 0; hour < RUNS; hour += 1) {
    await recountActiveUsers(services, () => true);
    clock.move(HOUR);
  }
  bench.close();
  return meter.units();
}

/** Gives an RP active-user records and counters that are right. */
async function addRecords(table: Table, customerId: string, rpRef: string, count: number): Promise<void> {
  await putRecords(table, { customerId, rpRef }, count);
  await transact(table, {
    rp: addToRpMau(customerId, MONTH, rpRef, count),
    total: addToTotalMau(customerId, MONTH, count),
  });
}
