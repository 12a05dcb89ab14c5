import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { certainDrift, certainDrifts } from '../../functions/domain/metering/certain-drift.ts';

// The drift of a counter is the number of active-user records minus the counter. The certain drift is the part of the
// drift that operations between the two reads of the counter cannot explain.
describe('the certain drift of a counter', () => {
  it.each([
    // No records arrive between the reads, so the whole difference is certain.
    [{ counter: 10, records: 10 }, 10, 0],
    [{ counter: 7, records: 10 }, 7, 3],
    [{ counter: 0, records: 10 }, 0, 10],
    [{ counter: 14, records: 10 }, 14, -4],
    // At the first read, 6 records were still in the stream. The aggregator counted these 6 records between the reads.
    [{ counter: 4, records: 10 }, 10, 0],
    // Records that arrived between the reads may hide that other records are missing from the counter.
    [{ counter: 4, records: 10 }, 13, 0],
    [{ counter: 4, records: 10 }, 8, 2],
    // New records arrived between the reads, but the counter was already too high at the first read.
    [{ counter: 14, records: 10 }, 20, -4],
  ])('between the recount %o and a later counter of %i is %i', (recount, later, drift) => {
    expect(certainDrift(recount, later)).toBe(drift);
  });

  /**
   * Each record is stored at the time `recorded`, and adds `times` to the counter at the time `delivered`. The recount
   * reads the counter at the time 0, counts the records at `COUNTING`, and reads the counter again at `LATER`. At
   * `LATER`, the aggregator has received every record that the recount counted, because the aggregator has caught up
   * with the stream.
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
   * Returns by how much a counter is too low at a time, or a negative number if the counter is too high. Ignores
   * records that the aggregator has not received by that time.
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

  it('never lowers the counter by more than the number of records that were counted twice', () => {
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
        // A positive result is at most the real drift at the later read. A negative result is at least the real drift
        // at the first read.
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

describe('the certain drift of the MAU and of the measured users', () => {
  it('of a recount that an earlier release began is 0 for the measured users', () => {
    expect(certainDrifts({ counter: 7, records: 10, at: 0 }, { mau: 7, measured: 0 })).toEqual({ mau: 3, measured: 0 });
  });

  /**
   * Each record is stored at the time `recorded` and delivered at the time `delivered`, as in the histories of a
   * counter. The aggregator loses or repeats the whole record (`times`), or, as an earlier release did, counts the user
   * but not that the user is measured (`isOld`).
   */
  const record = fc
    .record({
      recorded: fc.integer({ min: -100, max: 100 }),
      takes: fc.nat({ max: 250 }),
      times: fc.constantFrom(0, 1, 1, 1, 2),
      isMeasured: fc.boolean(),
      isOld: fc.boolean(),
    })
    .map(({ recorded, takes, ...rest }) => ({
      ...rest,
      recorded,
      delivered: recorded <= 10 ? Math.min(recorded + takes, 100) : recorded + takes,
    }));
  type Records = typeof record extends fc.Arbitrary<infer R> ? R[] : never;
  const sum = (numbers: number[]) => numbers.reduce((total, number) => total + number, 0);
  const addedBy = ({ times, isMeasured, isOld }: Records[number]) => ({
    mau: times,
    measured: isMeasured && !isOld ? times : 0,
  });
  const shouldAdd = ({ isMeasured }: Records[number]) => ({ mau: 1, measured: isMeasured ? 1 : 0 });
  const counterAt = (records: Records, time: number, number: 'mau' | 'measured') =>
    sum(records.filter(({ delivered }) => delivered <= time).map((each) => addedBy(each)[number]));
  const driftAt = (records: Records, time: number, number: 'mau' | 'measured') =>
    sum(
      records
        .filter(({ delivered }) => delivered <= time)
        .map((each) => shouldAdd(each)[number] - addedBy(each)[number]),
    );
  const found = (records: Records) => {
    const counted = records.filter(({ recorded }) => recorded <= 10);
    const measured = {
      counter: counterAt(records, 0, 'measured'),
      records: sum(counted.map((each) => shouldAdd(each).measured)),
    };
    return certainDrifts(
      { counter: counterAt(records, 0, 'mau'), records: counted.length, measured, at: 10 },
      { mau: counterAt(records, 100, 'mau'), measured: counterAt(records, 100, 'measured') },
    );
  };

  it('is 0 when each record is counted once with its source, no matter which records are still in the stream', () => {
    const exact = record.map((each) => ({ ...each, times: 1 as const, isOld: false }));
    fc.assert(
      fc.property(fc.array(exact, { maxLength: 30 }), (records) => {
        expect(found(records)).toEqual({ mau: 0, measured: 0 });
      }),
      { numRuns: 1_000 },
    );
  });

  it('is never more than the real drift of each number', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        const drift = found(records);
        for (const number of ['mau', 'measured'] as const) {
          if (drift[number] > 0) expect(drift[number]).toBeLessThanOrEqual(driftAt(records, 100, number));
          if (drift[number] < 0) expect(drift[number]).toBeGreaterThanOrEqual(driftAt(records, 0, number));
        }
      }),
      { numRuns: 1_000 },
    );
  });

  it('is the whole drift of each number when no records arrive between the reads', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 30 }), (records) => {
        const quiet = records.map((each) => ({ ...each, recorded: -1, delivered: 0 }));
        const drift = found(quiet);
        expect(drift.mau - driftAt(quiet, 0, 'mau') === 0).toBe(true);
        expect(drift.measured - driftAt(quiet, 0, 'measured') === 0).toBe(true);
      }),
      { numRuns: 1_000 },
    );
  });
});

