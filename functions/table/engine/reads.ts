import { BatchGetCommand, GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { chunks, untilProcessed } from './batches.ts';
import { tableDefinition } from '../definition.ts';
import type { Between, Key, Partition, Range } from '../keys.ts';
import type { Table } from './client.ts';

/**
 * A strongly consistent read sees every write that succeeded before the read began, and costs twice as much as an
 * eventually consistent read.
 */
export type Consistency = 'strong' | 'eventual';

/** The property that links a key to the type of its item. It exists only in types, not at run time. */
declare const item: unique symbol;
/** The key of an item of the type `Item`. */
export type KeyOf<Item> = Key & { readonly [item]?: Item };
type ItemOf<K> = K extends KeyOf<infer Item> ? Item : never;

/** Reads one item. Returns undefined when there is no item with the key. */
export async function readItem<T>(table: Table, key: Key, consistency: Consistency): Promise<T | undefined> {
  const { Item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: key, ConsistentRead: consistency === 'strong' }),
  );
  return Item as T | undefined;
}

/** The maximum number of keys in one call of `BatchGetItem`. */
const KEYS_A_BATCH = 100;

/**
 * Reads the items with the given keys, which must be distinct, in parallel calls of up to 100 keys. Returns the items
 * in the order of the keys, with undefined for each key without an item. Throws `UnavailableError` when DynamoDB keeps
 * throttling the reads.
 */
export async function readItems<T>(
  table: Table,
  keys: readonly Key[],
  consistency: Consistency,
): Promise<(T | undefined)[]> {
  const items = (
    await Promise.all(chunks(keys, KEYS_A_BATCH).map((batch) => readBatch(table, batch, consistency)))
  ).flat();
  const found = new Map(items.map((read) => [identity(read as unknown as Key), read as T]));
  return keys.map((key) => found.get(identity(key)));
}

/** Reads a few items of different types in one call. The type of each key determines the type of its item. */
export async function readTogether<const Keys extends readonly KeyOf<unknown>[]>(
  table: Table,
  keys: Keys,
  consistency: Consistency,
): Promise<{ [Index in keyof Keys]: ItemOf<Keys[Index]> | undefined }> {
  const items = await readItems(table, keys, consistency);
  return items as { [Index in keyof Keys]: ItemOf<Keys[Index]> | undefined };
}

const identity = ({ pk, sk }: Key) => JSON.stringify([pk, sk]);

async function readBatch(table: Table, keys: readonly Key[], consistency: Consistency) {
  const items: Record<string, unknown>[] = [];
  await untilProcessed<Record<string, unknown>>(
    table,
    keys.map(({ pk, sk }) => ({ pk, sk })),
    async (left) => {
      const { Responses, UnprocessedKeys } = await table.client.send(
        new BatchGetCommand({
          RequestItems: { [table.name]: { Keys: left, ConsistentRead: consistency === 'strong' } },
        }),
      );
      items.push(...(Responses?.[table.name] ?? []));
      return UnprocessedKeys?.[table.name]?.Keys ?? [];
    },
  );
  return items;
}

/** One page of the items in a range. */
export interface Page<T> {
  readonly items: T[];
  /**
   * The ID of the page's last item, after which the next page begins. An ID is a sort key without the prefix of the
   * range. Undefined on the last page.
   */
  readonly last: string | undefined;
}

/**
 * Reads up to `limit` items of a range in the order of their sort keys, or in the opposite order if `reverse` is true.
 * Begins after the ID `after`.
 */
export async function readRange<T>(
  table: Table,
  { pk, prefix }: Range,
  options: { consistency: Consistency; limit?: number; after?: string | undefined; reverse?: boolean },
): Promise<Page<T>> {
  const { Items, LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
      ExpressionAttributeValues: { ':pk': pk, ':prefix': prefix },
      ConsistentRead: options.consistency === 'strong',
      ScanIndexForward: !options.reverse,
      Limit: options.limit,
      ExclusiveStartKey: options.after === undefined ? undefined : { pk, sk: `${prefix}${options.after}` },
    }),
  );
  const lastSk = LastEvaluatedKey?.['sk'] as string | undefined;
  return { items: (Items ?? []) as T[], last: lastSk?.slice(prefix.length) };
}

/** Reads all items of a range. */
export async function readWholeRange<T>(table: Table, range: Range, consistency: Consistency): Promise<T[]> {
  const items: T[] = [];
  let after: string | undefined;
  do {
    const page: Page<T> = await readRange<T>(table, range, { consistency, after });
    items.push(...page.items);
    after = page.last;
  } while (after !== undefined);
  return items;
}

/** Reads all items of a partition, sorted by sort key. */
export function readPartition<T extends Key>(table: Table, { pk }: Partition, consistency: Consistency): Promise<T[]> {
  const condition = { KeyConditionExpression: 'pk = :pk', ExpressionAttributeValues: { ':pk': pk } };
  return readAll<T>(table, condition, consistency);
}

/** Reads all items that match the key condition of a query. */
async function readAll<T>(
  table: Table,
  condition: Pick<QueryCommandInput, 'KeyConditionExpression' | 'ExpressionAttributeValues'>,
  consistency: Consistency,
): Promise<T[]> {
  const items: T[] = [];
  let start: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        ...condition,
        ConsistentRead: consistency === 'strong',
        ExclusiveStartKey: start,
      }),
    );
    items.push(...((Items ?? []) as T[]));
    start = LastEvaluatedKey;
  } while (start !== undefined);
  return items;
}

