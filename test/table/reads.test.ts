import { randomUUID } from 'node:crypto';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { deleteItems } from '../../functions/table/engine/deletes.ts';
import type { Key, Range } from '../../functions/table/keys.ts';
import { countRange, find, readItems, readRange, readWholeRange } from '../../functions/table/engine/reads.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openTestTable } from '../support/engine.ts';
import { random } from '../support/random.ts';
import { anotherClient, measure, watchAttempts } from '../support/table-faults.ts';

let table: Table;
beforeAll(async () => {
  ({ table } = await openTestTable());
});

/** A partition key that no other test uses. */
let pk: string;
beforeEach(() => {
  pk = randomUUID();
});
const key = (index: number): Key => ({ pk, sk: `ITEM#${String(index).padStart(4, '0')}` });
/** Puts `count` items into the partition of `pk`. The items are numbered from 0, and each item contains its number. */
async function put(count: number, attributes: object = {}): Promise<void> {
  for (let start = 0; start < count; start += 100) {
    const writes = Array.from({ length: Math.min(100, count - start) }, (_, index) => start + index);
    await transact(
      table,
      Object.fromEntries(writes.map((n) => [`${n}`, { Put: { Item: { ...key(n), n, ...attributes } } }])),
    );
  }
}

type Batch = Record<string, { Keys: unknown[] }>;
/**
 * Opens a table client whose batch calls each process at most `most` keys, as if DynamoDB throttled the table. Returns
 * the client and a list that receives the number of keys in each call.
 */
function slow(most: number): { own: Table; calls: number[] } {
  const own = anotherClient(table);
  const calls: number[] = [];
  own.client.middlewareStack.add(
    (next, { commandName }) =>
      async (args) => {
        const isRead = commandName === 'BatchGetItemCommand';
        if (!isRead && commandName !== 'BatchWriteItemCommand') return next(args);
        const { RequestItems } = args.input as { RequestItems: Record<string, unknown> };
        const asked = RequestItems[own.name];
        const entries = isRead ? (asked as { Keys: unknown[] }).Keys : (asked as unknown[]);
        calls.push(entries.length);
        const [now, later] = [entries.slice(0, most), entries.slice(most)];
        if (now.length === 0) {
          const left = { [own.name]: isRead ? { Keys: later } : later };
          return { response: {}, output: { $metadata: {}, UnprocessedKeys: left, UnprocessedItems: left } } as never;
        }
        const input = {
          ...args.input,
          RequestItems: { [own.name]: isRead ? Object.assign({}, asked, { Keys: now }) : now },
        };
        const answer = await next({ ...args, input });
        if (later.length > 0) {
          const left = { [own.name]: isRead ? { Keys: later } : later };
          Object.assign(answer.output, isRead ? { UnprocessedKeys: left } : { UnprocessedItems: left });
        }
        return answer;
      },
    { step: 'initialize', priority: 'low' },
  );
  return { own, calls };
}

/**
 * Opens a table client whose queries return at most `limit` items on each page, as if the items were large. Returns the
 * client and a function that returns the number of pages that were read.
 */
function paged(limit: number): { own: Table; pages: () => number } {
  const own = anotherClient(table);
  let pages = 0;
  own.client.middlewareStack.add(
    (next, { commandName }) =>
      (args) => {
        if (commandName === 'QueryCommand') {
          pages += 1;
          Object.assign(args.input, { Limit: limit });
        }
        return next(args);
      },
    { step: 'initialize' },
  );
  return { own, pages: () => pages };
}

describe('readItems', () => {
  it('returns an item or undefined for each key, in the given order, even if it needs several calls', async () => {
    await put(130);
    const calls: number[] = [];
    const own = watchAttempts(anotherClient(table), ({ input }) => {
      calls.push((input['RequestItems'] as Batch)[table.name]?.Keys.length ?? 0);
    });
    const order = random(7).shuffle(Array.from({ length: 250 }, (_, index) => index));
    const items = await readItems<{ n: number }>(own, order.map(key), 'strong');
    expect(items.map((item) => item?.n)).toEqual(order.map((n) => (n < 130 ? n : undefined)));
    expect(calls).toEqual([100, 100, 50]);
  });

  it('makes no call when there are no keys', async () => {
    const own = watchAttempts(anotherClient(table), () => {
      throw new Error('No call is needed');
    });
    expect(await readItems(own, [], 'strong')).toEqual([]);
  });

  it('distinguishes keys whose partition key and sort key form the same text when joined', async () => {
    const pairs: Key[] = [
      { pk: `${pk}-1`, sk: '1' },
      { pk, sk: '-11' },
      { pk: `${pk}","`, sk: 'x' },
      { pk, sk: '","x' },
    ];
    await transact(table, Object.fromEntries(pairs.map((each, n) => [`${n}`, { Put: { Item: { ...each, n } } }])));
    const items = await readItems<{ n: number }>(table, pairs, 'eventual');
    expect(items.map((item) => item?.n)).toEqual([0, 1, 2, 3]);
  });

  it('requests unprocessed keys again', async () => {
    await put(120);
    const { own, calls } = slow(40);
    const items = await readItems<{ n: number }>(
      own,
      Array.from({ length: 120 }, (_, n) => key(n)),
      'eventual',
    );
    expect(items.map((item) => item?.n)).toEqual(Array.from({ length: 120 }, (_, n) => n));
    expect(calls.sort((a, b) => a - b)).toEqual([20, 20, 60, 100]);
  });

  it('throws UnavailableError when no call processes any key', async () => {
    await put(3);
    const { own, calls } = slow(0);
    await expect(readItems(own, [key(0), key(1)], 'strong')).rejects.toThrow(UnavailableError);
    expect(calls).toEqual([2, 2, 2, 2, 2, 2]);
  });

  it.each([
    ['strong', true],
    ['eventual', false],
  ] as const)('reads with %s consistency', async (consistency, expected) => {
    const asked: unknown[] = [];
    const own = watchAttempts(anotherClient(table), ({ input }) => {
      asked.push((input['RequestItems'] as Record<string, { ConsistentRead: boolean }>)[table.name]?.ConsistentRead);
    });
    await readItems(own, [key(0)], consistency);
    expect(asked).toEqual([expected]);
  });
});

