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
}

/** What a recount saw at first. */
export interface Recount {
  /** The counter before the records were counted. */
  readonly counter: number;
  /** The records. */
  readonly records: number;
  /** When the records had been counted, epoch milliseconds. */
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
export function readMauBetween(table: Table, customerId: string, firstMonth: string, lastMonth: string) {
  return readBetween<MauCounter>(table, mauBetween(customerId, firstMonth, lastMonth));
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
