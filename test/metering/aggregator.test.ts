import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import { licenseFromPlan } from '../../functions/domain/licenses/plans.ts';
import { build } from '../../functions/events/aggregate-active-users.ts';
import { putActiveUser } from '../../functions/table/active-users.ts';
import { readCheckpoint } from '../../functions/table/checkpoints.ts';
import { putCustomer } from '../../functions/table/customers/customer-status.ts';
import type { Customer } from '../../functions/table/customers/customers.ts';
import { activeUserKey, checkpointKey, customerKey } from '../../functions/table/keys.ts';
import { readItem } from '../../functions/table/engine/reads.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import {
  InjectedFault,
  anotherClient,
  failWrite,
  injectFaults,
  throttling,
  timeOut,
  transactionConflict,
  watchAttempts,
} from '../support/table-faults.ts';
import { openMetering, windowEvent, type Metering } from '../support/metering.ts';
import { random } from '../support/random.ts';
import { LONG } from '../support/long.ts';

let metering: Metering;
beforeAll(async () => {
  metering = await openMetering();
});

/** A shard that no other test uses. */
let shardId: string;
beforeEach(() => {
  shardId = `shardId-${newId('rp')}`;
  metering.lines.length = 0;
  metering.metrics.values.clear();
});

async function newCustomer(): Promise<string> {
  const customerId = newId('cus');
  const customer: Customer = {
    customerId,
    name: 'Example Corporation',
    address: null,
    phoneNumber: null,
    status: 'active',
    version: 1,
    licenseVersion: 1,
    representativeId: newId('adm'),
    registeredRps: 0,
    registeredUsers: 0,
    mauAlert: { enabled: false, threshold: null, lastNotification: null },
    license: licenseFromPlan(metering.services.plans.free, { startsAt: 0, endsAt: null, setAt: 0 }),
    upcomingLicenses: [],
    createdAt: 0,
  };
  expect(await transact(metering.table, { customer: putCustomer(customer) })).toBeUndefined();
  return customerId;
}

interface Active {
  readonly customerId: string;
  readonly rpRef: string;
  readonly month: string;
  readonly userId: string;
}
/** Returns `count` active users of a customer, spread over `rps` RPs and over October and November. */
function activeUsers(customerId: string, count: number, rps: number): Active[] {
  const ids = Array.from({ length: rps }, () => newId('rp'));
  return Array.from({ length: count }, (_, index) => ({
    customerId,
    rpRef: ids[index % rps] ?? '',
    month: index % 5 < 2 ? '2026-10' : '2026-11',
    userId: `user-${index}`,
  }));
}
/**
 * Returns the MAU counters that active users add up to: one counter for each RP and month, and one for each customer
 * and month.
 */
function countersOf(active: readonly Active[]): Record<string, number> {
  const counters: Record<string, number> = {};
  for (const { customerId, rpRef, month } of active) {
    for (const owner of [rpRef, customerId]) counters[`${owner} ${month}`] = (counters[`${owner} ${month}`] ?? 0) + 1;
  }
  return counters;
}

/**
 * Stores active-user records and returns them as stream records. The stream records are in the order of `active` if
 * `active` has at most 100 users.
 */
async function streamed(active: readonly Active[]): Promise<DynamoDBRecord[]> {
  const atOnce = active.length > 100 ? 50 : 1;
  for (let start = 0; start < active.length; start += atOnce) {
    await Promise.all(
      active
        .slice(start, start + atOnce)
        .map((user) => putActiveUser(metering.table, { ...user, firstOperationAt: 1 }, 1)),
    );
  }
  const keys = new Set(active.map(({ rpRef, month, userId }) => activeUserKey(rpRef, month, userId).pk + userId));
  const records = (await metering.records()).filter(({ dynamodb }) =>
    keys.has((dynamodb?.Keys?.['pk']?.S ?? '') + (dynamodb?.Keys?.['sk']?.S ?? '').replace('USER#', '')),
  );
  expect(records).toHaveLength(active.length);
  return records;
}

/** Sends records to an aggregator in one batch, as Lambda does. */
const deliver = (records: DynamoDBRecord[], table: Table = metering.table) =>
  build({ ...metering.services, table })(windowEvent(shardId, records));
