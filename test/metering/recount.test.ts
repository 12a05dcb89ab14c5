import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { certainDrift } from '../../functions/domain/metering/certain-drift.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { build } from '../../functions/events/recount-active-users.ts';
import { putActiveUser } from '../../functions/table/active-users.ts';
import { customerKey, rpKey, rpMauKey, totalMauKey, type Key } from '../../functions/table/keys.ts';
import { addToRpMau, addToTotalMau, readRpMau } from '../../functions/table/mau-counters.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { anotherClient, failWrite, injectFaults, meanwhile, timeOut, watchAttempts } from '../support/table-faults.ts';
import { openMetering, windowEvent, type Metering } from '../support/metering.ts';

describe('certain drift', () => {
  it.each([
    // No records arrive between the reads, so the whole difference is certain.
    [{ counter: 10, records: 10 }, 10, 0],
    [{ counter: 7, records: 10 }, 7, 3],
    [{ counter: 0, records: 10 }, 0, 10],
    [{ counter: 14, records: 10 }, 14, -4],
    // The records that were still in the stream have been counted meanwhile.
    [{ counter: 4, records: 10 }, 10, 0],
    // New records may have arrived meanwhile, and may hide missing ones.
    [{ counter: 4, records: 10 }, 13, 0],
    [{ counter: 4, records: 10 }, 8, 2],
    // New records have arrived meanwhile, and do not change that the counter was too high at first.
    [{ counter: 14, records: 10 }, 20, -4],
  ])('of a recount with %o and a later counter of %i is %i', (recount, later, drift) => {
    expect(certainDrift(recount, later)).toBe(drift);
  });

  /**
   * The life of a record: the record is stored at the time `recorded`, and adds `times` to the counter at the time
   * `delivered`. The recount reads the counter at the time 0, counts the records at `COUNTING`, and reads the counter again
   * at `LATER`. By then every record that the recount counted has been delivered, because the aggregator has caught up with
   * the stream.
   */
  const COUNTING = 10;
  const LATER = 100;
  const record = (times: fc.Arbitrary<number>) =>
    fc
      .record({ recorded: fc.integer({ min: -100, max: LATER }), takes: fc.nat({ max: 250 }), times })
      .map(({ recorded, takes, times: counted }) => ({
        recorded,
        delivered: recorded <= COUNTING ? Math.min(recorded + takes, LATER) : recorded + takes,
        times: counted,
      }));
  type History = { recorded: number; delivered: number; times: number }[];
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const counterAt = (history: History, time: number) =>
    sum(history.filter(({ delivered }) => delivered <= time).map(({ times }) => times));
  /**
   * Returns how much a counter is too low at a time, leaving out records that are not delivered yet. Negative: too high.
   */
  const driftAt = (history: History, time: number) =>
    sum(history.filter(({ delivered }) => delivered <= time).map(({ times }) => 1 - times));
  const found = (history: History) =>
    certainDrift(
      {
        counter: counterAt(history, 0),
        records: history.filter(({ recorded }) => recorded <= COUNTING).length,
      },
      counterAt(history, LATER),
    );
  const histories = (...times: number[]) => fc.array(record(fc.constantFrom(...times)), { maxLength: 30 });
  const numRuns = 1_000;

  it('is 0 when each record is counted once, no matter which records are still in the stream', () => {
    fc.assert(
      fc.property(histories(1), (history) => {
        expect(found(history)).toBe(0);
      }),
      { numRuns },
    );
  });

  it('is never more than the number of lost records', () => {
    fc.assert(
      fc.property(histories(0, 1, 1, 1), (history) => {
        expect(found(history)).toBeGreaterThanOrEqual(0);
        expect(found(history)).toBeLessThanOrEqual(driftAt(history, LATER));
      }),
      { numRuns },
    );
  });

  it('never takes off more than the number of records that were counted twice', () => {
    fc.assert(
      fc.property(histories(1, 1, 1, 2), (history) => {
        expect(found(history)).toBeLessThanOrEqual(0);
        expect(found(history)).toBeGreaterThanOrEqual(driftAt(history, LATER));
      }),
      { numRuns },
    );
  });

  it('is never more than the real drift when some records are lost and others are counted twice', () => {
    fc.assert(
      fc.property(histories(0, 1, 1, 2), (history) => {
        const drift = found(history);
        // The later read shows missing records, and the first read shows those counted twice.
        if (drift > 0) expect(drift).toBeLessThanOrEqual(driftAt(history, LATER));
        if (drift < 0) expect(drift).toBeGreaterThanOrEqual(driftAt(history, 0));
      }),
      { numRuns },
    );
  });

  it('is the whole drift when no records arrive between the reads', () => {
    fc.assert(
      fc.property(histories(0, 1, 2), (history) => {
        const completed = history.map(({ times }) => ({ recorded: -1, delivered: 0, times }));
        expect(found(completed)).toBe(driftAt(completed, 0));
      }),
      { numRuns },
    );
  });
});

