import { mauBetween, mauOf, rpMauKey, totalMauKey } from './keys.ts';
import { readBetween, readItem, readItems, readRange, type Consistency } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import type { Write } from './engine/transaction.ts';

/** The MAU of an RP, or of a customer in total, in one month. A cache: the active-user records are the truth. */
export interface MauCounter {
  readonly month: string;
  /** Undefined for the customer's total. */
  readonly rpRef?: string | undefined;
  readonly mau: number;
  /** The first half of a recount that waits for its second. */
  readonly recount?: Recount | undefined;
  /** When the last recount ended, epoch milliseconds. */
  readonly recountedAt?: number | undefined;
  /** Of a total: how often a recount has written to it. @default - never */
  readonly mends?: number | undefined;
}

/** What the first half of a recount saw. */
export interface Recount {
  /** The counter, of an RP before its records were counted. */
  readonly counter: number;
  /** What it is compared with: the records of an RP, or for a total the sum of the RPs' counters. */
  readonly records: number;
  /** When both had been read, epoch milliseconds. */
  readonly at: number;
}

/** Reads a customer's MAU of a month: 0 where nothing happened. */
export async function readTotalMau(table: Table, customerId: string, month: string, consistency: Consistency) {
  return (await readItem<MauCounter>(table, totalMauKey(customerId, month), consistency))?.mau ?? 0;
}

/** Reads the MAU of distinct customers and months, in their order, by eventually consistent reads. */
export async function readTotalMaus(table: Table, totals: readonly { customerId: string; month: string }[]) {
  const keys = totals.map(({ customerId, month }) => totalMauKey(customerId, month));
  return (await readItems<MauCounter>(table, keys, 'eventual')).map((counter) => counter?.mau ?? 0);
}

/** Reads the counter of an RP and a month, strongly. */
export function readRpMau(table: Table, customerId: string, month: string, rpRef: string) {
  return readItem<MauCounter>(table, rpMauKey(customerId, month, rpRef), 'strong');
}

/** Reads every counter of a customer from one month to another, both included. */
export function readMauBetween(
  table: Table,
  customerId: string,
  firstMonth: string,
  lastMonth: string,
  consistency: Consistency = 'eventual',
) {
  return readBetween<MauCounter>(table, mauBetween(customerId, firstMonth, lastMonth), consistency);
}

/** Reads the last month of which a customer has a counter, strongly. Undefined when it has none. */
export async function readLastMonthOfMau(table: Table, customerId: string): Promise<string | undefined> {
  const { items } = await readRange<MauCounter>(table, mauOf(customerId), {
    consistency: 'strong',
    reverse: true,
    limit: 1,
  });
  return items[0]?.month;
}

/** Adds to the counter of an RP and a month. */
export function addToRpMau(customerId: string, month: string, rpRef: string, added: number): Write {
  return {
    Update: {
      Key: rpMauKey(customerId, month, rpRef),
      UpdateExpression: 'SET #month = :month, rpRef = :rpRef ADD mau :added',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':rpRef': rpRef, ':added': added },
    },
  };
}

/** Adds to the total of a customer and a month. */
export function addToTotalMau(customerId: string, month: string, added: number): Write {
  return {
    Update: {
      Key: totalMauKey(customerId, month),
      UpdateExpression: 'SET #month = :month ADD mau :added',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':added': added },
    },
  };
}

/** Keeps the first half of a recount with its counter, unless one is kept already. A counter that was lost is made anew. */
export function putRecount(customerId: string, month: string, rpRef: string, recount: Recount): Write {
  return {
    Update: {
      Key: rpMauKey(customerId, month, rpRef),
      UpdateExpression: 'SET #month = :month, rpRef = :rpRef, recount = :recount ADD mau :none',
      ConditionExpression: 'attribute_not_exists(recount)',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':rpRef': rpRef, ':recount': recount, ':none': 0 },
    },
  };
}

/**
 * Ends a recount, adding its drift to the counter. Once: the condition is that the first half is still kept, which is
 * taken away here. Without a first half, one that found nothing to wait for is ended, and remembered also where there was
 * no counter, so that the next run goes on to others.
 */
export function completeRecount(
  customerId: string,
  month: string,
  rpRef: string,
  completed: { readonly recount: Recount | undefined; readonly drift: number; readonly now: number },
): Write {
  const { recount, drift, now } = completed;
  return {
    Update: {
      Key: rpMauKey(customerId, month, rpRef),
      UpdateExpression: 'SET #month = :month, rpRef = :rpRef, recountedAt = :now REMOVE recount ADD mau :drift',
      ConditionExpression: recount ? 'recount.#at = :at' : 'attribute_not_exists(recount)',
      ExpressionAttributeNames: { '#month': 'month', ...(recount && { '#at': 'at' }) },
      ExpressionAttributeValues: {
        ':month': month,
        ':rpRef': rpRef,
        ':now': now,
        ':drift': drift,
        ...(recount && { ':at': recount.at }),
      },
    },
  };
}

/**
 * Adds the drift of an RP to its customer's total, in the transaction that adds it to the RP's counter. Drops a recount of the
 * total that is under way: it has compared counters of before.
 */
export function addDriftToTotal(customerId: string, month: string, drift: number): Write {
  return {
    Update: {
      Key: totalMauKey(customerId, month),
      UpdateExpression: 'SET #month = :month REMOVE recount ADD mau :drift, mends :one',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':drift': drift, ':one': 1 },
    },
  };
}

/** A total as it was read. */
export interface ReadTotal extends Pick<MauCounter, 'month' | 'mends'> {
  readonly customerId: string;
}

/** No recount has written to the total since it was read. */
const isMendedAsRead = ({ mends }: ReadTotal) =>
  mends === undefined ? 'attribute_not_exists(mends)' : 'mends = :mends';
const mendedAsRead = ({ mends }: ReadTotal) => (mends === undefined ? {} : { ':mends': mends });

/**
 * Stores the first half of a recount of a total, unless one is stored already or a recount has written to the total since it
 * was read. A total that was lost is made anew.
 */
export function putTotalRecount(read: ReadTotal, recount: Recount): Write {
  return {
    Update: {
      Key: totalMauKey(read.customerId, read.month),
      UpdateExpression: 'SET #month = :month, recount = :recount ADD mau :none',
      ConditionExpression: `attribute_not_exists(recount) AND ${isMendedAsRead(read)}`,
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': read.month, ':recount': recount, ':none': 0, ...mendedAsRead(read) },
    },
  };
}

/** Ends a recount of a total and adds its drift. Once: the condition is that the first half is still stored, and this takes it away. */
export function completeTotalRecount(
  read: ReadTotal,
  { recount, drift }: { readonly recount: Recount; readonly drift: number },
): Write {
  return {
    Update: {
      Key: totalMauKey(read.customerId, read.month),
      UpdateExpression: 'REMOVE recount ADD mau :drift, mends :one',
      ConditionExpression: `recount.#at = :at AND ${isMendedAsRead(read)}`,
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': recount.at, ':drift': drift, ':one': 1, ...mendedAsRead(read) },
    },
  };
}