/** Sends records to an aggregator in order, in batches of `size` records. */
async function deliverInBatches(records: DynamoDBRecord[], size: number, table?: Table): Promise<void> {
  for (let start = 0; start < records.length; start += size) await deliver(records.slice(start, start + size), table);
}
const withSequence = (record: DynamoDBRecord, SequenceNumber: string): DynamoDBRecord => ({
  ...record,
  dynamodb: { ...record.dynamodb, SequenceNumber },
});
const checkpoint = async () => (await readCheckpoint(metering.table, shardId))?.sequenceNumber;
const padded = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber?.padStart(40, '0');

/**
 * Opens a new client of the table. The list `transactions` receives the number of items of each transaction that the
 * client sends.
 */
function watchedClient(): { table: Table; transactions: number[] } {
  const transactions: number[] = [];
  const table = watchAttempts(anotherClient(metering.table), ({ command, input }) => {
    if (command.startsWith('Transact')) transactions.push((input['TransactItems'] as unknown[]).length);
  });
  return { table, transactions };
}

describe('a batch', () => {
  it('is counted once if Lambda delivers it three times', async () => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 30, 3);
    const records = await streamed(active);
    const answers = [await deliver(records), await deliver(records), await deliver(records)];
    expect(answers).toEqual(Array(3).fill({ state: {}, batchItemFailures: [] }));
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
    expect(await checkpoint()).toBe(padded(records.at(-1)));
    expect(metering.metrics.values).toEqual(new Map([['AggregatedRecords', [30]]]));
  });

  it('is not counted again if Lambda delivers it again after newer batches', async () => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 30, 3);
    const records = await streamed(active);
    await deliverInBatches(records, 10);
    await deliver(records.slice(0, 10));
    await deliver(records.slice(10, 20));
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
    expect(await checkpoint()).toBe(padded(records.at(-1)));
  });

  it('that overlaps an earlier batch adds only its new records to the counters', async () => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 30, 3);
    const records = await streamed(active);
    await deliver(records.slice(0, 12));
    await deliver(records.slice(5, 20));
    await deliver(records.slice(0, 30));
    await deliver(records.slice(19, 21));
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
  });

  it('that contains records twice and out of order adds each record once to the counters', async () => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 20, 2);
    const records = await streamed(active);
    await deliver([...records.slice(5), ...records.slice(0, 12).reverse(), ...records.slice(3, 6)]);
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
  });

  it('with many records for the same counters updates each counter once, in one transaction', async () => {
    const records = await streamed(activeUsers(await newCustomer(), 50, 1));
    const { table, transactions } = watchedClient();
    await deliver(records, table);
    // The five items are the checkpoint and, for each of two months, the RP's counter and the customer's total.
    expect(transactions).toEqual([5]);
  });

  it('without records does not change the checkpoint or the state of the tumbling window', async () => {
    for (const event of [windowEvent(shardId, []), { shardId }]) {
      const answer = await build(metering.services)({ ...event, state: { kept: 1 }, isFinalInvokeForWindow: true });
      expect(answer).toEqual({ state: { kept: 1 }, batchItemFailures: [] });
    }
    expect(await checkpoint()).toBeUndefined();
  });
});

describe('the checkpoint of a shard', () => {
  it('expires a week after its last change', async () => {
    await deliver(await streamed(activeUsers(await newCustomer(), 1, 1)));
    const { ttl } = (await readItem<{ ttl: number }>(metering.table, checkpointKey(shardId), 'strong')) ?? {};
    expect(ttl).toBe(Math.ceil((metering.clock.now() + 7 * 24 * 60 * 60 * 1_000) / 1_000));
  });

  it('does not affect the records of another shard', async () => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 4, 1);
    const [first, second, third, fourth] = await streamed(active);
    if (!first || !second || !third || !fourth) throw new Error('Too few records');
    await deliver([third, fourth]);
    shardId = `${shardId}-older`;
    await deliver([first, second]);
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
  });

  it.each([
    ['9', '10'],
    ['99', '100', '101', '1000'],
    ['4421584500000000017450439091', '4421584500000000017450439092'],
    ['999999999999999999999999999999999999999', '1000000000000000000000000000000000000000'],
    ['9007199254740992', '9007199254740993', '9007199254740994'],
  ])('is compared as a number with sequence numbers such as %s and %s', async (...numbers) => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, numbers.length, 1);
    const records = (await streamed(active)).map((record, index) => withSequence(record, numbers[index] ?? ''));
    for (const record of records) await deliver([record]);
    for (const record of records) await deliver([record]);
    await deliver([...records].reverse());
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
    expect(await checkpoint()).toBe(numbers.at(-1)?.padStart(40, '0'));
  });
});

