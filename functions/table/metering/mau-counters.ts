import type { ActiveUserCounts } from './active-users.ts';
import { mauBetween, mauOf, mauOfMonth, rpMauKey, totalMauKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { isUnset } from '../engine/conditions.ts';
import { readBetween, readItem, readItems, readRange, readWholeRange, type Consistency } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/**
 * The number of monthly active users (MAU) of one RP, or of all RPs of a customer together, in one month. The counter
 * is a cache of the number of active-user records, each of which says that a user was active at an RP in the month. An
 * hourly recount run checks the counters and corrects wrong counters.
 */
export interface MauCounter extends ActiveUserCounts {
  readonly month: string;
  /** The RP's ID; undefined in the total counter of a customer. */
  readonly rpRef?: string | undefined;
  /** The numbers that an unfinished recount has read; undefined when the counter has no unfinished recount. */
  readonly recount?: Recount | undefined;
  /** The time at which the last recount ended, in epoch milliseconds. */
  readonly recountedAt?: number | undefined;
  /**
   * How many times a recount has changed the total counter of a customer. The counters of RPs do not have this
   * attribute.
   * @default - never
   */
  readonly mends?: number | undefined;
}

/**
 * The numbers that an unfinished recount has read. A later recount run reads the counter again, compares the counter
 * with these numbers, and completes the recount.
 */
export interface Recount {
  /**
   * The value that the recount has read from the counter. The recount of an RP reads the counter before it counts the
   * records.
   */
  readonly counter: number;
  /**
   * The number with which the recount compares the counter. For an RP, this is the number of the RP's active-user
   * records. For a customer's total, this is the sum of the RPs' counters.
   */
  readonly records: number;
  /**
   * The same two numbers for the measured users alone. @default - unknown, because an earlier release began the recount
   */
  readonly measured?: { readonly counter: number; readonly records: number } | undefined;
  /** The time, in epoch milliseconds, at which the recount finished reading the numbers. */
  readonly at: number;
}

/**
 * The attributes of a counter's item. The item stores `rpRef` in the attribute `rp`, as earlier releases did. The
 * counters of earlier releases have no attribute `measured`, because these releases counted no measured user.
 */
type Stored = Omit<MauCounter, 'rpRef' | 'measured'> & {
  readonly rp?: string | undefined;
  readonly measured?: number | undefined;
};
const fromStored = ({ rp, measured = 0, ...counter }: Stored): MauCounter => ({ ...counter, measured, rpRef: rp });

/** Reads a customer's total MAU in a month. Returns 0 when there is no counter. */
export async function readTotalMau(table: Table, customerId: string, month: string, consistency: Consistency) {
  return (await readItem<Stored>(table, totalMauKey(customerId, month), consistency))?.mau ?? 0;
}

/**
 * Reads the total counter of each given customer and month, in the order of `totals`, with eventually consistent reads.
 * No pair of a customer and a month may occur twice in `totals`. Returns zeros for a pair without a counter.
 */
export async function readTotalMaus(
  table: Table,
  totals: readonly { customerId: string; month: string }[],
): Promise<ActiveUserCounts[]> {
  const keys = totals.map(({ customerId, month }) => totalMauKey(customerId, month));
  const stored = await readItems<Stored>(table, keys, 'eventual');
  return stored.map((counter) => ({ mau: counter?.mau ?? 0, measured: counter?.measured ?? 0 }));
}

/** Reads an RP's counter for a month with a strongly consistent read. Returns undefined when there is no counter. */
export async function readRpMau(
  table: Table,
  customerId: string,
  month: string,
  rpRef: string,
): Promise<MauCounter | undefined> {
  const stored = await readItem<Stored>(table, rpMauKey(customerId, month, rpRef), 'strong');
  return stored && fromStored(stored);
}

/** Reads every counter of a customer from `firstMonth` to `lastMonth`, both months included. */
export async function readMauBetween(
  table: Table,
  customerId: string,
  firstMonth: string,
  lastMonth: string,
  consistency: Consistency = 'eventual',
): Promise<MauCounter[]> {
  const stored = await readBetween<Stored>(table, mauBetween(customerId, firstMonth, lastMonth), consistency);
  return stored.map(fromStored);
}

/**
 * Reads the counters of a customer for a month, the total first, with eventually consistent reads: all counters if
 * `limit` is undefined, and otherwise at most `limit`, with one query. `isComplete` is false when the customer may have
 * more counters.
 */
export async function readMauOf(
  table: Table,
  customerId: string,
  month: string,
  limit: number | undefined,
): Promise<{ counters: MauCounter[]; isComplete: boolean }> {
  const range = mauOfMonth(customerId, month);
  if (limit === undefined) {
    return { counters: (await readWholeRange<Stored>(table, range, 'eventual')).map(fromStored), isComplete: true };
  }
  const { items, last } = await readRange<Stored>(table, range, { consistency: 'eventual', limit, reverse: true });
  return { counters: items.map(fromStored), isComplete: last === undefined };
}

/** Reads the counters of the given RPs for a month, with eventually consistent reads. Leaves out missing counters. */
export async function readMauOfRps(
  table: Table,
  customerId: string,
  month: string,
  rpRefs: readonly string[],
): Promise<MauCounter[]> {
  const keys = rpRefs.map((rpRef) => rpMauKey(customerId, month, rpRef));
  const stored = await readItems<Stored>(table, keys, 'eventual');
  return stored.flatMap((counter) => (counter ? [fromStored(counter)] : []));
}

/**
 * Reads the last month for which a customer has a counter, with a strongly consistent read. Returns undefined when the
 * customer has no counter.
 */
export async function readLastMonthOfMau(table: Table, customerId: string): Promise<string | undefined> {
  const { items } = await readRange<Stored>(table, mauOf(customerId), {
    consistency: 'strong',
    reverse: true,
    limit: 1,
  });
  return items[0]?.month;
}

/**
 * Adds `added` active users, `measured` of whom were measured (default 0), to an RP's counter for a month. Creates the
 * counter when it does not exist.
 */
export function addToRpMau(
  customerId: string,
  month: string,
  rpRef: string,
  added: number,
  measured = 0,
): Write<Stored> {
  return {
    Update: {
      Key: rpMauKey(customerId, month, rpRef),
      UpdateExpression: 'SET #month = :month, rp = :rp ADD mau :added, measured :measured',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':rp': rpRef, ':added': added, ':measured': measured },
    },
  };
}

