import { beforeAll, describe, expect, it } from 'vitest';
import { countingLines, operationLines, totalOf } from '../../bench/costs.ts';
import { element } from '../../bench/element.ts';
import { checkEngineRules } from '../../bench/engine-rules.ts';
import { dollarsAMillion } from '../../bench/goals.ts';
import { goalOf, measureMetering, type Metering } from '../../bench/metering.ts';
import type { Measured } from '../../bench/operations.ts';
import { createRandom } from '../../bench/random.ts';
import { measureRequests } from '../../bench/requests.ts';
import { dollarsAtMost } from '../../bench/units.ts';
import { engine } from '../support/engine.ts';

/** Users of each scenario, 20 operations each, of which 20 make a batch of the aggregator. */
const USERS = 20;
const OPERATIONS = USERS * 20;
/** 20 processes take 20 operations each, within 2 simulated seconds: each checks its key once. Key, customer and RP. */
const KEYS = (20 * 1.5 * 0.125) / OPERATIONS;
/** A write an hour, of 10 operations a second. */
const LAST_USE = 0.625 / 36_000;
/** One batch: 3 items of a transaction, twice a write unit each; the checkpoint strongly, the customer eventually. */
const COUNTING = (6 * 0.625 + 1.5 * 0.125) / OPERATIONS;

describe('the benchmark, in dollars a million operations', () => {
  let metering: Metering;
  beforeAll(async () => {
    const size = { users: USERS, rounds: 2, tailCustomers: 49, batches: 1 };
    metering = await measureMetering(engine, size, createRandom(1));
  }, 120_000);
  const design = (index: number): Measured => element(metering.designs, index);

  it('reaches the hit rates that it says', () => {
    expect(metering.hitRates.map(({ measuredHitRate }) => measuredHitRate)).toEqual([
      0,
      expect.closeTo(0.25, 10),
      expect.closeTo(0.8, 10),
    ]);
  });

  it('finds for this design a read for each miss, two more reads and a write for each user', () => {
    const eachOperation = 0.75 * 0.5 * 0.125 + (0.5 * 0.125 + 0.625) / 20;
    expect(dollarsAMillion(goalOf(metering))).toBeCloseTo(eachOperation + KEYS + LAST_USE + COUNTING, 8);
  });

  it('finds for (a) a write unit for each operation, those whose condition fails included', () => {
    expect(dollarsAMillion(design(1))).toBeCloseTo(0.625 + KEYS + LAST_USE + COUNTING, 8);
  });

  it('finds for (b) a read for each operation, seen or not', () => {
    const eachOperation = 0.5 * 0.125 + (0.5 * 0.125 + 0.625) / 20;
    expect(dollarsAMillion(design(2))).toBeCloseTo(eachOperation + KEYS + LAST_USE + COUNTING, 8);
  });

  it('finds for (c) six write units for a user, and two to six for each later operation', () => {
    const least = ((6 + 19 * 2) / 20) * 0.625;
    const total = totalOf([...operationLines(design(3)), ...countingLines(design(3))]);
    expect(dollarsAMillion(design(3))).toBeCloseTo(least + KEYS + LAST_USE, 8);
    expect(dollarsAtMost(total) * 1e6).toBeCloseTo(6 * 0.625 + KEYS + LAST_USE, 8);
  });

  it("shares the aggregator's transaction among the new users of a batch", () => {
    expect(metering.aggregator.map(({ newUsers, perUser }) => [newUsers, perUser.write])).toEqual([
      [1, 6],
      [20, expect.closeTo(6 / 20, 10)],
      [100, expect.closeTo(6 / 100, 10)],
    ]);
    expect(metering.tail.write).toBeCloseTo((49 * 2 * 2 + 2) / 49, 10);
  });
});

describe('what the benchmark relies on', () => {
  it('is what the engine does: the rules that AWS documents', async () => {
    const rules = await checkEngineRules(engine);
    expect(rules.map(({ rule, engine }) => [rule, engine])).toEqual(rules.map(({ rule, aws }) => [rule, aws]));
  });

  it('counts calls that are made at once as one round', async () => {
    const { rounds, firstOperation } = await measureRequests(engine);
    expect(rounds.map(({ rounds: count }) => count)).toEqual([3, 1, 3]);
    expect(firstOperation).toMatchObject({ read: 1, write: 1, indexRead: 0, indexWrite: 0 });
  });
});
