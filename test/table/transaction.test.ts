import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { randomUUID } from 'node:crypto';
import { inspect } from 'node:util';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Key } from '../../functions/table/keys.ts';
import { readItem } from '../../functions/table/engine/reads.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { absent, exists } from '../../functions/table/engine/conditions.ts';
import { transact, type Write } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openTestTable } from '../support/engine.ts';
import {
  anotherClient,
  injectFaults,
  throttling,
  timeOut,
  transactionConflict,
  type Attempt,
  type Fault,
} from '../support/table-faults.ts';

let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});

/** Keys that no other test uses. */
let keys: [Key, Key, Key];
beforeEach(() => {
  const key = (sk: string): Key => ({ pk: randomUUID(), sk });
  keys = [key('a'), key('b'), key('c')];
});

const put = (key: Key, attributes: object = {}): Write => ({
  Put: { Item: { ...key, ...attributes }, ConditionExpression: absent },
});
const add = (key: Key, added: number): Write => ({
  Update: { Key: key, UpdateExpression: 'ADD n :n', ExpressionAttributeValues: { ':n': added } },
});
const read = (key: Key) => readItem<object>(table, key, 'strong');

/**
 * Opens a table client whose first tries fail: the first try with the first of `faults`, the second try with the second
 * fault, and so on. Returns the client and a counter of the client's tries.
 */
function faulty(...faults: ((attempt: Attempt) => Fault)[]) {
  const tries = { count: 0 };
  const own = injectFaults(anotherClient(table), (attempt) => {
    tries.count += 1;
    return faults[tries.count - 1]?.(attempt);
  });
  return { own, tries };
}
const cancelled = (...codes: string[]): Fault => ({
  before: new TransactionCanceledException({
    $metadata: {},
    message: 'Injected: transaction cancelled',
    CancellationReasons: codes.map((Code) => ({ Code })),
  }),
});
const conflict = (attempt: Attempt): Fault => ({ before: transactionConflict(attempt) });

describe('a transaction', () => {
  it('does all of its writes', async () => {
    const [a, b, c] = keys;
    await transact(table, { c: put(c, { n: 1 }) });
    expect(
      await transact(table, {
        put: put(a, { n: 7 }),
        update: add(b, 3),
        remove: { Delete: { Key: c, ConditionExpression: exists } },
      }),
    ).toBeUndefined();
    expect([await read(a), await read(b), await read(c)]).toEqual([{ ...a, n: 7 }, { ...b, n: 3 }, undefined]);
  });

  it("writes nothing when a condition is false, and returns the failed write's name and the existing item", async () => {
    const [a, b] = keys;
    await transact(table, { b: put(b, { n: 1, nested: { list: [1, 'two', null, true] } }) });
    const failures = await transact(table, { first: put(a), second: put(b) });
    expect(failures).toEqual({ second: { item: { ...b, n: 1, nested: { list: [1, 'two', null, true] } } } });
    expect(await read(a)).toBeUndefined();
  });

  it("returns the name of each write whose condition is false, even if the write's item does not exist", async () => {
    const [a, b, c] = keys;
    await transact(table, { b: put(b) });
    const gone: Write = { ConditionCheck: { Key: a, ConditionExpression: exists } };
    const failures = await transact(table, {
      gone,
      taken: put(b),
      '7': { Delete: { Key: c, ConditionExpression: exists } },
    });
    expect(failures).toEqual({ gone: { item: undefined }, taken: { item: b }, '7': { item: undefined } });
  });

  it('skips undefined writes', async () => {
    const [a, b] = keys;
    await transact(table, { b: put(b) });
    expect(await transact(table, { nothing: undefined, taken: put(b), more: put(a) })).toEqual({ taken: { item: b } });
    expect(await transact(table, { nothing: undefined, more: put(a) })).toBeUndefined();
    expect(await read(a)).toEqual(a);
  });

  it('fails and writes nothing if it contains more than 100 items', async () => {
    const [{ pk }] = keys;
    const many = Array.from({ length: 101 }, (_, index) => [`put ${index}`, put({ pk, sk: String(index) })] as const);
    await expect(transact(table, Object.fromEntries(many))).rejects.toMatchObject({ name: 'ValidationException' });
    expect(await transact(table, Object.fromEntries(many.slice(1)))).toBeUndefined();
    expect(await read({ pk, sk: '0' })).toBeUndefined();
    expect(await read({ pk, sk: '100' })).toBeDefined();
  });
});

