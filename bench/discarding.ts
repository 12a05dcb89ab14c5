import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { reapplyClosingRecords } from '../functions/domain/leaving/reapply-closing-records.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './setting/population.ts';
import { putRecords } from './setting/records.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Goal, type Report } from './report.ts';
import { difference, times, type Units } from './units.ts';

const MAX_WRITES = 1;

/** Measures discarding a customer with `items` active-user records. One process runs all steps one after the other. */
export async function benchDiscarding(endpoint: string, items: number): Promise<Report> {
  // A customer without records has the same partitions, so the difference between the two measurements is the cost of
  // the records.
  const empty = await discardOne(endpoint, 0);
  const all = await discardOne(endpoint, items);
  const each = times(difference(all.units, empty.units), 1 / items);
  return {
    title: `Discarding a customer of ${whole(items)} active-user records, with one RP`,
    tables: [{ 'a customer without records': costs(empty.units), all: costs(all.units), 'each record': costs(each) }],
    notes: [`${whole(items / all.seconds)} items a second on this machine.`],
    goals: judge(each),
  };
}

/** Returns the goal about discarding by the units for each item, and whether it is met. */
export function judge({ write }: Units): Goal[] {
  return [
    {
      goal: `discarding: at most ${MAX_WRITES} write unit for an item of up to 1 KB that is not in the GSI, plus the reads`,
      measured: `${write.toFixed(3)} W`,
      met: write <= MAX_WRITES,
    },
  ];
}

async function discardOne(endpoint: string, items: number) {
  const bench = await createTable(endpoint);
  // The table has no stream, because discarding does not use the stream, and the engine becomes slower with each stream
  // record.
  await bench.table.client.send(
    new UpdateTableCommand({ TableName: bench.table.name, StreamSpecification: { StreamEnabled: false } }),
  );
  const customer = await addCustomer(bench.table, 0, { createdAt: BEGINNING });
  await putRecords(bench.table, customer, items);
  const { table, meter } = bench.metered();
  const services = { ...servicesOf(table, createMovedClock()), calendar };
  const record = { customerId: customer.customerId, unsubscribedAt: BEGINNING, discardedAt: null, discarded: {} };
  const seconds = await secondsOf(() => reapplyClosingRecords(services, [record]));
  const units = meter.units();
  bench.close();
  return { units, seconds };
}