/** A page of keys, and the sort key after which the next page begins. This sort key is undefined on the last page. */
interface KeyPage<Item> {
  readonly items: Item[];
  readonly lastSk: string | undefined;
}

/**
 * Reads up to `limit` keys of a partition with a strongly consistent read, beginning after the sort key `after`. Also
 * reads the given attributes of the items.
 */
export async function readKeys<Item extends Key = Key>(
  table: Table,
  { pk }: Partition,
  limit: number,
  after?: string,
  attributes: readonly (keyof Item & string)[] = [],
): Promise<KeyPage<Item>> {
  const { Items, LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ProjectionExpression: ['pk', 'sk', ...attributes].join(', '),
      ExpressionAttributeValues: { ':pk': pk },
      ConsistentRead: true,
      Limit: limit,
      ExclusiveStartKey: after === undefined ? undefined : { pk, sk: after },
    }),
  );
  return { items: (Items ?? []) as Item[], lastSk: LastEvaluatedKey?.['sk'] as string | undefined };
}

/** Reads every item of a partition from the sort key `from` to the sort key `to`, both included. */
export function readBetween<T>(
  table: Table,
  { pk, from, to }: Between,
  consistency: Consistency = 'eventual',
): Promise<T[]> {
  const condition = {
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
  };
  return readAll<T>(table, condition, consistency);
}

/** The last items of a range, the last item first. */
interface LastItems<T> {
  readonly items: T[];
  /** False when the range may contain more items. */
  readonly isComplete: boolean;
}

/**
 * Reads the last items of a partition from the sort key `from` to the sort key `to`, the last item first. Reads at most
 * `limit` items, with one eventually consistent query.
 */
export async function readLast<T>(table: Table, { pk, from, to }: Between, limit: number): Promise<LastItems<T>> {
  const { Items, LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
      ExpressionAttributeValues: { ':pk': pk, ':from': from, ':to': to },
      ScanIndexForward: false,
      Limit: limit,
    }),
  );
  return { items: (Items ?? []) as T[], isComplete: LastEvaluatedKey === undefined };
}

/**
 * Counts the items of a range (`all`), and those of them whose attribute has the given value (`matching`), with
 * strongly consistent reads. Both numbers come from the same read of each item. DynamoDB transfers only the attribute,
 * and takes as many read units as for a count without it. The function keeps one page in memory, at most 1 MB of items.
 */
export async function countRange(
  table: Table,
  range: Range,
  { attribute, value }: { readonly attribute: string; readonly value: string },
): Promise<{ all: number; matching: number }> {
  let [all, matching] = [0, 0];
  let from: Record<string, unknown> | undefined;
  do {
    const { Items, LastEvaluatedKey } = await table.client.send(
      new QueryCommand({
        TableName: table.name,
        KeyConditionExpression: 'pk = :pk AND begins_with(sk, :prefix)',
        ProjectionExpression: '#attribute',
        ExpressionAttributeNames: { '#attribute': attribute },
        ExpressionAttributeValues: { ':pk': range.pk, ':prefix': range.prefix },
        ConsistentRead: true,
        ExclusiveStartKey: from,
      }),
    );
    all += Items?.length ?? 0;
    matching += Items?.filter((item) => item[attribute] === value).length ?? 0;
    from = LastEvaluatedKey;
  } while (from !== undefined);
  return { all, matching };
}

/** An entry of the finder (our GSI). The entry contains only keys. */
export type Found = Key & { readonly finderPk: string; readonly finderSk: string };

/**
 * Finds up to `limit` keys in a range of the finder (our GSI). Begins after the entry `after`, which is the last entry
 * of the previous page. Also returns the entry after which the next page begins; undefined on the last page. The read
 * is eventually consistent, like all reads of a GSI.
 */
export async function find(
  table: Table,
  range: { finderPk: string; prefix: string },
  options: { limit?: number; after?: Found | undefined } = {},
): Promise<{ found: Found[]; last: Found | undefined }> {
  const { indexName, partitionKey, sortKey } = tableDefinition.finder;
  const { Items, LastEvaluatedKey } = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      IndexName: indexName,
      KeyConditionExpression: range.prefix ? '#pk = :pk AND begins_with(#sk, :prefix)' : '#pk = :pk',
      ExpressionAttributeNames: range.prefix ? { '#pk': partitionKey, '#sk': sortKey } : { '#pk': partitionKey },
      ExpressionAttributeValues: { ':pk': range.finderPk, ...(range.prefix && { ':prefix': range.prefix }) },
      Limit: options.limit,
      ExclusiveStartKey: options.after,
    }),
  );
  return { found: (Items ?? []) as Found[], last: LastEvaluatedKey as Found | undefined };
}

/** Finds every key in a range of the finder (our GSI). */
export async function findAll(table: Table, range: { finderPk: string; prefix: string }): Promise<Found[]> {
  const keys: Found[] = [];
  let after: Found | undefined;
  do {
    const page: { found: Found[]; last: Found | undefined } = await find(table, range, { after });
    keys.push(...page.found);
    after = page.last;
  } while (after !== undefined);
  return keys;
}
