import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { meter } from '../../bench/meter.ts';
import {
  addCustomer,
  BEGINNING,
  calendar,
  createMovedClock,
  createTable,
  servicesOf,
  type BenchTable,
} from '../../bench/setting/population.ts';
import { ITEMS_WITH_CREDENTIAL, putUsers } from '../../bench/setting/users.ts';
import { NO_UNITS, sum, type Units } from '../../bench/units.ts';
import { reapplyClosingRecords } from '../../functions/domain/leaving/reapply-closing-records.ts';
import { engineEndpoint } from '../support/engine.ts';
import { LONG } from '../support/long.ts';
import { random } from '../support/random.ts';
import { dyingAt, InjectedFault } from '../support/table-faults.ts';

const [FEW, MANY] = LONG ? [2_000, 20_000] : [100, 1_000];
/** The number of processes that die during the discarding. */
const DEATHS = 5;
/** The most writes that a process repeats after another one has died: those of a page of 100 users. */
const REPEATED = 100 * ITEMS_WITH_CREDENTIAL;
/** The goal of the design for the write units of each item of a user with credentials. */
const MAX_WRITES = 1.1;

/**
 * Discards a customer with `users` users, who have a credential each. `dying` processes die one after another, and the
 * next one continues. Returns the units of all processes together.
 */
async function discard(users: number, dying = 0): Promise<Units> {
  const bench = await createTable(await engineEndpoint());
  // The embedded engine writes slowly when the stream contains many records.
  await bench.table.client.send(
    new UpdateTableCommand({ TableName: bench.table.name, StreamSpecification: { StreamEnabled: false } }),
  );
  const customer = await addCustomer(bench.table, 0, { createdAt: BEGINNING });
  await putUsers(bench.table, customer, users, true);
  const record = { customerId: customer.customerId, unsubscribedAt: BEGINNING, discardedAt: null, discarded: {} };
  const keepClosingRecord = () => Promise.resolve();
  const next = random();
  let units = NO_UNITS;
  for (let deaths = 0; ;) {
    // The last process does not die.
    const writes = deaths < dying ? 1 + next.below(users / 10) : Number.POSITIVE_INFINITY;
    const table = dyingAt(bench.table, writes, next.pick(['before', 'after']));
    const used = meter(table);
    try {
      await reapplyClosingRecords({ ...servicesOf(table, createMovedClock()), calendar, keepClosingRecord }, [record]);
      units = sum(units, used.units());
      break;
    } catch (error) {
      if (!(error instanceof InjectedFault)) throw error;
      deaths += 1;
      units = sum(units, used.units());
    } finally {
      table.client.destroy();
    }
  }
  expect(await partitionsOf(bench)).toEqual(['CLOSING-RECORD']);
  bench.close();
  return units;
}

/** Returns the kinds of the partitions that a table contains. */
async function partitionsOf({ table: { client, name } }: BenchTable): Promise<string[]> {
  const kinds = new Set<string>();
  for await (const { Items = [] } of paginateScan({ client }, { TableName: name, ConsistentRead: true })) {
    for (const { pk } of Items) kinds.add(String(pk).split('#', 1)[0] ?? '');
  }
  return [...kinds];
}

it(
  'discarding a user with a credential takes at most 1.1 write units an item, however many users the customer has',
  async () => {
    const [few, many] = [await discard(FEW), await discard(MANY)];
    const each = (kind: 'read' | 'write') => (many[kind] - few[kind]) / (MANY - FEW);

    expect(each('write') / ITEMS_WITH_CREDENTIAL).toBeLessThanOrEqual(MAX_WRITES);
    for (const kind of ['read', 'write'] as const) expect(many[kind] / MANY).toBeLessThanOrEqual(few[kind] / FEW);

    const interrupted = await discard(MANY, DEATHS);
    expect(interrupted.write).toBeLessThanOrEqual(many.write + DEATHS * REPEATED);
  },
  LONG ? 1_800_000 : 240_000,
);
