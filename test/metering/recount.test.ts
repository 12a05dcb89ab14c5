import { DeleteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import fc from 'fast-check';
import { beforeEach, describe, expect, it } from 'vitest';
import { certainDrift } from '../../functions/domain/metering/recount-active-users.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { build } from '../../functions/events/recount-active-users.ts';
import { putActiveUser } from '../../functions/table/active-users.ts';
import { customerKey, rpKey, rpMauKey, totalMauKey, type Key } from '../../functions/table/keys.ts';
import { readRpMau } from '../../functions/table/mau-counters.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { anotherClient, failWrite, injectFaults, timeOut, watchAttempts } from '../support/table-faults.ts';
import { openMetering, windowEvent, type Metering } from '../support/metering.ts';

describe('certain drift', () => {
  it.each([
    // Nothing moves: what is missing or too many is certain.
    [{ counter: 10, records: 10 }, 10, 0],
    [{ counter: 7, records: 10 }, 7, 3],
    [{ counter: 0, records: 10 }, 0, 10],
    [{ counter: 14, records: 10 }, 14, -4],
    // What was in the stream at first has been counted meanwhile.
    [{ counter: 4, records: 10 }, 10, 0],
    // More came meanwhile, which may hide some that are missing.
    [{ counter: 4, records: 10 }, 13, 0],
    [{ counter: 4, records: 10 }, 8, 2],
    // More came meanwhile, and what was too many is too many all the same.
    [{ counter: 14, records: 10 }, 20, -4],
  ])('of %o, then %i, is %i', (recount, later, drift) => {
    expect(certainDrift(recount, later)).toBe(drift);
  });

  /**
   * What may become of a record, and when: it exists from `recorded` on, and adds `times` to the counter at `delivered`.
   * The recount reads the counter at 0, counts the records at `counting`, and reads the counter again at 100, when all
   * that it counted has been delivered: the stream has caught up.
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
  /** By how much a counter is wrong at a time, not counting what is still to be delivered. */
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

  it('is 0 while each record is counted once, whatever is under way', () => {
    fc.assert(
      fc.property(histories(1), (history) => {
        expect(found(history)).toBe(0);
      }),
      { numRuns },
    );
  });

  it('never adds more than what was lost', () => {
    fc.assert(
      fc.property(histories(0, 1, 1, 1), (history) => {
        expect(found(history)).toBeGreaterThanOrEqual(0);
        expect(found(history)).toBeLessThanOrEqual(driftAt(history, LATER));
      }),
      { numRuns },
    );
  });

  it('never takes off more than what was counted too often', () => {
    fc.assert(
      fc.property(histories(1, 1, 1, 2), (history) => {
        expect(found(history)).toBeLessThanOrEqual(0);
        expect(found(history)).toBeGreaterThanOrEqual(driftAt(history, LATER));
      }),
      { numRuns },
    );
  });

  it('is never more than what was wrong at the time that shows it, when some are lost and others counted too often', () => {
    fc.assert(
      fc.property(histories(0, 1, 1, 2), (history) => {
        const drift = found(history);
        if (drift > 0) expect(drift).toBeLessThanOrEqual(driftAt(history, LATER));
        if (drift < 0) expect(drift).toBeGreaterThanOrEqual(driftAt(history, 0));
      }),
      { numRuns },
    );
  });

  it('is the whole drift when nothing moves', () => {
    fc.assert(
      fc.property(histories(0, 1, 2), (history) => {
        const completed = history.map(({ times }) => ({ recorded: -1, delivered: 0, times }));
        expect(found(completed)).toBe(driftAt(completed, 0));
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
  beforeEach(async () => {
    metering = await openMetering({ now: '2026-11-20T09:00:00Z' });
    const customer = await metering.signUp();
    ({ customerId } = customer);
    newRp = async () => (await customer.rp()).rpRef;
    rp = await newRp();
  });

  let users = 0;
  /** Has users be active at an RP. The stream has them then, and no counter. */
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
  /** Feeds what came to the stream to the aggregator. */
  async function aggregate(): Promise<void> {
    await buildAggregator(metering.services)(windowEvent('shard', await metering.records()));
  }
  /** Has counters be wrong, as if increments were lost or doubled. */
  async function drift(by: number, at = rp): Promise<void> {
    for (const Key of [rpMauKey(customerId, '2026-11', at), totalMauKey(customerId, '2026-11')]) {
      await metering.table.client.send(
        new UpdateCommand({
          TableName: metering.table.name,
          Key,
          UpdateExpression: 'ADD mau :by',
          ExpressionAttributeValues: { ':by': by },
        }),
      );
    }
  }
  interface Run {
    hasTime?: () => boolean;
    lag?: number;
    on?: Table;
  }
  const remove = ({ pk, sk }: Key) =>
    metering.table.client.send(new DeleteCommand({ TableName: metering.table.name, Key: { pk, sk } }));

  /** Fires the recount. `lag`: how far the stream is behind, in milliseconds. */
  function run({ hasTime = () => true, lag = 0, on = metering.table }: Run = {}) {
    const recount = build({ ...metering.services, table: on, streamLag: () => Promise.resolve(lag) });
    return recount({} as Parameters<typeof recount>[0], {
      getRemainingTimeInMillis: () => (hasTime() ? 15 * MINUTE : 0),
    });
  }
  const pass = (milliseconds: number) => (metering.clock.time += milliseconds);
  /** Gives the counters of November: the RP's and the total. */
  async function counters(at = rp) {
    const all = await metering.counters(customerId);
    return [all[`${at} 2026-11`], all[`${customerId} 2026-11`]];
  }
  const metric = () => metering.metrics.values.get('RecountDrift');

  it('finds nothing where counters are right, and comes back after a day', async () => {
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

  it('adds what a counter is short of, an hour after it was seen, once, to the total too', async () => {
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

  it('takes off what a counter has too many', async () => {
    await record(10);
    await aggregate();
    await drift(4);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 4 });
    expect(await counters()).toEqual([10, 10]);
    expect(metric()).toEqual([0, 4]);
  });

  it('makes a counter anew that was lost', async () => {
    await record(10);
    await aggregate();
    await remove(rpMauKey(customerId, '2026-11', rp));
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 10 });
    expect((await counters())[0]).toBe(10);
  });

  it('sees no drift while records are still in the stream', async () => {
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

  it('completes nothing while the stream is an hour behind or more, or it is not known', async () => {
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

  it('sees no drift while operations keep coming between its reads', async () => {
    await record(10);
    await aggregate();
    await record(2);
    // Between the first read of the counter and the count of the records.
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
    // The first 22 have been delivered by now, of what came later some.
    await aggregate();
    await record(4);
    await aggregate();
    await record(3);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 0 });
    await aggregate();
    expect(await counters()).toEqual([29, 29]);
    expect(metric()).toEqual([0, 0]);
  });

  it('finds later what operations that came meanwhile had hidden', async () => {
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

  it('adds what operations that came meanwhile show only in part, in parts', async () => {
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

  it('adds drift once though two runs are at work at once', async () => {
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

  it.each(['before', 'after'] as const)('adds drift once when it dies %s writing it', async (when) => {
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
  });

  it('emits the drift of all counters without their signs', async () => {
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

  /** Is true that many times. */
  const times = (count: number) => {
    let left = count;
    return () => (left -= 1) >= 0;
  };

  it('goes on with the next run where one had no time left', async () => {
    const rps = [rp, await newRp(), await newRp()];
    for (const at of rps) await record(4, { at });
    await aggregate();
    for (const at of rps) await drift(-1, at);
    const reports = [];
    // Each run passes over what is done, and then has time for one more.
    for (const rounds of [1, 2, 3]) reports.push(await run({ hasTime: times(rounds) }));
    expect(reports.map(({ counted }) => counted)).toEqual([1, 1, 1]);
    pass(HOUR);
    for (const rounds of [1, 2, 3]) reports.push(await run({ hasTime: times(rounds) }));
    expect(reports.slice(3).map(({ completed }) => completed)).toEqual([1, 1, 1]);
    expect(await counters()).toEqual([4, 12]);
  });

  it('comes to every RP in the end though it counts those without active users first', async () => {
    const rps = [rp, await newRp(), await newRp(), await newRp()].sort();
    const last = rps.at(-1) ?? '';
    await record(4, { at: last });
    await aggregate();
    await drift(-1, last);
    for (let hours = 0; hours < 8; hours += 1) {
      // A run has time to count the records of two RPs; passing over what was counted takes none.
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

  it('looks at the month before until it is closed, and at no other', async () => {
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

  it('recounts an RP that was removed: its months are billed', async () => {
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

  it('goes on with the others, and tells of the drift, when a customer cannot be recounted', async () => {
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

  it('goes through no more customers that cannot be recounted than it has time for', async () => {
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

  it('writes nothing for a customer that began to unsubscribe, not even what it had seen before', async () => {
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
});