describe('a stream record', () => {
  const withImage = (record: DynamoDBRecord, NewImage: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']) => ({
    ...record,
    dynamodb: { ...record.dynamodb, NewImage },
  });
  it.each<[string, (record: DynamoDBRecord) => DynamoDBRecord]>([
    ['lacks its image', (record) => withImage(record, undefined)],
    ['has an empty image', (record) => withImage(record, {})],
    [
      'has no customer ID',
      ({ dynamodb = {}, ...record }) =>
        withImage({ ...record, dynamodb }, dynamodb.NewImage?.['pk'] && { pk: dynamodb.NewImage['pk'] }),
    ],
    [
      'has a number, not a string, as its customer ID',
      (record) => withImage(record, { ...record.dynamodb?.NewImage, customerId: { N: '1' } }),
    ],
    ['has no key', (record) => withImage(record, { customerId: { S: 'cus_a' } })],
    [
      'has a malformed key',
      (record) => withImage(record, { ...record.dynamodb?.NewImage, pk: { S: 'ACTIVE#rp_a#2026-11' } }),
    ],
  ])('is logged, counted in a metric and skipped if it %s', async (_, broken) => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 7, 2);
    const records = await streamed(active);
    const batch = records.map((record, index) => (index === 3 ? broken(record) : record));
    await deliver(batch);
    await deliver(batch);
    expect(await metering.counters(customerId)).toEqual(countersOf(active.filter((__, index) => index !== 3)));
    expect(metering.lines).toEqual([
      {
        level: 'error',
        message: 'a stream record cannot be read',
        fields: { sequenceNumber: padded(records[3]) },
      },
    ]);
    expect(metering.metrics.sum('UnreadableRecords')).toBe(1);
  });

  it('that cannot be read is skipped even if its batch contains no readable record', async () => {
    const records = await streamed(activeUsers(await newCustomer(), 2, 1));
    await deliver(records.map((record) => withImage(record, undefined)));
    expect(await checkpoint()).toBe(padded(records.at(-1)));
    expect(metering.metrics.sum('UnreadableRecords')).toBe(2);
  });
});

describe('a batch that Lambda delivers again', () => {
  it.each(['before', 'after'] as const)(
    'is counted once if the aggregator died %s the transaction of the first delivery',
    async (when) => {
      const customerId = await newCustomer();
      const active = activeUsers(customerId, 20, 2);
      const records = await streamed(active);
      await deliver(records.slice(0, 8));
      const dying = anotherClient(metering.table);
      failWrite(dying, 1, when);
      await expect(deliver(records.slice(8), dying)).rejects.toThrow(InjectedFault);
      await deliver(records.slice(8));
      expect(await metering.counters(customerId)).toEqual(countersOf(active));
    },
  );
});

describe('a batch that needs several transactions', () => {
  const CUSTOMERS = 300;
  let customerIds: string[];
  beforeAll(async () => {
    customerIds = [];
    for (let start = 0; start < CUSTOMERS; start += 50) {
      customerIds.push(...(await Promise.all(Array.from({ length: 50 }, newCustomer))));
    }
  });

  /** Returns one active user of each customer in November. Each customer has an RP of its own. */
  const small = () => customerIds.flatMap((customerId) => activeUsers(customerId, 3, 1).slice(2));
  async function expectCounted(active: readonly Active[]): Promise<void> {
    const counters = await Promise.all(active.map(({ customerId }) => metering.counters(customerId)));
    expect(counters.map((all, index) => all[`${active[index]?.rpRef ?? ''} 2026-11`])).toEqual(active.map(() => 1));
  }

  it('is split into transactions of at most 100 items, and each record stays in one transaction', async () => {
    const active = small();
    const records = await streamed(active);
    const { table, transactions } = watchedClient();
    await deliver(records, table);
    // A transaction has at most 100 items. 49 records with two counters each and the checkpoint are 99 items.
    expect(transactions).toEqual([99, 99, 99, 99, 99, 99, 13]);
    await expectCounted(active);
    expect(await checkpoint()).toBe(padded(records.at(-1)));
    // The aggregator adds to the metric once per batch, not once per transaction.
    expect(metering.metrics.values).toEqual(new Map([['AggregatedRecords', [300]]]));
  });

  it.each(['before', 'after'] as const)(
    'is counted once if the aggregator dies %s one of the transactions',
    async (when) => {
      const active = small().slice(0, 110);
      const records = await streamed(active);
      for (const nth of [2, 1]) {
        const dying = anotherClient(metering.table);
        failWrite(dying, nth, when);
        await expect(deliver(records, dying)).rejects.toThrow(InjectedFault);
      }
      await deliver(records);
      await expectCounted(active);
      await deliver(records);
      await expectCounted(active);
    },
  );

  it('is counted once if two aggregators handle it at the same time', async () => {
    const active = small().slice(0, 110);
    const records = await streamed(active);
    await Promise.all([deliver(records), deliver(records, anotherClient(metering.table))]);
    await expectCounted(active);
  });

  it('updates its 100th counter in the next transaction', async () => {
    // 49 records add to 98 counters. Each of the next two records has a new RP of one of the 49 customers, so these two
    // records add to a 99th and a 100th counter.
    const active = small().slice(0, 49);
    const more = active.slice(0, 2).map((user) => ({ ...user, rpRef: newId('rp') }));
    const { table, transactions } = watchedClient();
    await deliver(await streamed(active), table);
    shardId = `${shardId}-2`;
    const again = active.map((user) => ({ ...user, userId: 'another' }));
    await deliver([...(await streamed(again)), ...(await streamed(more))], table);
    expect(transactions).toEqual([99, 100, 3]);
  });
});

