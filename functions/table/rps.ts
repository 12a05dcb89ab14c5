import { rpIdKey, rpKey, rpsOf } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, isSet, isUnset } from './engine/conditions.ts';
import { readItem, readRange, readWholeRange, type Consistency, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/** A relying party of a customer. */
export interface Rp {
  readonly customerId: string;
  /** The service's own ID of the RP. */
  readonly id: string;
  /** The RP ID in WebAuthn: a domain name. */
  readonly rpId: string;
  readonly name: string;
  readonly registeredUsers: number;
  /**
   * How many API keys the RP has. @default - not counted yet, because the RP was registered before the service limited
   * the number of API keys
   */
  readonly apiKeys?: number | undefined;
  readonly createdAt: number;
  /**
   * The time at which the RP was removed, in epoch milliseconds. The item of a removed RP stays in the table, because
   * the service still shows the RP's MAU of past months.
   */
  readonly removedAt?: number | undefined;
}

/** The reservation of a domain name for one of a customer's RPs. */
interface TakenRpId {
  readonly id: string;
}

/** The condition that the RP exists and is not removed. */
const present = `${exists} AND ${isUnset('removedAt')}`;

/** Returns the key of an RP. */
export const rpAt = (customerId: string, id: string): KeyOf<Rp> => rpKey(customerId, id);

/** Reads an RP, even if the RP is removed. Returns undefined when the RP does not exist. */
export function readRp(table: Table, customerId: string, id: string, consistency: Consistency) {
  return readItem<Rp>(table, rpAt(customerId, id), consistency);
}

/** Reads up to `limit` RPs of a customer, including removed RPs, sorted by ID, beginning after the ID `after`. */
export function readRps(table: Table, customerId: string, limit: number, after: string | undefined) {
  return readRange<Rp>(table, rpsOf(customerId), { consistency: 'strong', limit, after });
}

/** Reads every RP of a customer, including removed RPs. */
export function readAllRps(table: Table, customerId: string, consistency: Consistency) {
  return readWholeRange<Rp>(table, rpsOf(customerId), consistency);
}

/** Creates an RP; fails when an RP with the same ID exists. */
export function putRp(rp: Rp): Write<Rp> {
  return { Put: { Item: { ...rpAt(rp.customerId, rp.id), ...rp }, ConditionExpression: absent } };
}

/** Assigns a domain name to an RP; fails when another RP of the customer has the domain name. */
export function takeRpId({ customerId, rpId, id }: Rp): Write<TakenRpId> {
  return { Put: { Item: { ...rpIdKey(customerId, rpId), id }, ConditionExpression: absent } };
}

/**
 * Frees an RP's domain name for other RPs of the customer. This write belongs in one transaction with `markRpRemoved`,
 * which checks that the RP is not removed and therefore still has the domain name.
 */
export function freeRpId({ customerId, rpId }: Rp): Write<TakenRpId> {
  return { Delete: { Key: rpIdKey(customerId, rpId), ConditionExpression: exists } };
}

/** Renames an RP; fails when the RP was removed. */
export function renameRp({ customerId, id }: Pick<Rp, 'customerId' | 'id'>, name: string): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'SET #name = :name',
      ConditionExpression: present,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': name },
    },
  };
}

/** Adds `added`, which may be negative, to an RP's count of users. Fails when the RP is removed. */
export function countRpUsers(customerId: string, id: string, added: number): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'ADD registeredUsers :added',
      ConditionExpression: present,
      ExpressionAttributeValues: { ':added': added },
    },
  };
}

/**
 * Adds 1 to an RP's count of API keys. Fails when the count has reached `max`, when the count is not stored yet, and
 * when the RP is removed.
 */
export function countApiKeyIn(customerId: string, id: string, max: number): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'ADD apiKeys :added',
      ConditionExpression: `${present} AND apiKeys < :max`,
      ExpressionAttributeValues: { ':added': 1, ':max': max },
    },
  };
}

/** Subtracts 1 from an RP's count of API keys. Fails when the count is not stored yet. */
export function countApiKeyOut(customerId: string, id: string): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'ADD apiKeys :removed',
      ConditionExpression: isSet('apiKeys'),
      ExpressionAttributeValues: { ':removed': -1 },
    },
  };
}

/**
 * Stores an RP's count of API keys unless a count is stored already. When several requests count the API keys at the
 * same time, only the first count is stored. After the first count is stored, each creation or deletion of an API key
 * changes the stored count, and a second count must not overwrite these changes.
 */
export async function storeApiKeyCount(
  table: Table,
  { customerId, id }: Pick<Rp, 'customerId' | 'id'>,
  apiKeys: number,
): Promise<void> {
  await updateWhile(table, {
    Key: rpAt(customerId, id),
    UpdateExpression: 'SET apiKeys = :apiKeys',
    ConditionExpression: `${exists} AND ${isUnset('apiKeys')}`,
    ExpressionAttributeValues: { ':apiKeys': apiKeys },
  });
}

/**
 * Marks an RP as removed and sets the RP's count of users to 0. Fails when the RP is already removed. Also fails when
 * the count of users has changed since the RP's item was read, because another write of the same transaction lowers the
 * customer's count of users by exactly the count that was read.
 */
export function markRpRemoved(rp: Rp, now: number): Write<Rp> {
  return {
    Update: {
      Key: rpAt(rp.customerId, rp.id),
      UpdateExpression: 'SET removedAt = :now, registeredUsers = :none',
      ConditionExpression: `${present} AND registeredUsers = :read`,
      ExpressionAttributeValues: { ':now': now, ':none': 0, ':read': rp.registeredUsers },
    },
  };
}
