import { describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { rpMauKey } from '../../functions/table/keys.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { putRecount, readRpMau } from '../../functions/table/metering/mau-counters.ts';
import { setStatus } from '../support/customer-status.ts';
import type { Metering } from '../support/metering/metering.ts';
import { recounting } from '../support/metering/recount.ts';
import { anotherClient, failWrite, injectFaults, timeOut, watchAttempts } from '../support/table-faults.ts';

describe('the recount of the MAU counters', () => {
  let metering: Metering;
  let customerId: string;
  let rp: string;
  const { newRp, takeAwayRp, record, aggregate, drift, remove, run, pass, counters, measured, metric } = recounting(
    (opened) => {
      ({ metering, customerId, rp } = opened);
    },
  );

  it('finds no drift in a correct counter, and checks the counter again after 23 hours', async () => {
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

  it("adds missing active users once to the RP's counter and to the total, an hour after it finds the difference", async () => {
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

  it('corrects the number of measured users, even if the MAU is correct', async () => {
    await record(10, { measured: 6 });
    await aggregate();
    expect(await measured()).toEqual([6, 6]);
    for (const by of [-4, 3]) {
      await drift(0, rp, undefined, by);
      expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
      pass(HOUR);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: Math.abs(by) });
      expect([await counters(), await measured()]).toEqual([
        [10, 10],
        [6, 6],
      ]);
      pass(23 * HOUR);
    }
    expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
    expect(metering.lines).toContainEqual({
      level: 'error',
      message: 'a counter had drifted',
      fields: expect.objectContaining({
        ...{ customerId, rp, month: '2026-11', counter: 10, records: 10, later: 10, drift: 0 },
        measured: { counter: 2, records: 6, later: 2, drift: 4 },
      }) as unknown,
    });
  });

  it('finds no drift of measured users who were still in the stream, or who arrive between its reads', async () => {
    await record(6, { measured: 2 });
    await aggregate();
    await record(10, { measured: 5 });
    await run();
    await record(4, { measured: 4 });
    await aggregate();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 0 });
    expect(await measured()).toEqual([11, 11]);
  });

  it('that an earlier release began corrects only the MAU, and the next recount corrects the measured users', async () => {
    await record(10, { measured: 6 });
    await aggregate();
    await drift(-3, rp, undefined, -2);
    const at = metering.clock.time;
    await transact(metering.table, { counter: putRecount(customerId, '2026-11', rp, { counter: 7, records: 10, at }) });
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
    expect([await counters(), await measured()]).toEqual([
      [10, 10],
      [4, 4],
    ]);
    pass(23 * HOUR);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 2 });
    expect(await measured()).toEqual([6, 6]);
  });

  it('restores a counter that was lost', async () => {
    await record(10);
    await aggregate();
    await remove(rpMauKey(customerId, '2026-11', rp));
    await run();
    pass(HOUR);
    // The removal of the RP's counter makes the total differ from the sum of the RP counters. The run lowers the total
    // by 10 before it adds 10 to the RP's counter and to the total, so the total is never too high.
    expect(await run()).toEqual({ counted: 0, completed: 2, drift: 20 });
    expect(await counters()).toEqual([10, 10]);
  });

  it('finds no drift when the aggregator receives some records only after the recount first reads the counter', async () => {
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

  it("is not completed while the aggregator's lag is unknown or at least an hour", async () => {
    await record(10);
    await run();
    pass(3 * HOUR);
    for (const lag of [HOUR, 24 * HOUR, Infinity]) {
      expect(await run({ lag })).toEqual({ counted: lag === Infinity ? 1 : 0, completed: 0, drift: 0 });
    }
    expect(await counters()).toEqual([0, undefined]);
    await aggregate();
    expect(await run({ lag: 15 * MINUTE })).toEqual({ counted: 0, completed: 1, drift: 0 });
    expect(await counters()).toEqual([10, 10]);
  });

  it('is completed while the lag is unknown if the counter has become equal to the records', async () => {
    await record(10);
    await run();
    await aggregate();
    pass(HOUR - 1);
    expect(await run({ lag: Infinity })).toEqual({ counted: 0, completed: 0, drift: 0 });
    pass(HOUR);
    expect(await run({ lag: Infinity })).toEqual({ counted: 1, completed: 1, drift: 0 });
    pass(24 * HOUR);
    await run({ lag: Infinity });
    expect(metering.metrics.sum('OverdueRecounts')).toBe(0);
    expect(await counters()).toEqual([10, 10]);
  });

  it('is overdue, and in the metric OverdueRecounts, from a day after it began until it is completed', async () => {
    const overdue = () => metering.metrics.sum('OverdueRecounts');
    await record(10);
    await run();
    pass(24 * HOUR - 1);
    await run({ lag: Infinity });
    expect(overdue()).toBe(0);
    pass(1);
    await run({ lag: Infinity });
    expect(overdue()).toBe(1);
    expect(metering.lines).toContainEqual({
      level: 'error',
      message: 'a recount is overdue',
      fields: { customerId, rp, month: '2026-11', at: expect.any(Number) as number },
    });
    expect(await run({ lag: 0 })).toMatchObject({ completed: 1 });
    expect(overdue()).toBe(1);
  });

  it('finds no drift when operations arrive between its reads', async () => {
    await record(10);
    await aggregate();
    await record(2);
    // The test stores more active-user records after the recount first reads the counter and before the recount counts
    // the records.
    const on = anotherClient(metering.table);
    let isFirst = true;
    on.client.middlewareStack.add(
      (next, { commandName = '' }) =>
        async (args) => {
          if (commandName === 'QueryCommand' && 'ProjectionExpression' in args.input && isFirst) {
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
    // When the recount reads the counter again, the aggregator has received the first 22 records and some later
    // records.
    await aggregate();
    await record(4);
    await aggregate();
    await record(3);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 0 });
    await aggregate();
    expect(await counters()).toEqual([29, 29]);
    expect(metric()).toEqual([0, 0]);
  });

  it('finds drift on the next day if new operations hide the drift at first', async () => {
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

  it('corrects drift in two steps if new operations hide a part of the drift at first', async () => {
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

  it('corrects drift only once when two recount runs work at the same time', async () => {
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
    'corrects drift exactly once even if a recount run dies %s it writes the correction',
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

  it('reports the sum of the absolute drifts of all counters as a metric', async () => {
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

  it('continues in the next recount run when a recount run has no time left', async () => {
    const rps = [rp, await newRp(), await newRp()];
    for (const at of rps) await record(4, { at });
    await aggregate();
    for (const at of rps) await drift(-1, at);
    const reports = [];
    // Each run checks the time once for the customer, skips the RPs that earlier runs have recounted, and then has time
    // for one more RP.
    for (const rounds of [2, 3, 4]) reports.push(await run({ hasTime: times(rounds) }));
    expect(reports.map(({ counted }) => counted)).toEqual([1, 1, 1]);
    pass(HOUR);
    for (const rounds of [2, 3, 4]) reports.push(await run({ hasTime: times(rounds) }));
    expect(reports.slice(3).map(({ completed }) => completed)).toEqual([1, 1, 1]);
    expect(await counters()).toEqual([4, 12]);
  });

  it('eventually reaches every RP, even an RP that comes after RPs without active users', async () => {
    const rps = [rp, await newRp(), await newRp(), await newRp()].sort();
    const last = rps.at(-1) ?? '';
    await record(4, { at: last });
    await aggregate();
    await drift(-1, last);
    for (let hours = 0; hours < 8; hours += 1) {
      // Each recount run has time to count the records of two RPs. In this test, skipping the RPs of earlier runs takes
      // no time.
      const counted = new Set<string>();
      const on = watchAttempts(anotherClient(metering.table), ({ input }) => {
        const at = rps.find((id) => 'ProjectionExpression' in input && JSON.stringify(input).includes(id));
        if (at !== undefined) counted.add(at);
      });
      await run({ hasTime: () => counted.size < 2, on });
      pass(HOUR);
    }
    expect(await counters(last)).toEqual([4, 4]);
  });

  it('includes the previous month until that month closes, but no earlier month', async () => {
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

  it('includes a removed RP, because its active users are billed', async () => {
    await record(6);
    await aggregate();
    await drift(-2);
    await takeAwayRp();
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 2 });
    expect(await counters()).toEqual([6, 6]);
  });

  it('skips an RP that was removed before the month began', async () => {
    const now = metering.clock.time;
    metering.clock.time = Date.parse('2026-10-31T23:50:00Z');
    await takeAwayRp();
    metering.clock.time = now;
    expect(await run()).toMatchObject({ counted: 0 });
    expect(await metering.counters(customerId)).toEqual({});
  });

  it('corrects the counters of the other customers when the recount of one customer fails', async () => {
    const others = [await metering.signUp(), await metering.signUp()];
    const rps = [{ customerId, rpRef: rp }, ...(await Promise.all(others.map((other) => other.rp())))];
    for (const { customerId, rpRef } of rps) {
      const user = {
        customerId,
        rpRef,
        month: '2026-11',
        userId: 'user',
        firstOperationAt: 0,
        source: 'reported' as const,
      };
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

  it('begins no further customer when no time is left, even if the recounts of the previous customers failed', async () => {
    await Promise.all(Array.from({ length: 5 }, () => metering.signUp()));
    let tried = 0;
    const on = injectFaults(anotherClient(metering.table), ({ command, input }) => {
      const isOfRps = command.startsWith('Query') && JSON.stringify(input).includes('"RP#"');
      if (isOfRps) tried += 1;
      return isOfRps ? { before: Object.assign(new Error('Injected'), { name: 'AccessDeniedException' }) } : undefined;
    });
    await expect(run({ hasTime: () => tried === 0, on })).rejects.toThrow('could not be recounted: 4');
    expect(tried).toBe(4);
  });

  it('writes nothing for an unsubscribing customer, even if the recount began before the unsubscription', async () => {
    await record(6);
    await aggregate();
    await drift(-2);
    await run();
    await setStatus(metering.table, customerId, 'unsubscribing');
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 0, drift: 0 });
    expect(await counters()).toEqual([4, 4]);
  });
});
