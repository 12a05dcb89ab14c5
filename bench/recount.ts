import { newId } from '../functions/domain/ids.ts';
import { recountActiveUsers } from '../functions/domain/metering/recount-active-users.ts';
import { addToRpMau, addToTotalMau } from '../functions/table/metering/mau-counters.ts';
import { putRp } from '../functions/table/rps.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { transact } from '../functions/table/engine/transaction.ts';
import {
  addCustomer,
  calendar,
  createMovedClock,
  createTable,
  MONTH,
  servicesOf,
  silent,
} from './setting/population.ts';
import { putRecords } from './setting/records.ts';
import { costs, type Report } from './report.ts';
import { difference, times, type Units } from './units.ts';

const HOUR = 60 * 60 * 1_000;
/**
 * The number of hourly runs after which the service has recounted every MAU counter once: the service recounts each
 * counter every 23 hours.
 */
const RUNS = 23;
/** The number of times that a counter is recounted in 30 days. */
const CYCLES = (30 * 24) / RUNS;
const FEW = 4;

/**
 * Measures the recount, the hourly comparison of MAU counters with active-user records. Runs the recount on tables that
 * differ in one property, such as the number of RPs, and reports the differences. All counters are correct, so the
 * recount changes no counter. The RP of the last table has `records` active-user records.
 */
export async function benchRecount(endpoint: string, records: number): Promise<Report> {
  const measure = (rps: number, size: number) => measureCycle(endpoint, rps, size);
  const [none, one, five, large] = [
    await measure(0, 0),
    await measure(1, FEW),
    await measure(5, FEW),
    await measure(1, records),
  ];
  const rp = times(difference(five, one), 1 / 4);
  const aMonth = (cycle: Units) => costs(times(cycle, CYCLES));
  return {
    title: 'Recount, 30 days with one open month',
    tables: [
      {
        'the service, without any customer': aMonth(none),
        'each customer': aMonth(difference(difference(one, none), rp)),
        'each RP': aMonth(rp),
        'each million active-user records': aMonth(times(difference(large, one), 1e6 / (records - FEW))),
      },
    ],
  };
}

/**
 * Returns the capacity units that `RUNS` hourly runs consume. Together, these runs recount each counter once. The table
 * has one customer with `rps` RPs and `records` active-user records for each RP, or no customer when `rps` is 0.
 */
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

/** Adds `count` active-user records to an RP, and adds the same number to the RP's and the customer's MAU counters. */
async function addRecords(table: Table, customerId: string, rpRef: string, count: number): Promise<void> {
  await putRecords(table, { customerId, rpRef }, count);
  await transact(table, {
    rp: addToRpMau(customerId, MONTH, rpRef, count),
    total: addToTotalMau(customerId, MONTH, count),
  });
}
