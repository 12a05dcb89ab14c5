import type { DynamoDBRecord } from 'aws-lambda';
import { expect } from 'vitest';
import { newId } from '../../../functions/domain/ids.ts';
import { licenseFromPlan } from '../../../functions/domain/licenses/plans.ts';
import { build } from '../../../functions/events/aggregate-active-users.ts';
import { putActiveUser, type ActiveUser } from '../../../functions/table/metering/active-users.ts';
import { readCheckpoint } from '../../../functions/table/metering/checkpoints.ts';
import { putCustomer } from '../../../functions/table/customers/customer-status.ts';
import type { Customer } from '../../../functions/table/customers/customers.ts';
import { activeUserKey } from '../../../functions/table/keys.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { transact } from '../../../functions/table/engine/transaction.ts';
import { anotherClient, watchAttempts } from '../table-faults.ts';
import { openMetering, windowEvent } from './metering.ts';

export interface Active {
  readonly customerId: string;
  readonly rpRef: string;
  readonly month: string;
  readonly userId: string;
  readonly source: ActiveUser['source'];
}
/**
 * Returns `count` active users of a customer, spread over `rps` RPs and over October and November. A third of the users
 * are measured.
 */
export function activeUsers(customerId: string, count: number, rps: number): Active[] {
  const ids = Array.from({ length: rps }, () => newId('rp'));
  return Array.from({ length: count }, (_, index) => ({
    customerId,
    rpRef: ids[index % rps] ?? '',
    month: index % 5 < 2 ? '2026-10' : '2026-11',
    userId: `user-${index}`,
    source: index % 3 === 0 ? 'measured' : 'reported',
  }));
}
/**
 * Returns the MAU counters that active users add up to, with the keys of `Metering.counters`: one counter per RP per
 * month, and one counter per customer per month.
 */
export function countersOf(active: readonly Active[]): Record<string, number> {
  const counters: Record<string, number> = {};
  const add = (key: string) => (counters[key] = (counters[key] ?? 0) + 1);
  for (const { customerId, rpRef, month, source } of active) {
    for (const owner of [rpRef, customerId]) {
      add(`${owner} ${month}`);
      if (source === 'measured') add(`${owner} ${month} measured`);
    }
  }
  return counters;
}

/** Returns a stream record with another sequence number. */
export const withSequence = (record: DynamoDBRecord, SequenceNumber: string): DynamoDBRecord => ({
  ...record,
  dynamodb: { ...record.dynamodb, SequenceNumber },
});
/** Returns a record's sequence number, padded to 40 digits as in a checkpoint. */
export const padded = (record: DynamoDBRecord | undefined) => record?.dynamodb?.SequenceNumber?.padStart(40, '0');

export type TestAggregator = Awaited<ReturnType<typeof openAggregator>>;
/**
 * Creates a new table. Returns functions that store active users, send their stream records to an aggregator as records
 * of one shard, and check the result.
 */
export async function openAggregator() {
  const metering = await openMetering();
  /** The ID of a shard that no other test uses. */
  let shardId = `shardId-${newId('rp')}`;

  /** Stores a new customer with the Free license, and returns the ID of the customer. */
  async function newCustomer(): Promise<string> {
    const customerId = newId('cus');
    const customer: Customer = {
      customerId,
      name: 'Example Corporation',
      address: null,
      phoneNumber: null,
      status: 'active',
      version: 1,
      licenseVersion: 1,
      representativeId: newId('adm'),
      registeredRps: 0,
      registeredUsers: 0,
      mauAlert: { enabled: false, threshold: null, lastNotification: null },
      license: licenseFromPlan(metering.services.plans.free, { startsAt: 0, endsAt: null, setAt: 0 }),
      upcomingLicenses: [],
      createdAt: 0,
    };
    expect(await transact(metering.table, { customer: putCustomer(customer) })).toBeUndefined();
    return customerId;
  }
  /**
   * Stores active-user records, and returns the stream records of these items. The stream records are in the order of
   * `active` if `active` has at most 100 users.
   */
  async function streamed(active: readonly Active[]): Promise<DynamoDBRecord[]> {
    const atOnce = active.length > 100 ? 50 : 1;
    for (let start = 0; start < active.length; start += atOnce) {
      await Promise.all(
        active
          .slice(start, start + atOnce)
          .map((user) => putActiveUser(metering.table, { ...user, firstOperationAt: 1 }, 1)),
      );
    }
    const keys = new Set(active.map(({ rpRef, month, userId }) => activeUserKey(rpRef, month, userId).pk + userId));
    const records = (await metering.records()).filter(({ dynamodb }) =>
      keys.has((dynamodb?.Keys?.['pk']?.S ?? '') + (dynamodb?.Keys?.['sk']?.S ?? '').replace('USER#', '')),
    );
    expect(records).toHaveLength(active.length);
    return records;
  }

  /** Sends records to an aggregator in one batch, as Lambda does. */
  const deliver = (records: DynamoDBRecord[], table: Table = metering.table) =>
    build({ ...metering.services, table })(windowEvent(shardId, records));
  /** Sends records to an aggregator in order, in batches of `size` records. */
  async function deliverInBatches(records: DynamoDBRecord[], size: number, table?: Table): Promise<void> {
    for (let start = 0; start < records.length; start += size) await deliver(records.slice(start, start + size), table);
  }
  /** Returns the sequence number in the checkpoint of the current shard. */
  const checkpoint = async () => (await readCheckpoint(metering.table, shardId))?.sequenceNumber;
  /**
   * Opens a new client of the table. The list `transactions` receives the number of items of each transaction that the
   * client sends.
   */
  function watchedClient(): { table: Table; transactions: number[] } {
    const transactions: number[] = [];
    const table = watchAttempts(anotherClient(metering.table), ({ command, input }) => {
      if (command.startsWith('Transact')) transactions.push((input['TransactItems'] as unknown[]).length);
    });
    return { table, transactions };
  }

  return {
    metering,
    /** Returns the ID of the current shard. `deliver` sends records of this shard. */
    shardId: () => shardId,
    /** Replaces the current shard with a shard that has no checkpoint. */
    useNewShard: () => {
      shardId = `shardId-${newId('rp')}`;
    },
    newCustomer,
    streamed,
    deliver,
    deliverInBatches,
    checkpoint,
    watchedClient,
  };
}
