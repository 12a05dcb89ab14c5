import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { reapplyClosingRecords } from '../functions/domain/leaving/reapply-closing-records.ts';
import type { Table } from '../functions/table/engine/client.ts';
import { addCustomer, BEGINNING, calendar, createMovedClock, createTable, servicesOf } from './setting/population.ts';
import { putRecords } from './setting/records.ts';
import { secondsOf } from './setting/statistics.ts';
import { ITEMS_WITH_CREDENTIAL, putUsers } from './setting/users.ts';
import { costs, whole, type Goal, type Report } from './report.ts';
import { difference, times, type Units } from './units.ts';

const MAX_WRITES = 1;
/** The goal of the design for users with credentials. */
const MAX_WRITES_WITH_CREDENTIALS = 1.1;

/**
 * Measures the discarding of customers, which deletes all of a customer's data: a customer with `items` active-user
 * records, one with a fifth as many users without credentials, and one with as many users with one credential each,
 * which have five items. One process runs all steps of the discarding, one after the other.
 */
export async function benchDiscarding(endpoint: string, items: number): Promise<Report> {
  const users = Math.ceil(items / ITEMS_WITH_CREDENTIAL);
  // The customers differ only in these items: the first customer has none. So the difference between their costs is the
  // cost of discarding these items.
  const empty = await discardOne(endpoint, () => Promise.resolve());
  const records = await discardOne(endpoint, (table, customer) => putRecords(table, customer, items));
  const plain = await discardOne(endpoint, (table, customer) => putUsers(table, customer, users, false));
  const holders = await discardOne(endpoint, (table, customer) => putUsers(table, customer, users, true));
  const each = (one: Measured, count: number) => times(difference(one.units, empty.units), 1 / count);
  const [eachRecord, eachUser, eachHolder] = [each(records, items), each(plain, users), each(holders, users)];
  const eachItem = times(eachHolder, 1 / ITEMS_WITH_CREDENTIAL);
  return {
    title: `Discarding customers with one RP: ${whole(items)} active-user records, or ${whole(users)} users`,
    tables: [
      {
        'a customer without records and users': costs(empty.units),
        'all records': costs(records.units),
        'each record': costs(eachRecord),
        'each user without credentials': costs(eachUser),
        'each user with one credential': costs(eachHolder),
        'each item of such a user': costs(eachItem),
      },
    ],
    notes: [
      `On this machine, ${whole(items / records.seconds)} records a second, ${whole(users / plain.seconds)} users ` +
        `without credentials, ${whole(users / holders.seconds)} users with one.`,
    ],
    goals: judge(eachRecord, eachItem),
  };
}

/** Returns the goals about the write units for each discarded item, and whether the goals are met. */
export function judge({ write }: Units, ofHolder: Units): Goal[] {
  return [
    {
      goal: `discarding: at most ${MAX_WRITES} write unit for an item of up to 1 KB that is not in the GSI, plus the reads`,
      measured: `${write.toFixed(3)} W`,
      met: write <= MAX_WRITES,
    },
    {
      goal: `discarding: at most ${MAX_WRITES_WITH_CREDENTIALS} write units for each item of users with credentials`,
      measured: `${ofHolder.write.toFixed(3)} W`,
      met: ofHolder.write <= MAX_WRITES_WITH_CREDENTIALS,
    },
  ];
}

type Measured = Awaited<ReturnType<typeof discardOne>>;

async function discardOne(
  endpoint: string,
  fill: (table: Table, customer: Awaited<ReturnType<typeof addCustomer>>) => Promise<void>,
) {
  const bench = await createTable(endpoint);
  // The table has no stream: discarding does not use the stream, and each stream record makes the embedded DynamoDB
  // engine slower.
  await bench.table.client.send(
    new UpdateTableCommand({ TableName: bench.table.name, StreamSpecification: { StreamEnabled: false } }),
  );
  const customer = await addCustomer(bench.table, 0, { createdAt: BEGINNING });
  await fill(bench.table, customer);
  const { table, meter } = bench.metered();
  const services = {
    ...servicesOf(table, createMovedClock()),
    calendar,
    keepClosingRecord: () => Promise.resolve(),
  };
  const record = { customerId: customer.customerId, unsubscribedAt: BEGINNING, discardedAt: null, discarded: {} };
  const seconds = await secondsOf(() => reapplyClosingRecords(services, [record]));
  const units = meter.units();
  bench.close();
  return { units, seconds };
}