describe('a failed transaction', () => {
  it('throws an error that names the codes, and contains no item of the table', async () => {
    const [a] = keys;
    const Item = { userId: { S: 'user-1' } };
    const error = new TransactionCanceledException({
      $metadata: {},
      message: 'Injected: transaction cancelled',
      CancellationReasons: [{ Code: 'ValidationError', Item }],
    });
    const { own } = faulty(() => ({ before: error }));
    const thrown = await transact(own, { a: add(a, 1) }).catch((reason: unknown) => reason);
    expect(String(thrown)).toContain('ValidationError');
    expect(inspect(thrown, { depth: Infinity, showHidden: true })).not.toContain('user-1');
  });

  it('is retried after conflicts until it succeeds', async () => {
    const [a] = keys;
    const { own, tries } = faulty(conflict, conflict, conflict);
    expect(await transact(own, { a: add(a, 1) })).toBeUndefined();
    expect(tries.count).toBe(4);
    expect(await read(a)).toEqual({ ...a, n: 1 });
  });

  it.each(['ThrottlingError', 'ProvisionedThroughputExceeded'])(
    'is retried if DynamoDB cancelled it with %s',
    async (code) => {
      const [a] = keys;
      const { own, tries } = faulty(() => cancelled('None', code));
      expect(await transact(own, { a: add(a, 1) })).toBeUndefined();
      expect(tries.count).toBe(2);
    },
  );

  it('reports a false condition without a retry, even if there was also a conflict', async () => {
    const [a, b] = keys;
    const { own, tries } = faulty(() => cancelled('TransactionConflict', 'ConditionalCheckFailed'));
    expect(await transact(own, { a: put(a), b: put(b) })).toEqual({ b: { item: undefined } });
    expect(tries.count).toBe(1);
  });

  it.each(['ValidationError', 'ItemCollectionSizeLimitExceeded'])(
    'is not retried if DynamoDB cancelled it with %s',
    async (code) => {
      const [a] = keys;
      const { own, tries } = faulty(() => cancelled(code));
      await expect(transact(own, { a: add(a, 1) })).rejects.toThrow(code);
      expect(tries.count).toBe(1);
    },
  );

  it('is retried, so that each of 40 concurrent transactions takes effect exactly once', async () => {
    const [a, b] = keys;
    const chances = { conflicts: 0 };
    const own = injectFaults(anotherClient(table), (attempt) =>
      (chances.conflicts += 1) % 3 === 0 ? { before: transactionConflict(attempt) } : undefined,
    );
    await Promise.all(Array.from({ length: 40 }, () => transact(own, { a: add(a, 1), b: add(b, 2) })));
    expect([await read(a), await read(b)]).toEqual([
      { ...a, n: 40 },
      { ...b, n: 80 },
    ]);
  });
});

describe('a transaction that times out or is throttled', () => {
  it('takes effect only once even if its response is lost three times', async () => {
    const [a] = keys;
    const lost = () => ({ after: timeOut() });
    const { own, tries } = faulty(lost, lost, lost);
    expect(await transact(own, { a: add(a, 1) })).toBeUndefined();
    expect(tries.count).toBe(4);
    expect(await read(a)).toEqual({ ...a, n: 1 });
  });

  it('throws UnavailableError after four tries', async () => {
    const [a] = keys;
    const { own, tries } = faulty(...Array.from({ length: 10 }, () => () => ({ before: timeOut() })));
    await expect(transact(own, { a: add(a, 1) })).rejects.toThrow(UnavailableError);
    expect(tries.count).toBe(4);
  });

  it('succeeds if only the first try is throttled', async () => {
    const [a] = keys;
    const { own, tries } = faulty(() => ({ before: throttling() }));
    expect(await transact(own, { a: add(a, 1) })).toBeUndefined();
    expect(tries.count).toBe(2);
  });
});