/**
 * Adds `added` active users, `measured` of whom were measured (default 0), to a customer's total counter for a month.
 * Creates the counter when it does not exist.
 */
export function addToTotalMau(customerId: string, month: string, added: number, measured = 0): Write<Stored> {
  return {
    Update: {
      Key: totalMauKey(customerId, month),
      UpdateExpression: 'SET #month = :month ADD mau :added, measured :measured',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':added': added, ':measured': measured },
    },
  };
}

/**
 * Stores an unfinished recount in an RP's counter; fails when the counter already has an unfinished recount. Creates
 * the counter if the counter is missing.
 */
export function putRecount(customerId: string, month: string, rpRef: string, recount: Recount): Write<Stored> {
  return {
    Update: {
      Key: rpMauKey(customerId, month, rpRef),
      UpdateExpression: 'SET #month = :month, rp = :rp, recount = :recount ADD mau :none',
      ConditionExpression: isUnset('recount'),
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ':rp': rpRef, ':recount': recount, ':none': 0 },
    },
  };
}

const driftValues = ({ mau, measured }: ActiveUserCounts) => ({ ':mau': mau, ':measured': measured });

/**
 * Completes the recount of an RP's counter: corrects the counter by the differences (`drift`) that the recount found.
 * Removes the unfinished recount from the counter, and fails when this recount is no longer stored, so each recount is
 * completed only once. If `recount` is undefined, completes a recount that found no differences, and fails when the
 * counter has an unfinished recount. Creates the counter if the counter is missing. Also stores the time of the recount
 * in the counter, so that recount runs skip this counter until its next recount is due.
 */
