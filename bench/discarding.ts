import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { reapplyClosingRecords } from '../functions/domain/leaving/reapply-closing-records.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './setting/population.ts';
import { putRecords } from './setting/records.ts';
import { secondsOf } from './setting/statistics.ts';
import { costs, whole, type Goal, type Report } from './report.ts';
import { difference, times, type Units } from './units.ts';

const MAX_WRITES = 1;

/**
 * Measures the discarding of a customer, which deletes all of the customer's data. The customer has `items` active-user
 * records. One process runs all steps of the discarding, one after the other.
 */
export async function benchDiscarding(endpoint: string, items: number): Promise<Report> {
  // The two customers differ only in their active-user records: the first customer has none. So the difference between
  // their costs is the cost of discarding active-user records.
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

/** Returns the goal about the write units for each discarded item, and whether the goal is met. */
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
  // The table has no stream: discarding does not use the stream, and each stream record makes the embedded DynamoDB
  // engine slower.
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
