import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { backOff } from '../../functions/table/engine/back-off.ts';
import { untilProcessed } from '../../functions/table/engine/batches.ts';
import { untilNoConflict } from '../../functions/table/engine/conflicts.ts';
import { ConflictError, UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { random } from '../support/random.ts';

const { wait } = vi.hoisted(() => {
  // Test files that ran earlier in this process may have loaded the modules of functions/table with the real timer.
  vi.resetModules();
  return { wait: vi.fn<(milliseconds: number) => Promise<void>>(() => Promise.resolve()) };
});
vi.mock('node:timers/promises', () => ({ setTimeout: wait }));
beforeEach(() => wait.mockClear());
afterAll(() => {
  // Later files in this process need the real timer again.
  vi.doUnmock('node:timers/promises');
  vi.resetModules();
});

/** Returns a source of random numbers. The same seed produces the same numbers. */
function chanceOf(seed: number): () => number {
  const seeded = random(seed);
  return () => seeded.next();
}

const waits = () => wait.mock.calls.map(([milliseconds]) => milliseconds);

describe('the wait before a retry', () => {
  const bounds = { first: 10, longest: 200 };

  it('doubles with each retry up to a maximum', () => {
    expect([1, 2, 3, 4, 5, 6, 100].map((retry) => backOff(retry, bounds, () => 0))).toEqual([
      10, 20, 40, 80, 100, 100, 100,
    ]);
  });

  it('varies at random between 50 % and 100 % of its upper bound, even after many retries', () => {
    expect([1, 2, 100].map((retry) => backOff(retry, bounds, () => 0.5))).toEqual([15, 30, 150]);
  });

  it('is the same if the random numbers come from the same seed', () => {
    const all = (seed: number) => [1, 2, 3, 4].map((retry) => backOff(retry, bounds, chanceOf(seed)));
    expect(all(1)).toEqual(all(1));
    expect(all(1)).not.toEqual(all(2));
  });
});

it('a write that conflicts with other transactions is retried after growing random waits', async () => {
  const chance = chanceOf(1);
  let tries = 0;
  const write = () => ((tries += 1) <= 3 ? Promise.reject(new ConflictError('Injected')) : Promise.resolve('done'));
  expect(await untilNoConflict({ random: chance }, write)).toBe('done');
  const again = chanceOf(1);
  expect(waits()).toEqual([1, 2, 3].map((retry) => backOff(retry, { first: 10, longest: 200 }, again)));
});

it('an error that a retry cannot resolve is thrown without a wait', async () => {
  await expect(untilNoConflict({ random: () => 0 }, () => Promise.reject(new Error('Injected')))).rejects.toThrow(
    'Injected',
  );
  expect(waits()).toEqual([]);
});

it('a batch that DynamoDB leaves unprocessed is sent again 5 times, after growing random waits', async () => {
  const chance = chanceOf(2);
  await expect(untilProcessed({ random: chance }, ['item'], (left) => Promise.resolve(left))).rejects.toThrow(
    UnavailableError,
  );
  const again = chanceOf(2);
  expect(waits()).toEqual([1, 2, 3, 4, 5].map((retry) => backOff(retry, { first: 20, longest: 500 }, again)));
});
