import type { DynamoDBRecord } from 'aws-lambda';
import fc from 'fast-check';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import {
  InjectedFault,
  anotherClient,
  failWrite,
  injectFaults,
  throttling,
  timeOut,
  transactionConflict,
} from '../support/table-faults.ts';
import { random } from '../support/random.ts';
import { LONG } from '../support/long.ts';
import {
  activeUsers,
  countersOf,
  openAggregator,
  padded,
  withSequence,
  type Active,
  type TestAggregator,
} from '../support/metering/aggregator.ts';

let aggregator: TestAggregator;
beforeAll(async () => {
  aggregator = await openAggregator();
});
beforeEach(() => {
  aggregator.useNewShard();
  aggregator.metering.lines.length = 0;
  aggregator.metering.metrics.values.clear();
});

describe('a batch that needs several transactions', () => {
  const CUSTOMERS = 300;
  let customerIds: string[];
  beforeAll(async () => {
    customerIds = [];
    for (let start = 0; start < CUSTOMERS; start += 50) {
      customerIds.push(...(await Promise.all(Array.from({ length: 50 }, aggregator.newCustomer))));
    }
  });

  /** Returns one active user of each customer in November. Each customer has an RP of its own. */
  const small = () => customerIds.flatMap((customerId) => activeUsers(customerId, 3, 1).slice(2));
  async function expectCounted(active: readonly Active[]): Promise<void> {
    const counters = await Promise.all(active.map(({ customerId }) => aggregator.metering.counters(customerId)));
    expect(counters.map((all, index) => all[`${active[index]?.rpRef ?? ''} 2026-11`])).toEqual(active.map(() => 1));
  }

  it('is split into transactions of at most 100 items, and no record is split over two transactions', async () => {
    const active = small();
    const records = await aggregator.streamed(active);
    const { table, transactions } = aggregator.watchedClient();
    await aggregator.deliver(records, table);
    // A transaction has at most 100 items. 49 records with two counters each, plus the checkpoint, are 99 items.
    expect(transactions).toEqual([99, 99, 99, 99, 99, 99, 13]);
    await expectCounted(active);
    expect(await aggregator.checkpoint()).toBe(padded(records.at(-1)));
    // The aggregator adds to the metric `AggregatedRecords` once per batch, not once per transaction.
    expect(aggregator.metering.metrics.values).toEqual(new Map([['AggregatedRecords', [300]]]));
  });

  it.each(['before', 'after'] as const)(
    'is counted once if the aggregator dies %s one of the transactions',
    async (when) => {
      const active = small().slice(0, 110);
      const records = await aggregator.streamed(active);
      for (const nth of [2, 1]) {
        const dying = anotherClient(aggregator.metering.table);
        failWrite(dying, nth, when);
        await expect(aggregator.deliver(records, dying)).rejects.toThrow(InjectedFault);
      }
      await aggregator.deliver(records);
      await expectCounted(active);
      await aggregator.deliver(records);
      await expectCounted(active);
    },
  );

  it('is counted once if two aggregators handle it at the same time', async () => {
    const active = small().slice(0, 110);
    const records = await aggregator.streamed(active);
    await Promise.all([
      aggregator.deliver(records),
      aggregator.deliver(records, anotherClient(aggregator.metering.table)),
    ]);
    await expectCounted(active);
  });

  it('updates its first 99 counters in one transaction and its 100th counter in another transaction', async () => {
    // 49 records add to 98 counters. Each of the next two records has a new RP of one of the 49 customers, so these two
    // records add to a 99th and a 100th counter.
    const active = small().slice(0, 49);
    const more = active.slice(0, 2).map((user) => ({ ...user, rpRef: newId('rp') }));
    const { table, transactions } = aggregator.watchedClient();
    await aggregator.deliver(await aggregator.streamed(active), table);
    aggregator.useNewShard();
    const again = active.map((user) => ({ ...user, userId: 'another' }));
    await aggregator.deliver([...(await aggregator.streamed(again)), ...(await aggregator.streamed(more))], table);
    expect(transactions).toEqual([99, 100, 3]);
  });
});