// For the total of a customer, `records` is the sum of the counters of the customer's RPs.
describe('the certain drift of the total of a customer', () => {
  it.each([
    [{ counter: 10, records: 10 }, 10, 10, 0],
    [{ counter: 7, records: 10 }, 7, 10, 3],
    [{ counter: 14, records: 10 }, 14, 10, -4],
    // The first reads of the recount saw only a part of a transaction of the aggregator.
    [{ counter: 10, records: 6 }, 10, 10, 0],
    [{ counter: 6, records: 10 }, 10, 10, 0],
    // New records arrived between the reads. The new records may hide records that are missing or were counted twice.
    [{ counter: 7, records: 10 }, 9, 12, 1],
    [{ counter: 14, records: 10 }, 17, 13, -1],
    [{ counter: 14, records: 10 }, 20, 16, 0],
  ])(
    'between the recount %o and a later read with the total %i and the sum %i of the RP counters is %i',
    (recount, total, sumLater, drift) => {
      expect(certainDrift(recount, total, sumLater)).toBe(drift);
    },
  );

  /**
   * A batch that the aggregator writes in one transaction. The transaction adds `times` to the total and 1 to the RP's
   * counter. Reads of the total see the transaction from the time `total` on, and reads of the RP's counter see the
   * transaction from the time `rp` on. The times `total` and `rp` differ by at most 20, and either may be the earlier
   * time. The recount reads the total and the sum of the RP counters at times from 0 to 10, and again at times from 100
   * to 110.
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

  it('is 0 when all counters include each batch once, no matter which part of a transaction the reads see', () => {
    fc.assert(
      fc.property(history(1), (each) => {
        expect(found(each)).toBe(0);
      }),
      { numRuns },
    );
  });

  it('is never more than the number of records that the total lost', () => {
    fc.assert(
      fc.property(history(0, 1, 1, 1), (each) => {
        expect(found(each)).toBeGreaterThanOrEqual(0);
        expect(found(each)).toBeLessThanOrEqual(lost(each[0]));
      }),
      { numRuns },
    );
  });

  it('never lowers the total by more than the number of records that the total counted twice', () => {
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
        // `toBe` distinguishes 0 from -0, and `=== 0` does not.
        expect(found([quiet, at]) - (lost(batches) - doubled(batches)) === 0).toBe(true);
      }),
      { numRuns },
    );
  });
});