describe('a customer', () => {
  it.each<[string, (customerId: string) => Promise<unknown>]>([
    [
      'has begun to unsubscribe',
      (customerId) =>
        metering.table.client.send(
          new UpdateCommand({
            TableName: metering.table.name,
            Key: customerKey(customerId),
            UpdateExpression: 'SET #status = :unsubscribing',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':unsubscribing': 'unsubscribing' },
          }),
        ),
    ],
    [
      'no longer exists',
      (customerId) =>
        metering.table.client.send(new DeleteCommand({ TableName: metering.table.name, Key: customerKey(customerId) })),
    ],
  ])('that %s gets no counters, but the checkpoint advances past the records of the customer', async (_, leave) => {
    const [leaving, staying] = [await newCustomer(), await newCustomer()];
    const stays = activeUsers(staying, 5, 1);
    const leaves = activeUsers(leaving, 5, 1);
    const records = await streamed(stays.flatMap((user, index) => [user, leaves[index] ?? user]));
    await leave(leaving);
    await deliver(records);
    expect(await metering.counters(staying)).toEqual(countersOf(stays));
    expect(await metering.counters(leaving)).toEqual({});
    expect(await checkpoint()).toBe(padded(records.at(-1)));
  });

  it('that no longer exists gets no counters even if a batch contains only records of this customer', async () => {
    const customerId = await newCustomer();
    const records = await streamed(activeUsers(customerId, 3, 1));
    await metering.table.client.send(
      new DeleteCommand({ TableName: metering.table.name, Key: customerKey(customerId) }),
    );
    await deliver(records);
    expect(await metering.counters(customerId)).toEqual({});
    expect(await checkpoint()).toBe(padded(records.at(-1)));
  });
});

describe('the aggregator', () => {
  it('throws an error if every transaction fails, so that Lambda delivers the batch again', async () => {
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 5, 1);
    const records = await streamed(active);
    const table = injectFaults(anotherClient(metering.table), (attempt) =>
      attempt.command.startsWith('Transact') ? { before: transactionConflict(attempt) } : undefined,
    );
    await expect(deliver(records, table)).rejects.toThrow(UnavailableError);
    await deliver(records);
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
  });

  it('counts each record once even if some calls to the table fail and some responses are lost', async () => {
    const chance = random();
    console.info(`aggregator.test.ts: SEED=${chance.seed}`);
    const customerId = await newCustomer();
    const active = activeUsers(customerId, 60, 2);
    const records = await streamed(active);
    const faults = { conflicts: 0, lost: 0, throttled: 0 };
    const faulty = () =>
      injectFaults(anotherClient(metering.table), (attempt) => {
        const isWrite = attempt.command.startsWith('Transact');
        const drawn = chance.next();
        if (isWrite && drawn < 0.2) {
          faults.conflicts += 1;
          return { before: transactionConflict(attempt) };
        }
        if (isWrite && drawn < 0.4) {
          faults.lost += 1;
          return { after: timeOut() };
        }
        if (drawn > 0.95) {
          faults.throttled += 1;
          return { before: throttling() };
        }
        return undefined;
      });
    const eventually = async (batch: DynamoDBRecord[], table: Table) => {
      for (let tries = 0; tries < 20; tries += 1) {
        const done = await deliver(batch, table).then(
          () => true,
          () => false,
        );
        if (done) return;
      }
      throw new Error('The batch failed in all 20 tries.');
    };
    const [one, other] = [faulty(), faulty()];
    for (let start = 0; start < records.length; start += 6) {
      const batch = records.slice(start, start + 6);
      await Promise.all([eventually(batch, one), eventually(batch, other)]);
    }
    expect(await metering.counters(customerId)).toEqual(countersOf(active));
    expect(faults.conflicts + faults.lost + faults.throttled).toBeGreaterThan(0);
  });
});

