import {
  BUCKETS,
  behindCustomer,
  bucketOf,
  customerFinder,
  customersInBucket,
  parseCustomerFinder,
  type FinderKey,
} from '../keys.ts';
import type { Cursor } from '../cursors.ts';
import type { Table } from '../engine/client.ts';
import { find, type Consistency } from '../engine/reads.ts';
import { customerAt, readCustomers, type Customer, type MauAlertSetting } from './customers.ts';

/**
 * Returns a customer's key in the finder (our GSI). The key contains the threshold and the further levels of the
 * customer's MAU alert while the alert is on.
 */
export const customerPlace = (customerId: string, { enabled, threshold, levels }: MauAlertSetting): FinderKey =>
  enabled ? customerFinder(customerId, threshold, levels) : customerFinder(customerId, null);

const [FIRST_BUCKET = ''] = BUCKETS;

/** The maximum number of keys in one call of `BatchGetItem`. */
const CUSTOMERS_A_PAGE = 100;

/**
 * Yields the customers of each page of the finder (our GSI) as one list, and ends after the last customer. May miss a
 * customer that has just signed up, because reads of a GSI are eventually consistent.
 */
export async function* eachPageOfCustomers(table: Table): AsyncGenerator<Customer[]> {
  let after: string | undefined;
  do {
    const page = await readCustomerPage(table, { limit: CUSTOMERS_A_PAGE, after });
    yield page.customers;
    after = page.last;
  } while (after !== undefined);
}

/**
 * Reads up to `limit` customers from the position `cursor` on, with strongly consistent reads. Begins with the first
 * customer if `cursor` is undefined. Also returns the cursor of the next page. On the last page, this cursor is
 * undefined.
 */
export async function readCustomersFrom(
  table: Table,
  cursor: Cursor | undefined,
  limit: number,
): Promise<{ customers: Customer[]; next: Cursor | undefined }> {
  const { customers, last } = await readCustomerPage(table, { limit, after: cursor?.after });
  return { customers, next: last === undefined ? undefined : cursorAfter(last) };
}

/** Returns the position directly after a customer. The customer need not exist any more. */
export const cursorAfter = (customerId: string): Required<Cursor> => ({
  bucket: bucketOf(customerId),
  after: customerId,
});

/** Returns whether a customer stands before the position `cursor`. */
export function isBefore(customerId: string, { bucket, after }: Cursor): boolean {
  const own = bucketOf(customerId);
  return own === bucket ? after !== undefined && customerId <= after : own < bucket;
}

/**
 * Finds up to `limit` customers after the ID `after` in the finder (our GSI), and reads these customers, by default
 * with strongly consistent reads. Begins with the first customer if `after` is undefined. Returns the customers, and
 * the ID after which the next page begins. This ID is undefined on the last page. The ID of a customer determines the customer's
 * bucket (partition) in the finder, so a call can continue after an ID even if the customer with this ID no longer
 * exists.
 */
export async function readCustomerPage(
  table: Table,
  { limit, after }: { readonly limit: number; readonly after?: string | undefined },
  consistency: Consistency = 'strong',
): Promise<{ customers: Customer[]; last: string | undefined }> {
  const customerIds: string[] = [];
  let behind = after;
  for (const bucket of BUCKETS.slice(after === undefined ? 0 : BUCKETS.indexOf(bucketOf(after)))) {
    do {
      const { places, last } = await findPlaces(table, bucket, behind, limit - customerIds.length);
      customerIds.push(...places.keys());
      behind = last;
    } while (behind !== undefined && customerIds.length < limit);
    if (customerIds.length === limit) break;
  }
  const customers = await readCustomers(table, customerIds, consistency);
  return {
    customers: customers.filter((customer) => customer !== undefined),
    last: customerIds.length === limit ? customerIds.at(-1) : undefined,
  };
}

/** A customer whose MAU alert is on, as the finder contains it. */
export type FoundMauAlert = ReturnType<typeof parseCustomerFinder>;

/**
 * Finds up to `limit` customers of one bucket, and returns the MAU alerts of those customers whose alert is on. Reads
 * only the finder (our GSI), not the customer items. Begins at `cursor`, or at the first customer if `cursor` is
 * undefined. Also returns the cursor of the next page. On the last page, this cursor is undefined.
 */
export async function findMauAlerts(
  table: Table,
  cursor: Cursor | undefined,
  limit: number,
): Promise<{ mauAlerts: FoundMauAlert[]; next: Cursor | undefined }> {
  const { bucket, after } = cursor ?? { bucket: FIRST_BUCKET, after: undefined };
  const { places, last } = await findPlaces(table, bucket, after, limit);
  const mauAlerts = [...places.values()].filter(({ threshold, levels }) => threshold !== null || levels !== undefined);
  const nextBucket = BUCKETS[BUCKETS.indexOf(bucket) + 1];
  const ofNextBucket = nextBucket === undefined ? undefined : { bucket: nextBucket };
  const next = last === undefined ? ofNextBucket : { bucket, after: last };
  return { mauAlerts, next };
}

/**
 * Finds up to `limit` customers of a bucket, and the threshold and the levels of each customer's MAU alert. While a
 * customer's MAU alert setting changes, the GSI may contain the customer twice for a short time; the result contains
 * the customer once.
 */
async function findPlaces(table: Table, bucket: string, behind: string | undefined, limit: number) {
  const { found, last } = await find(table, customersInBucket(bucket), {
    limit,
    after: behind === undefined ? undefined : { ...customerAt(behind), ...behindCustomer(behind) },
  });
  const places = found.map(parseCustomerFinder).map((place) => [place.customerId, place] as const);
  return { places: new Map(places), last: last && parseCustomerFinder(last).customerId };
}
