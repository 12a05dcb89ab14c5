import { describe, expect, it } from 'vitest';
import { HOUR } from '../../functions/domain/time.ts';
import { totalMauKey } from '../../functions/table/keys.ts';
import { setStatus } from '../support/customer-status.ts';
import type { Metering } from '../support/metering/metering.ts';
import { recounting } from '../support/metering/recount.ts';
import { anotherClient, failWrite, meanwhile } from '../support/table-faults.ts';

describe("the recount of a customer's total", () => {
  let metering: Metering;
  let customerId: string;
  let rp: string;
  const { newRp, takeAwayRp, record, aggregate, drift, remove, run, pass, counters, measured, metric } = recounting(
    (opened) => {
      ({ metering, customerId, rp } = opened);
    },
  );
  const driftTotal = (by: number) => drift(by, rp, 'total');

  it('adds missing active users once, an hour after it finds that the total is lower than the sum of the RP counters', async () => {
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

  it('corrects the number of measured users in the total, even if the MAU is correct', async () => {
    const second = await newRp();
    await record(10, { measured: 6 });
    await record(5, { at: second, measured: 1 });
    await aggregate();
    for (const by of [-3, 2]) {
      await drift(0, rp, 'total', by);
      await run();
      pass(HOUR);
      expect(await run()).toEqual({ counted: 0, completed: 1, drift: Math.abs(by) });
      expect([await counters(), await measured()]).toEqual([
        [10, 15],
        [6, 7],
      ]);
      pass(HOUR);
    }
    expect(metering.lines).toContainEqual({
      level: 'error',
      message: 'a counter had drifted',
      fields: expect.objectContaining({
        ...{ rp: null, drift: 0 },
        measured: { counter: 4, records: 7, later: 4, recordsLater: 7, drift: 3 },
      }) as unknown,
    });
  });

  it('restores a total that was lost', async () => {
    await record(10, { measured: 4 });
    await aggregate();
    await remove(totalMauKey(customerId, '2026-11'));
    await run();
    pass(HOUR);
    // The two numbers of the total are two errors: 10 active users and 4 measured users.
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 14 });
    expect([await counters(), await measured()]).toEqual([
      [10, 10],
      [4, 4],
    ]);
  });

  it('begins in the first recount run after the total becomes wrong, even if the RP counters were recounted less than a day ago', async () => {
    await record(10);
    await aggregate();
    await run();
    pass(HOUR);
    await driftTotal(-3);
    // The recount run also recounts the RPs, because a wrong counter of an RP may be the reason for the difference.
    expect(await run()).toEqual({ counted: 1, completed: 0, drift: 0 });
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
    expect(await counters()).toEqual([10, 10]);
  });

  it('includes the counters of removed RPs', async () => {
    const second = await newRp();
    await record(10);
    await record(5, { at: second });
    await aggregate();
    await takeAwayRp(second);
    expect(await run()).toMatchObject({ drift: 0 });
    await driftTotal(-2);
    await run();
    pass(HOUR);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 2 });
    expect(await counters()).toEqual([10, 15]);
  });

  it('is completed in the same run as the recount of an RP, even if the RP and the total have different drifts', async () => {
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

  it("is not completed while the aggregator's lag is unknown or at least an hour", async () => {
    await record(10);
    await aggregate();
    await driftTotal(-3);
    await run();
    pass(HOUR);
    for (const lag of [HOUR, Infinity]) expect(await run({ lag })).toEqual({ counted: 0, completed: 0, drift: 0 });
    expect(await counters()).toEqual([10, 7]);
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 3 });
  });

  it('is completed while the lag is unknown if the total has become equal to the sum', async () => {
    await record(10);
    await aggregate();
    await driftTotal(-3);
    await run();
    await driftTotal(3);
    pass(HOUR - 1);
    expect(await run({ lag: Infinity })).toEqual({ counted: 0, completed: 0, drift: 0 });
    pass(1);
    expect(await run({ lag: Infinity })).toEqual({ counted: 0, completed: 1, drift: 0 });
    expect(await counters()).toEqual([10, 10]);
  });

  it('corrects drift only once when two recount runs work at the same time', async () => {
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
    'corrects drift exactly once even if a recount run dies %s it writes the correction',
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

  it('finds the correct drift even if the recount of an RP lowers the total in the meantime', async () => {
    await record(10);
    await aggregate();
    await drift(4);
    // The recount of the RP begins now, and the recount of the total begins half an hour later.
    await run();
    pass(HOUR / 2);
    await driftTotal(-1);
    await run();
    pass(HOUR / 2);
    // The recount run completes the recount of the RP and drops the recount of the total, because the numbers of the
    // total are outdated.
    expect(await run()).toEqual({ counted: 0, completed: 1, drift: 4 });
    expect(await counters()).toEqual([10, 9]);
    pass(HOUR / 2);
    expect(await run()).toMatchObject({ completed: 0, drift: 0 });
    pass(HOUR);
    expect(await run()).toMatchObject({ completed: 1, drift: 1 });
    expect(await counters()).toEqual([10, 10]);
  });

  it("does not store numbers that it read before another run corrected an RP's counter", async () => {
    await record(10);
    await aggregate();
    await drift(4);
    await run();
    await driftTotal(-1);
    pass(HOUR);
    // A slow recount run reads the RP's counter and the total. Another recount run corrects the RP's counter before the
    // slow run writes the numbers.
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

  // The aggregator writes both counters in one transaction, and a read may see only the first of the two writes. If the
  // transaction writes the RP's counter last, the first run also begins a recount of the RP, so the second run
  // completes two recounts.
  it.each([
    { first: 'rp', then: 'total', completed: 1 },
    { first: 'total', then: 'rp', completed: 2 },
  ] as const)(
    'finds no drift when it reads the counters after the write to the $first counter and before the write to the $then counter',
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

  it('writes nothing if the customer begins to unsubscribe during the recount run', async () => {
    await record(6);
    await aggregate();
    await driftTotal(-2);
    const on = meanwhile(metering.table, () => setStatus(metering.table, customerId, 'unsubscribing'));
    const before = (await metering.dump()).filter(({ sk }) => String(sk).startsWith('MAU#'));
    await run({ on });
    expect((await metering.dump()).filter(({ sk }) => String(sk).startsWith('MAU#'))).toEqual(before);
  });
});