describe('certain drift of a total', () => {
  it.each([
    [{ counter: 10, records: 10 }, 10, 10, 0],
    [{ counter: 7, records: 10 }, 7, 10, 3],
    [{ counter: 14, records: 10 }, 14, 10, -4],
    // The first reads saw only a part of a transaction of the aggregator.
    [{ counter: 10, records: 6 }, 10, 10, 0],
    [{ counter: 6, records: 10 }, 10, 10, 0],
    // New records have arrived meanwhile, and may hide missing ones and those counted twice.
    [{ counter: 7, records: 10 }, 9, 12, 1],
    [{ counter: 14, records: 10 }, 17, 13, -1],
    [{ counter: 14, records: 10 }, 20, 16, 0],
  ])('of a recount with %o, a later total of %i and a later sum of %i is %i', (recount, total, sumLater, drift) => {
    expect(certainDrift(recount, total, sumLater)).toBe(drift);
  });

  /**
   * The life of a batch of the aggregator: a read of the total sees its transaction from the time `total` on, and a read of
   * the RP's counter from the time `rp` on. Either time may be earlier, by up to 20. The transaction adds `times` to the
   * total and 1 to the RP's counter. The recount reads the total and the sum over the RPs at times from 0 to 10, and again
   * from 100 to 110.
   */
  const batch = (times: fc.Arbitrary<number>) =>
    fc
      .record({ total: fc.integer({ min: -50, max: 120 }), apart: fc.integer({ min: -20, max: 20 }), times })
      .map(({ total, apart, times: counted }) => ({ total, rp: total + apart, times: counted }));
  type Batches = { total: number; rp: number; times: number }[];
  const reads = fc.record({
    total: fc.nat({ max: 10 }),
    rps: fc.nat({ max: 10 }),
    laterTotal: fc.integer({ min: 100, max: 110 }),
    laterRps: fc.integer({ min: 100, max: 110 }),
  });
  const totalAt = (batches: Batches, time: number) =>
    batches.reduce((sum, { total, times }) => sum + (total <= time ? times : 0), 0);
  const sumAt = (batches: Batches, time: number) => batches.filter(({ rp }) => rp <= time).length;
  const lost = (batches: Batches) => batches.filter(({ times }) => times === 0).length;
  const doubled = (batches: Batches) => batches.filter(({ times }) => times === 2).length;
  const history = (...times: number[]) =>
    fc.tuple(fc.array(batch(fc.constantFrom(...times)), { maxLength: 30 }), reads);
  const found = ([batches, at]: [Batches, { total: number; rps: number; laterTotal: number; laterRps: number }]) =>
    certainDrift(
      { counter: totalAt(batches, at.total), records: sumAt(batches, at.rps) },
      totalAt(batches, at.laterTotal),
      sumAt(batches, at.laterRps),
    );
  const numRuns = 1_000;

  it('is 0 when the total and the RPs count each batch once, no matter which part of a transaction the reads see', () => {
    fc.assert(
      fc.property(history(1), (each) => {
        expect(found(each)).toBe(0);
      }),
      { numRuns },
    );
  });

  it('is never more than the number that the total lost', () => {
    fc.assert(
      fc.property(history(0, 1, 1, 1), (each) => {
        expect(found(each)).toBeGreaterThanOrEqual(0);
        expect(found(each)).toBeLessThanOrEqual(lost(each[0]));
      }),
      { numRuns },
    );
  });

  it('never takes off more than the number that the total counted twice', () => {
    fc.assert(
      fc.property(history(1, 1, 1, 2), (each) => {
        expect(found(each)).toBeLessThanOrEqual(0);
        expect(found(each)).toBeGreaterThanOrEqual(-doubled(each[0]));
      }),
      { numRuns },
    );
  });

  it('is the whole drift when no batch arrives between the reads', () => {
    fc.assert(
      fc.property(history(0, 1, 2), ([batches, at]) => {
        const quiet = batches.map(({ times }) => ({ total: -1, rp: -1, times }));
        // `toBe` tells 0 from -0, and `=== 0` does not.
        expect(found([quiet, at]) - (lost(batches) - doubled(batches)) === 0).toBe(true);
      }),
      { numRuns },
    );
  });
});