describe('when batches and deliveries are random,', () => {
  let customerIds: string[];
  let records: DynamoDBRecord[];
  let once: Record<string, number>;
  beforeAll(async () => {
    customerIds = [await newCustomer(), await newCustomer()];
    const [first = '', second = ''] = customerIds;
    const active = [...activeUsers(first, 14, 2), ...activeUsers(second, 10, 1)];
    records = random(1)
      .shuffle(await streamed(active))
      .map((record, index) => withSequence(record, String(index + 8)));
    once = countersOf(active);
  });
  const countersNow = async () =>
    Object.assign({}, ...(await Promise.all(customerIds.map((id) => metering.counters(id))))) as Record<string, number>;

  /** Runs `deliveries` with a new shard, and expects that the deliveries together count each record once. */
  async function expectEachOnce(deliveries: () => Promise<void>): Promise<void> {
    shardId = `shardId-${newId('rp')}`;
    const before = await countersNow();
    await deliveries();
    const after = await countersNow();
    const added = Object.fromEntries(Object.entries(after).map(([key, mau]) => [key, mau - (before[key] ?? 0)]));
    expect(added).toEqual(once);
  }

  it('each record counts once if two aggregators read the same shard', async () => {
    const other = anotherClient(metering.table);
    const chance = random();
    console.info(`aggregator.test.ts: SEED=${chance.seed}`);
    for (let round = 0; round < (LONG ? 50 : 8); round += 1) {
      await expectEachOnce(async () => {
        // Each aggregator gets the records in order, but in batches of a different size.
        await Promise.all([
          deliverInBatches(records, 1 + chance.below(9)),
          deliverInBatches(records, 1 + chance.below(9), other),
        ]);
      });
    }
  });

  /**
   * One step in a random sequence of deliveries to the aggregator. `next` is the number of new records in the delivery.
   * `dies` is whether the aggregator dies before or after its write. `again` is the range of records that is delivered
   * again at the same time.
   */
  const step = fc.record({
    next: fc.nat({ max: 7 }),
    dies: fc.constantFrom('no', 'no', 'before', 'after'),
    again: fc.option(fc.tuple(fc.nat({ max: 30 }), fc.nat({ max: 30 })), { nil: undefined, freq: 2 }),
  });

  it('each record counts once, even if deliveries are repeated or simultaneous and aggregators die', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), fc.scheduler(), async (steps, scheduler) => {
        await expectEachOnce(async () => {
          let come = 0;
          for (const { next, dies, again } of [...steps, { next: records.length, dies: 'no', again: undefined }]) {
            const end = Math.min(come + next, records.length);
            // A repeated delivery may include new records, but must not skip any record.
            const [from, to] = again ? [Math.min(again[0], come), Math.min(again[1], end)] : [0, 0];
            const table = scheduled(scheduler, anotherClient(metering.table));
            if (dies === 'before' || dies === 'after') failWrite(table, 1, dies);
            await scheduler.waitFor(
              Promise.all([
                deliver(records.slice(come, end), table).catch(async (error: unknown) => {
                  if (!(error instanceof InjectedFault)) throw error;
                  await deliver(records.slice(come, end), table);
                }),
                deliver(records.slice(from, to), scheduled(scheduler, anotherClient(metering.table))),
              ]),
            );
            come = end;
          }
        });
      }),
      { numRuns: LONG ? 200 : 10 },
    );
  }, 600_000);

  /**
   * Makes the calls to the table wait for the scheduler, so that fast-check chooses the order of the calls of the
   * aggregators.
   */
  function scheduled(scheduler: fc.Scheduler, table: Table): Table {
    table.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          await scheduler.schedule(Promise.resolve(), commandName);
          return next(args);
        },
      { step: 'initialize', priority: 'low' },
    );
    return table;
  }
});