export function completeRecount(
  customerId: string,
  month: string,
  rpRef: string,
  completed: { readonly recount: Recount | undefined; readonly drift: ActiveUserCounts; readonly now: number },
): Write<Stored> {
  const { recount, drift, now } = completed;
  return {
    Update: {
      Key: rpMauKey(customerId, month, rpRef),
      UpdateExpression:
        'SET #month = :month, rp = :rp, recountedAt = :now REMOVE recount ADD mau :mau, measured :measured',
      ConditionExpression: recount ? 'recount.#at = :at' : isUnset('recount'),
      ExpressionAttributeNames: { '#month': 'month', ...(recount && { '#at': 'at' }) },
      ExpressionAttributeValues: {
        ':month': month,
        ':rp': rpRef,
        ':now': now,
        ...driftValues(drift),
        ...(recount && { ':at': recount.at }),
      },
    },
  };
}

/**
 * Adds the differences (`drift`) that a recount found in an RP's counter to the customer's total counter. This write
 * belongs in the transaction that adds the same differences to the RP's counter. Cancels an unfinished recount of the
 * total counter, because that recount used the old value of the RP's counter.
 */
export function addDriftToTotal(customerId: string, month: string, drift: ActiveUserCounts): Write<Stored> {
  return {
    Update: {
      Key: totalMauKey(customerId, month),
      UpdateExpression: 'SET #month = :month REMOVE recount ADD mau :mau, measured :measured, mends :one',
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': month, ...driftValues(drift), ':one': 1 },
    },
  };
}

/** The attributes that a recount of a total counter has read from this counter. */
export interface ReadTotal extends Pick<MauCounter, 'month' | 'mends'> {
  readonly customerId: string;
}

/** Returns the condition that no recount has changed a total counter since the counter was read. */
const sameMends = ({ mends }: ReadTotal) => (mends === undefined ? isUnset('mends') : 'mends = :mends');
const mendsValue = ({ mends }: ReadTotal) => (mends === undefined ? {} : { ':mends': mends });

/**
 * Stores an unfinished recount in a total counter. Fails when the total already has an unfinished recount, or when a
 * recount has changed the total since the total was read. Creates the total if the total is missing.
 */
export function putTotalRecount(read: ReadTotal, recount: Recount): Write<Stored> {
  return {
    Update: {
      Key: totalMauKey(read.customerId, read.month),
      UpdateExpression: 'SET #month = :month, recount = :recount ADD mau :none',
      ConditionExpression: `${isUnset('recount')} AND ${sameMends(read)}`,
      ExpressionAttributeNames: { '#month': 'month' },
      ExpressionAttributeValues: { ':month': read.month, ':recount': recount, ':none': 0, ...mendsValue(read) },
    },
  };
}

/**
 * Completes the recount of a total counter: corrects the total by the differences (`drift`) that the recount found.
 * Removes the unfinished recount from the total, and fails when this recount is no longer stored, so each recount is
 * completed only once. Also fails when a recount has changed the total since the total was read.
 */
export function completeTotalRecount(
  read: ReadTotal,
  { recount, drift }: { readonly recount: Recount; readonly drift: ActiveUserCounts },
): Write<Stored> {
  return {
    Update: {
      Key: totalMauKey(read.customerId, read.month),
      UpdateExpression: 'REMOVE recount ADD mau :mau, measured :measured, mends :one',
      ConditionExpression: `recount.#at = :at AND ${sameMends(read)}`,
      ExpressionAttributeNames: { '#at': 'at' },
      ExpressionAttributeValues: { ':at': recount.at, ...driftValues(drift), ':one': 1, ...mendsValue(read) },
    },
  };
}