describe('the aggregator', () => {
  it('throws an error if every transaction fails, so that Lambda delivers the batch again', async () => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 5, 1);
    const records = await aggregator.streamed(active);
    const table = injectFaults(anotherClient(aggregator.metering.table), (attempt) =>
      attempt.command.startsWith('Transact') ? { before: transactionConflict(attempt) } : undefined,
    );
    await expect(aggregator.deliver(records, table)).rejects.toThrow(UnavailableError);
    await aggregator.deliver(records);
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
  });

  it('counts each record once even if some calls to the table fail and some responses are lost', async () => {
    const chance = random();
    console.info(`aggregator-faults.long.test.ts: SEED=${chance.seed}`);
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 60, 2);
    const records = await aggregator.streamed(active);
    const faults = { conflicts: 0, lost: 0, throttled: 0 };
    const faulty = () =>
      injectFaults(anotherClient(aggregator.metering.table), (attempt) => {
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
        const done = await aggregator.deliver(batch, table).then(
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
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
    expect(faults.conflicts + faults.lost + faults.throttled).toBeGreaterThan(0);
  });
});

describe('when batches and deliveries are random,', () => {
  let customerIds: string[];
  let records: DynamoDBRecord[];
  let once: Record<string, number>;
  beforeAll(async () => {
    customerIds = [await aggregator.newCustomer(), await aggregator.newCustomer()];
    const [first = '', second = ''] = customerIds;
    const active = [...activeUsers(first, 14, 2), ...activeUsers(second, 10, 1)];
    records = random(1)
      .shuffle(await aggregator.streamed(active))
      .map((record, index) => withSequence(record, String(index + 8)));
    once = countersOf(active);
  });
  const countersNow = async () =>
    Object.assign({}, ...(await Promise.all(customerIds.map((id) => aggregator.metering.counters(id))))) as Record<
      string,
      number
    >;

  /** Runs `deliveries` with a new shard, and expects that the aggregator counts each record once. */
  async function expectEachOnce(deliveries: () => Promise<void>): Promise<void> {
    aggregator.useNewShard();
    const before = await countersNow();
    await deliveries();
    const after = await countersNow();
    const added = Object.fromEntries(Object.entries(after).map(([key, mau]) => [key, mau - (before[key] ?? 0)]));
    expect(added).toEqual(once);
  }

  it('each record counts once if two aggregators read the same shard', async () => {
    const other = anotherClient(aggregator.metering.table);
    const chance = random();
    console.info(`aggregator-faults.long.test.ts: SEED=${chance.seed}`);
    for (let round = 0; round < (LONG ? 50 : 8); round += 1) {
      await expectEachOnce(async () => {
        // Both aggregators get the records in order. Each aggregator gets them in batches of a random size.
        await Promise.all([
          aggregator.deliverInBatches(records, 1 + chance.below(9)),
          aggregator.deliverInBatches(records, 1 + chance.below(9), other),
        ]);
      });
    }
  });

  /**
   * One step in a random sequence of deliveries to the aggregator. `next` is the number of new records in the delivery.
   * `dies` tells whether the aggregator dies before its write, dies after its write or does not die. `again` is the
   * range of records that another aggregator receives at the same time.
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
            const table = scheduled(scheduler, anotherClient(aggregator.metering.table));
            if (dies === 'before' || dies === 'after') failWrite(table, 1, dies);
            await scheduler.waitFor(
              Promise.all([
                aggregator.deliver(records.slice(come, end), table).catch(async (error: unknown) => {
                  if (!(error instanceof InjectedFault)) throw error;
                  await aggregator.deliver(records.slice(come, end), table);
                }),
                aggregator.deliver(
                  records.slice(from, to),
                  scheduled(scheduler, anotherClient(aggregator.metering.table)),
                ),
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
   * Makes the calls to `table` wait for the scheduler, so that fast-check chooses the order in which the aggregators
   * call the table. Returns `table`.
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