describe('the recount', () => {
  let metering: Metering;
  let customerId: string;
  let rp: string;
  let newRp: () => Promise<string>;
  beforeEach(open);
  async function open(): Promise<void> {
    metering = await openMetering({ now: '2026-11-20T09:00:00Z' });
    const customer = await metering.signUp();
    ({ customerId } = customer);
    newRp = async () => (await customer.rp()).rpRef;
    rp = await newRp();
  }

  let users = 0;
  /** Stores records of `count` new active users at an RP. They are then in the stream, but not yet in a counter. */
  async function record(count: number, { at = rp, month = '2026-11' } = {}): Promise<void> {
    await Promise.all(
      Array.from({ length: count }, () => {
        users += 1;
        return putActiveUser(
          metering.table,
          { customerId, rpRef: at, month, userId: `user-${users}`, firstOperationAt: 0 },
          0,
        );
      }),
    );
  }
  /** Delivers the new stream records to the aggregator. */
  async function aggregate(): Promise<void> {
    await buildAggregator(metering.services)(windowEvent('shard', await metering.records()));
  }
  /**
   * Makes counters wrong by `by`, as if increments had been lost or doubled. Changes the counter of an RP and the total, or
   * with `only` just one of them.
   */
  async function drift(by: number, at = rp, only?: 'rp' | 'total'): Promise<void> {
    await transact(metering.table, {
      rp: only === 'total' ? undefined : addToRpMau(customerId, '2026-11', at, by),
      total: only === 'rp' ? undefined : addToTotalMau(customerId, '2026-11', by),
    });
  }
  const driftTotal = (by: number) => drift(by, rp, 'total');
  interface Run {
    hasTime?: () => boolean;
    lag?: number;
    on?: Table;
  }
  const remove = ({ pk, sk }: Key) =>
    metering.table.client.send(new DeleteCommand({ TableName: metering.table.name, Key: { pk, sk } }));

  /** Runs the recount. `lag` is how far the aggregator is behind the stream, in milliseconds. */
  function run({ hasTime = () => true, lag = 0, on = metering.table }: Run = {}) {
    const recount = build({ ...metering.services, table: on, streamLag: () => Promise.resolve(lag) });
    return recount({} as Parameters<typeof recount>[0], {
      getRemainingTimeInMillis: () => (hasTime() ? 15 * MINUTE : 0),
    });
  }
  const pass = (milliseconds: number) => (metering.clock.time += milliseconds);
  /** Returns the counters of November: an RP's counter and the total. */
  async function counters(at = rp) {
    const all = await metering.counters(customerId);
    return [all[`${at} 2026-11`], all[`${customerId} 2026-11`]];
  }
  const metric = () => metering.metrics.values.get('RecountDrift');

  it('finds no drift in a correct counter, and recounts it after about a day', async () => {
    await record(10);
    await aggregate();
    expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
    pass(23 * HOUR - 1);
    expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
    pass(1);
    expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
    expect(await counters()).toEqual([10, 10]);
    expect(metric()).toEqual([0, 0, 0]);
  });

  it('adds the missing number once, to the RP and to the total, an hour after it found the difference', async () => {
    await record(10);
    await aggregate();
    await drift(-3);
    expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
    pass(HOUR - 1);
    expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
    expect(await counters()).toEqual([7, 7]);
    pass(1);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
    expect(await counters()).toEqual([10, 10]);
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
    expect(await counters()).toEqual([10, 10]);
    expect(metric()).toEqual([0, 0, 3, 0]);
    expect(metering.lines).toContainEqual({
      level: 'error',
      message: 'a counter had drifted',
      fields: expect.objectContaining({
        customerId,
        rp,
        month: '2026-11',
        counter: 7,
        records: 10,
        later: 7,
        drift: 3,
      }) as unknown,
    });
  });

  it('lowers a counter that is too high', async () => {
    await record(10);
    await aggregate();
    await drift(4);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 4 });
    expect(await counters()).toEqual([10, 10]);
    expect(metric()).toEqual([0, 4]);
  });

  it('restores a counter that was lost', async () => {
    await record(10);
    await aggregate();
    await remove(rpMauKey(customerId, '2026-11', rp));
    await run();
    pass(HOUR);
    // The total differed from the sum of the RPs too. The recount lowers the total by 10 before the RP's recount adds 10 to
    // both, so the total is never too high.
    expect(await run()).toEqual({ counted: 0, completed: 2, drift: 20 });
    expect(await counters()).toEqual([10, 10]);
  });

  it('finds no drift when records were still in the stream', async () => {
    await record(6);
    await aggregate();
    await record(10);
    expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
    await aggregate();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 0 });
    expect(await counters()).toEqual([16, 16]);
    expect(metric()).toEqual([0, 0]);
  });

  it('completes nothing while the aggregator is an hour or more behind the stream, or its lag is unknown', async () => {
    await record(10);
    await run();
    pass(3 * HOUR);
    for (const lag of [HOUR, 24 * HOUR, Infinity]) {
      expect(await run({ lag })).toEqual({ counted: 0, completed: 0, drift: 0 });
    }
    expect(await counters()).toEqual([0, undefined]);
    await aggregate();
    expect(await run({ lag: 15 * MINUTE })).toEqual({ counted: 0, completed: 1, drift: 0 });
    expect(await counters()).toEqual([10, 10]);
  });

  it('finds no drift when operations arrive between its reads', async () => {
    await record(10);
    await aggregate();
    await record(2);
    // Records arrive between the first read of the counter and the count of the records.
    const on = anotherClient(metering.table);
    let isFirst = true;
    on.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName === 'QueryCommand' && 'Select' in args.input && isFirst) {
            isFirst = false;
            await record(5);
            await aggregate();
            await record(5);
          }
          return next(args);
        },
      { step: 'initialize' },
    );
    expect(await run({ on })).toEqual({ counted: 1, completed: 0, drift: 0 });
    expect(isFirst).toBe(false);
    pass(HOUR);
    // By the second half, the first 22 records have been delivered, and so have some of the later ones.
    await aggregate();
    await record(4);
    await aggregate();
    await record(3);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 0 });
    await aggregate();
    expect(await counters()).toEqual([29, 29]);
    expect(metric()).toEqual([0, 0]);
  });

  it('finds drift on the next day when new operations hid it at first', async () => {
    await record(10);
    await aggregate();
    await drift(-3);
    await run();
    await record(5);
    await aggregate();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 0 });
    pass(23 * HOUR);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
    expect(await counters()).toEqual([15, 15]);
  });

  it('corrects drift in two steps when new operations hid a part of it at first', async () => {
    await record(10);
    await aggregate();
    await drift(-3);
    await run();
    await record(2);
    await aggregate();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 1 });
    pass(23 * HOUR);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 2 });
    expect(await counters()).toEqual([12, 12]);
  });

  it('corrects drift once when two runs work at the same time', async () => {
    const other = anotherClient(metering.table);
    await record(10);
    await aggregate();
    for (const by of [-3, 2, -1, 5]) {
      await drift(by);
      await Promise.all([run(), run({ on: other })]);
      pass(HOUR);
      const reports = await Promise.all([run(), run({ on: other })]);
      expect(reports.map(({ completed }) => completed).sort()).toEqual([0, 1]);
      expect(reports[0].drift + reports[1].drift).toBe(Math.abs(by));
      expect(await counters()).toEqual([10, 10]);
      pass(23 * HOUR);
    }
  });

  it.each(['before', 'after'] as const)(
    'corrects drift once when a run dies %s it writes the correction',
    async (when) => {
      await record(10);
      await aggregate();
      await drift(-3);
      await run();
      pass(HOUR);
      const on = anotherClient(metering.table);
      failWrite(on, 1, when);
      await expect(run({ on })).rejects.toThrow('could not be recounted: 1');
      await run();
      expect(await counters()).toEqual([10, 10]);
    },
  );

  it('adds the drift of all counters up without their signs for the metric', async () => {
    const second = await newRp();
    await record(10);
    await record(5, { at: second });
    await aggregate();
    await drift(-3);
    await drift(2, second);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 2, drift: 5 });
    expect(metric()).toEqual([0, 5]);
    expect(await counters()).toEqual([10, 15]);
    expect(await counters(second)).toEqual([5, 15]);
  });

  /** Returns a function that returns true for its first `count` calls, and then false. */
  const times = (count: number) => {
    let left = count;
    return () => (left -= 1) >= 0;
  };

  it('continues in the next run when a run has no time left', async () => {
    const rps = [rp, await newRp(), await newRp()];
    for (const at of rps) await record(4, { at });
    await aggregate();
    for (const at of rps) await drift(-1, at);
    const reports = [];
    // Each run skips the RPs that earlier runs have recounted, and then has time for one more.
    for (const rounds of [1, 2, 3]) reports.push(await run({ hasTime: times(rounds) }));
    expect(reports.map(({ counted }) => counted)).toEqual([1, 1, 1]);
    pass(HOUR);
    for (const rounds of [1, 2, 3]) reports.push(await run({ hasTime: times(rounds) }));
    expect(reports.slice(3).map(({ completed }) => completed)).toEqual([1, 1, 1]);
    expect(await counters()).toEqual([4, 12]);
  });

  it('recounts every RP in the end, even one that comes after many RPs without active users', async () => {
    const rps = [rp, await newRp(), await newRp(), await newRp()].sort();
    const last = rps.at(-1) ?? '';
    await record(4, { at: last });
    await aggregate();
    await drift(-1, last);
    for (let hours = 0; hours < 8; hours += 1) {
      // A run has time to count the records of two RPs. Skipping the RPs that were counted before takes no time.
      const counted = new Set<string>();
      const on = watchAttempts(anotherClient(metering.table), ({ input }) => {
        const at = rps.find((id) => input['Select'] === 'COUNT' && JSON.stringify(input).includes(id));
        if (at !== undefined) counted.add(at);
      });
      await run({ hasTime: () => counted.size < 2, on });
      pass(HOUR);
    }
    expect(await counters(last)).toEqual([4, 4]);
  });

  it('recounts the previous month until that closes, and no month before it', async () => {
    metering.clock.time = Date.parse('2026-12-03T23:59:59.999Z');
    for (const month of ['2026-10', '2026-11', '2026-12']) await record(2, { month });
    await aggregate();
    expect((await run()).counted).toBe(2);
    const recounted = async (month: string) => (await readRpMau(metering.table, customerId, month, rp))?.recountedAt;
    expect(await recounted('2026-11')).toBe(metering.clock.time);
    expect(await recounted('2026-10')).toBeUndefined();
    pass(24 * HOUR);
    expect((await run()).counted).toBe(1);
  });

  it('recounts a removed RP, because its active users are billed', async () => {
    await record(6);
    await aggregate();
    await drift(-2);
    await metering.table.client.send(
      new UpdateCommand({
        TableName: metering.table.name,
        Key: rpKey(customerId, rp),
        UpdateExpression: 'SET removedAt = :now',
        ExpressionAttributeValues: { ':now': metering.clock.time },
      }),
    );
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 2 });
    expect(await counters()).toEqual([6, 6]);
  });

  it('does not recount an RP that was removed before the month began', async () => {
    await metering.table.client.send(
      new UpdateCommand({
        TableName: metering.table.name,
        Key: rpKey(customerId, rp),
        UpdateExpression: 'SET removedAt = :at',
        ExpressionAttributeValues: { ':at': Date.parse('2026-10-31T23:50:00Z') },
      }),
    );
    expect(await run()).toMatchObject({ counted: 0 });
    expect(await metering.counters(customerId)).toEqual({});
  });

  it('recounts the other customers and reports their drift when one customer cannot be recounted', async () => {
    const others = [await metering.signUp(), await metering.signUp()];
    const rps = [{ customerId, rpRef: rp }, ...(await Promise.all(others.map((other) => other.rp())))];
    for (const { customerId, rpRef } of rps) {
      const user = { customerId, rpRef, month: '2026-11', userId: 'user', firstOperationAt: 0 };
      await putActiveUser(metering.table, user, 0);
    }
    await run();
    pass(HOUR);
    const on = injectFaults(anotherClient(metering.table), ({ command, input }) =>
      command.startsWith('Query') && JSON.stringify(input).includes(customerId) ? { before: timeOut() } : undefined,
    );
    await expect(run({ on })).rejects.toThrow('could not be recounted: 1');
    expect(metric()).toEqual([0, 2]);
    for (const { customerId } of others) {
      expect(Object.values(await metering.counters(customerId))).toEqual([1, 1]);
    }
  });

  it('stops after a customer that cannot be recounted when no time is left', async () => {
    await metering.signUp();
    let tried = 0;
    const on = injectFaults(anotherClient(metering.table), ({ command, input }) => {
      const isOfRps = command.startsWith('Query') && JSON.stringify(input).includes('RP#');
      if (isOfRps) tried += 1;
      return isOfRps ? { before: Object.assign(new Error('Injected'), { name: 'AccessDeniedException' }) } : undefined;
    });
    await expect(run({ hasTime: () => tried === 0, on })).rejects.toThrow('could not be recounted: 1');
    expect(tried).toBe(1);
  });

  it('writes nothing for a customer that is unsubscribing, even if a recount had begun before', async () => {
    await record(6);
    await aggregate();
    await drift(-2);
    await run();
    await metering.table.client.send(
      new UpdateCommand({
        TableName: metering.table.name,
        Key: customerKey(customerId),
        UpdateExpression: 'SET #status = :unsubscribing',
        ExpressionAttributeNames: { '#status': 'status' },
        ExpressionAttributeValues: { ':unsubscribing': 'unsubscribing' },
      }),
    );
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
    expect(await counters()).toEqual([4, 4]);
  });

  describe('of a total', () => {
    it('adds the number that is missing from the sum of the RPs once, an hour after it found the difference', async () => {
      const second = await newRp();
      await record(10);
      await record(5, { at: second });
      await aggregate();
      await driftTotal(-3);
      expect(await run()).toEqual({ counted: 2, completed: 0, drift: 0 });
      pass(HOUR - 1);
      expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
      expect(await counters()).toEqual([10, 12]);
      pass(1);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
      expect(await counters()).toEqual([10, 15]);
      for (let hours = 0; hours < 3; hours += 1) {
        pass(HOUR);
        expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
      }
      expect(await counters()).toEqual([10, 15]);
      expect(await counters(second)).toEqual([5, 15]);
      expect(metric()).toEqual([0, 0, 3, 0, 0, 0]);
      expect(metering.lines).toContainEqual({
        level: 'error',
        message: 'a counter had drifted',
        fields: expect.objectContaining({
          customerId,
          rp: null,
          month: '2026-11',
          counter: 12,
          records: 15,
          later: 12,
          drift: 3,
        }) as unknown,
      });
    });

    it('lowers a total that is too high', async () => {
      await record(10);
      await aggregate();
      await driftTotal(4);
      await run();
      pass(HOUR);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 4 });
      expect(await counters()).toEqual([10, 10]);
      expect(metric()).toEqual([0, 4]);
    });

    it('restores a total that was lost', async () => {
      await record(10);
      await aggregate();
      await remove(totalMauKey(customerId, '2026-11'));
      await run();
      pass(HOUR);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 10 });
      expect(await counters()).toEqual([10, 10]);
    });

    it('begins in the next run even if the RPs were recounted less than a day ago', async () => {
      await record(10);
      await aggregate();
      await run();
      pass(HOUR);
      await driftTotal(-3);
      // The run also recounts the RPs, because an RP's counter may be the wrong one.
      expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
      pass(HOUR);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
      expect(await counters()).toEqual([10, 10]);
    });

    it('includes the counter of a removed RP in the sum', async () => {
      const second = await newRp();
      await record(10);
      await record(5, { at: second });
      await aggregate();
      await metering.table.client.send(
        new UpdateCommand({
          TableName: metering.table.name,
          Key: rpKey(customerId, second),
          UpdateExpression: 'SET removedAt = :now',
          ExpressionAttributeValues: { ':now': metering.clock.time },
        }),
      );
      expect(await run()).toMatchObject({ drift: 0 });
      await driftTotal(-2);
      await run();
      pass(HOUR);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 2 });
      expect(await counters()).toEqual([10, 15]);
    });

    it('and the recount of an RP are completed in the same run when their drift differs', async () => {
      await record(10);
      await aggregate();
      for (const [rpDrift, totalDrift] of [
        [-3, 2],
        [2, -4],
        [-1, -6],
        [5, 1],
      ] as const) {
        await drift(rpDrift);
        await driftTotal(totalDrift);
        await run();
        pass(HOUR);
        expect(await run()).toEqual({
          counted: 0,
          completed: 2,
          drift: Math.abs(rpDrift) + Math.abs(totalDrift),
        });
        expect(await counters()).toEqual([10, 10]);
        pass(23 * HOUR);
      }
    });

    it('completes nothing while the aggregator is an hour or more behind the stream, or its lag is unknown', async () => {
      await record(10);
      await aggregate();
      await driftTotal(-3);
      await run();
      pass(HOUR);
      for (const lag of [HOUR, Infinity]) expect(await run({ lag })).toEqual({ counted: 0, completed: 0, drift: 0 });
      expect(await counters()).toEqual([10, 7]);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
    });

    it('corrects drift once when two runs work at the same time', async () => {
      const other = anotherClient(metering.table);
      await record(10);
      await aggregate();
      for (const by of [-3, 2, -1, 5]) {
        await driftTotal(by);
        await Promise.all([run(), run({ on: other })]);
        pass(HOUR);
        const reports = await Promise.all([run(), run({ on: other })]);
        expect(reports.map(({ completed }) => completed).sort()).toEqual([0, 1]);
        expect(reports[0].drift + reports[1].drift).toBe(Math.abs(by));
        expect(await counters()).toEqual([10, 10]);
        pass(HOUR);
      }
    });

    it.each(['before', 'after'] as const)(
      'corrects drift once when a run dies %s it writes the correction',
      async (when) => {
        await record(10);
        await aggregate();
        await driftTotal(-3);
        await run();
        pass(HOUR);
        const on = anotherClient(metering.table);
        failWrite(on, 1, when);
        await expect(run({ on })).rejects.toThrow('could not be recounted: 1');
        await run();
        expect(await counters()).toEqual([10, 10]);
      },
    );

    it('does not mistake the lowering of an RP and its total for drift of the total', async () => {
      await record(10);
      await aggregate();
      await drift(4);
      // The recount of the RP begins now, and the recount of the total begins half an hour later.
      await run();
      pass(HOUR / 2);
      await driftTotal(-1);
      await run();
      pass(HOUR / 2);
      // The run completes the recount of the RP and drops the recount of the total, whose numbers are outdated.
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: 4 });
      expect(await counters()).toEqual([10, 9]);
      pass(HOUR / 2);
      expect(await run()).toMatchObject({ completed: 0, drift: 0 });
      pass(HOUR);
      expect(await run()).toMatchObject({ completed: 1, drift: 1 });
      expect(await counters()).toEqual([10, 10]);
    });

    it('does not store numbers that it read before another run corrected an RP', async () => {
      await record(10);
      await aggregate();
      await drift(4);
      await run();
      await driftTotal(-1);
      pass(HOUR);
      // A slow run has read both counters. Another run corrects the RP before the slow run writes the numbers that it read.
      const on = meanwhile(metering.table, () => run());
      await run({ on });
      expect(await counters()).toEqual([10, 9]);
      pass(HOUR);
      expect(await run()).toMatchObject({ drift: 0 });
      expect(await counters()).toEqual([10, 9]);
      pass(HOUR);
      expect(await run()).toMatchObject({ completed: 1, drift: 1 });
      expect(await counters()).toEqual([10, 10]);
    });

    // When the RP's counter is written last, a recount of the RP begins too, so two recounts are completed.
    it.each([
      { first: 'rp', then: 'total', completed: 1 },
      { first: 'total', then: 'rp', completed: 2 },
    ] as const)(
      'finds no drift when it reads a transaction after the write of the $first and before the write of the $then',
      async ({ first, then, completed }) => {
        await record(10);
        await aggregate();
        await record(1);
        await metering.records();
        await drift(1, rp, first);
        await run();
        await drift(1, rp, then);
        pass(HOUR);
        expect(await run()).toMatchObject({ completed, drift: 0 });
        expect(await counters()).toEqual([11, 11]);
        expect(metric()).toEqual([0, 0]);
      },
    );

    it('writes nothing for a customer that begins to unsubscribe during the run', async () => {
      await record(6);
      await aggregate();
      await driftTotal(-2);
      const on = meanwhile(metering.table, () =>
        metering.table.client.send(
          new UpdateCommand({
            TableName: metering.table.name,
            Key: customerKey(customerId),
            UpdateExpression: 'SET #status = :unsubscribing',
            ExpressionAttributeNames: { '#status': 'status' },
            ExpressionAttributeValues: { ':unsubscribing': 'unsubscribing' },
          }),
        ),
      );
      const before = (await metering.dump()).filter(({ sk }) => String(sk).startsWith('MAU#'));
      await run({ on });
      expect((await metering.dump()).filter(({ sk }) => String(sk).startsWith('MAU#'))).toEqual(before);
    });
  });

  it('corrects every counter in the end, after any sequence of drift and lost counters', async () => {
    const counter = fc.constantFrom('rp' as const, 'total' as const);
    const step = fc.oneof(
      fc.record({
        what: fc.constant('drift' as const),
        only: fc.option(counter, { nil: undefined }),
        by: fc.integer({ min: -3, max: 3 }),
      }),
      fc.record({ what: fc.constant('loss' as const), of: counter }),
      fc.record({ what: fc.constantFrom('records' as const, 'runs' as const, 'hour' as const) }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 15 }), async (steps) => {
        await open();
        const other = anotherClient(metering.table);
        let records = 0;
        for (const each of steps) {
          if (each.what === 'drift') await drift(each.by, rp, each.only);
          else if (each.what === 'loss') {
            await remove(each.of === 'rp' ? rpMauKey(customerId, '2026-11', rp) : totalMauKey(customerId, '2026-11'));
          } else if (each.what === 'records') {
            await record(3);
            await aggregate();
            records += 3;
          } else if (each.what === 'runs') await Promise.all([run(), run({ on: other })]);
          else pass(HOUR);
        }
        // A recount that had begun may correct a counter that is right again by now. The recount of the next day undoes
        // that.
        for (const hours of [1, 1, 22, 1, 1, 1]) {
          pass(hours * HOUR);
          await run();
        }
        const [ofRp = 0, total = 0] = await counters();
        expect([ofRp, total]).toEqual([records, records]);
      }),
      { numRuns: process.env['LONG'] ? 50 : 8 },
    );
  });
});