/** Counts the items of a range. */
const count = async (on: Table, range: Range) => (await countRange(on, range, { attribute: 'source', value: '' })).all;

describe('deleteItems', () => {
  it('deletes more items than one call can delete, and ignores keys without an item', async () => {
    await put(60);
    await deleteItems(
      table,
      Array.from({ length: 80 }, (_, n) => key(n)),
    );
    expect(await count(table, { pk, prefix: '' })).toBe(0);
  });

  it('retries unprocessed deletions', async () => {
    await put(30);
    const { own, calls } = slow(10);
    await deleteItems(
      own,
      Array.from({ length: 30 }, (_, n) => key(n)),
    );
    expect(await count(table, { pk, prefix: '' })).toBe(0);
    expect(calls.sort((a, b) => a - b)).toEqual([5, 5, 15, 25]);
  });

  it('throws UnavailableError when no call processes any key', async () => {
    const { own } = slow(0);
    await expect(deleteItems(own, [key(0)])).rejects.toThrow(UnavailableError);
  });
});

describe('the items of a key range', () => {
  it('are counted across all pages', async () => {
    await put(25);
    await transact(table, { other: { Put: { Item: { pk, sk: 'OTHER#1' } } } });
    const { own, pages } = paged(4);
    expect(await count(own, { pk, prefix: 'ITEM#' })).toBe(25);
    expect(pages()).toBeGreaterThanOrEqual(7);
    expect(await count(table, { pk, prefix: 'ITEM#001' })).toBe(10);
    expect(await count(table, { pk, prefix: 'NONE#' })).toBe(0);
  });

  it('are counted for as many read units if the items with a value in an attribute are counted too', async () => {
    const source = 'measured';
    await put(40);
    for (let n = 40; n < 65; n += 1) await transact(table, { item: { Put: { Item: { ...key(n), source } } } });
    const { own, pages } = paged(7);
    const range = { pk, prefix: 'ITEM#' };
    expect(await countRange(own, range, { attribute: 'source', value: source })).toEqual({ all: 65, matching: 25 });
    expect(pages()).toBeGreaterThan(5);
    const [all, some] = [anotherClient(table), anotherClient(table)];
    const [units, unitsOfSome] = [measure(all), measure(some)];
    await countRange(some, range, { attribute: 'source', value: source });
    await readWholeRange(all, range, 'strong');
    expect(unitsOfSome.read).toBe(units.read);
  });

  it('are counted across the pages of 1 MB that DynamoDB returns', async () => {
    const large = 'x'.repeat(300_000);
    for (let n = 0; n < 5; n += 1) await transact(table, { item: { Put: { Item: { ...key(n), large } } } });
    const { own, pages } = paged(1_000_000);
    expect(await count(own, { pk, prefix: 'ITEM#' })).toBe(5);
    expect(pages()).toBeGreaterThan(1);
  });

  it('are counted with strongly consistent reads', async () => {
    const asked: unknown[] = [];
    const own = watchAttempts(anotherClient(table), ({ input }) => asked.push(input['ConsistentRead']));
    await count(own, { pk, prefix: '' });
    expect(asked).toEqual([true]);
  });

  it('are read in order across all pages', async () => {
    await put(25);
    const { own, pages } = paged(10);
    const items = await readWholeRange<{ n: number }>(own, { pk, prefix: 'ITEM#' }, 'strong');
    expect(items.map(({ n }) => n)).toEqual(Array.from({ length: 25 }, (_, n) => n));
    expect(pages()).toBe(3);
  });

  it('can be read in pages, starting after a given ID', async () => {
    await put(5);
    const options = { consistency: 'strong', limit: 2 } as const;
    const first = await readRange<{ n: number }>(table, { pk, prefix: 'ITEM#' }, options);
    expect([first.items.map(({ n }) => n), first.last]).toEqual([[0, 1], '0001']);
    const last = await readRange<{ n: number }>(table, { pk, prefix: 'ITEM#' }, { ...options, after: '0003' });
    expect([last.items.map(({ n }) => n), last.last]).toEqual([[4], undefined]);
  });

  it('can be read page by page from the GSI named finder', async () => {
    const finderPk = `FINDER-${pk}`;
    const own = Array.from({ length: 5 }, (_, n) => ({ ...key(n), finderPk, finderSk: `${n}` }));
    await transact(table, Object.fromEntries(own.map((Item, n) => [`${n}`, { Put: { Item } }])));
    const first = await find(table, { finderPk, prefix: '' }, { limit: 3 });
    expect(first.found.map(({ finderSk }) => finderSk)).toEqual(['0', '1', '2']);
    const rest = await find(table, { finderPk, prefix: '' }, { limit: 3, after: first.last });
    expect(rest.found).toEqual(own.slice(3));
    expect(rest.last).toBeUndefined();
    expect((await find(table, { finderPk, prefix: '4' })).found).toEqual(own.slice(4));
  });
});
