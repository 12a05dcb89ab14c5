import type { ActiveUserCounts } from './metering/active-users.ts';
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
   * The time at which the service found the DNS record of the RP, in epoch milliseconds. @default - not found yet
   */
  readonly verifiedAt?: number | undefined;
  /**
   * Set while no two users of the RP may have the same name, as the RP's settings say. The transactions that give names
   * to users have a condition on it. It can be set only while the RP has no users. @default - names need not be unique
   */
  readonly uniqueUserNames?: true | undefined;
  /**
   * The MAU of the RP in the last 12 closed months in which the RP had active users. The key of each month is the two
   * digits of the month, so that a month replaces the same month of the year before. A month counts only when it is
   * closed according to the customer item, because the service stores it just before it closes the month.
   */
  readonly closedMau: ClosedMau;
}
export type ClosedMau = Readonly<Record<string, ClosedMonth>>;
/** The MAU of an RP in a closed month. */
interface ClosedMonth {
  readonly month: string;
  readonly mau: number;
  /** How many of the active users were measured. @default 0 */
  readonly measured?: number | undefined;
}

/** Returns the key under which `closedMau` contains a month. */
export const slotOf = (month: string): string => month.slice('2026-'.length);
/** Returns how many active users an RP had in a closed month. */
export function closedMauOf({ closedMau }: Pick<Rp, 'closedMau'>, month: string): ActiveUserCounts {
  const slot = closedMau[slotOf(month)];
  return slot?.month === month ? { mau: slot.mau, measured: slot.measured ?? 0 } : { mau: 0, measured: 0 };
}
/** Returns the entry of a month in `closedMau`. Leaves out the number of measured users if it is 0. */
export const closedMonthOf = (month: string, { mau, measured }: ActiveUserCounts): ClosedMonth => ({
  month,
  mau,
  ...(measured > 0 && { measured }),
});

/**
 * Compares two RPs, to sort RPs from the oldest to the newest. If both RPs have the same creation time, the function
 * compares their IDs.
 */
export function byAge(a: Pick<Rp, 'id' | 'createdAt'>, b: Pick<Rp, 'id' | 'createdAt'>): number {
  return a.createdAt - b.createdAt || a.id.localeCompare(b.id);
}

/** The reservation of a domain name for one of a customer's RPs. */
interface TakenRpId {
  readonly id: string;
}

/** Returns the key of an RP. */
export const rpAt = (customerId: string, id: string): KeyOf<Rp> => rpKey(customerId, id);

/** Reads an RP. Returns undefined when the RP does not exist or was removed. */
export function readRp(table: Table, customerId: string, id: string, consistency: Consistency) {
  return readItem<Rp>(table, rpAt(customerId, id), consistency);
}

/** Reads up to `limit` RPs of a customer, sorted by ID, beginning after the ID `after`. */
export function readRps(table: Table, customerId: string, limit: number, after: string | undefined) {
  return readRange<Rp>(table, rpsOf(customerId), { consistency: 'strong', limit, after });
}

/** Reads every RP of a customer. */
export function readAllRps(table: Table, customerId: string, consistency: Consistency) {
  return readWholeRange<Rp>(table, rpsOf(customerId), consistency);
}

/** Creates an RP; fails when an RP with the same ID exists. */
export function putRp(rp: Omit<Rp, 'closedMau'>): Write<Rp> {
  const item: Rp = { ...rp, closedMau: {} };
  return { Put: { Item: { ...rpAt(rp.customerId, rp.id), ...item }, ConditionExpression: absent } };
}

/** Assigns a domain name to an RP; fails when another RP of the customer has the domain name. */
export function takeRpId({ customerId, rpId, id }: Pick<Rp, 'customerId' | 'rpId' | 'id'>): Write<TakenRpId> {
  return { Put: { Item: { ...rpIdKey(customerId, rpId), id }, ConditionExpression: absent } };
}

/**
 * Frees an RP's domain name for other RPs of the customer. This write belongs in one transaction with `deleteRp`, which
 * checks that the RP is not removed and therefore still has the domain name.
 */
export function freeRpId({ customerId, rpId }: Rp): Write<TakenRpId> {
  return { Delete: { Key: rpIdKey(customerId, rpId), ConditionExpression: exists } };
}

/**
 * Sets the name of an RP, and whether the names of its users are unique; fails when the RP was removed. Also fails when
 * the names become unique and the RP has users. This write belongs in one transaction with `putRpSettings`, whose
 * version ensures that `wereUnique` is still true to the table.
 */
export function editRp(
  { customerId, id }: Pick<Rp, 'customerId' | 'id'>,
  { name, wereUnique, areUnique }: { readonly name: string; readonly wereUnique: boolean; readonly areUnique: boolean },
): Write<Rp> {
  const begins = areUnique && !wereUnique;
  const ends = wereUnique && !areUnique;
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: `SET #name = :name${begins ? ', uniqueUserNames = :true' : ''}${ends ? ' REMOVE uniqueUserNames' : ''}`,
      ConditionExpression: begins ? `${exists} AND registeredUsers = :none` : exists,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': name, ...(begins && { ':true': true, ':none': 0 }) },
    },
  };
}

/** Stores when the service found the DNS record of an RP. Fails when the RP is verified already or was removed. */
export function markRpVerified({ customerId, id }: Pick<Rp, 'customerId' | 'id'>, verifiedAt: number): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'SET verifiedAt = :verifiedAt',
      ConditionExpression: `${exists} AND ${isUnset('verifiedAt')}`,
      ExpressionAttributeValues: { ':verifiedAt': verifiedAt },
    },
  };
}

/** The condition that an RP is not removed, and requires unique names or does not. */
const whileNaming = (uniqueUserNames: boolean) =>
  `${exists} AND ${uniqueUserNames ? isSet('uniqueUserNames') : isUnset('uniqueUserNames')}`;

/**
 * Adds `added` new users to an RP's count of users. Fails when the RP is removed, and unless `uniqueUserNames` says
 * whether the RP requires unique names now. The same transaction gives the users their names, and reserves the names if
 * they must be unique. A process may have read the setting earlier:
 *
 *     P reads: names need not be unique     the RP has no users, and the setting is switched on
 *     P registers user-1 without reserving the name: P's transaction fails
 *     P registers user-1 and reserves the name
 */
export function countRpUsersIn(customerId: string, id: string, added: number, uniqueUserNames: boolean): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'ADD registeredUsers :added',
      ConditionExpression: whileNaming(uniqueUserNames),
      ExpressionAttributeValues: { ':added': added },
    },
  };
}

/** Subtracts `removed` from an RP's count of users. Fails when the RP is removed. */
export function countRpUsersOut(customerId: string, id: string, removed: number): Write<Rp> {
  return {
    Update: {
      Key: rpAt(customerId, id),
      UpdateExpression: 'ADD registeredUsers :removed',
      ConditionExpression: exists,
      ExpressionAttributeValues: { ':removed': -removed },
    },
  };
}

/** Checks that an RP is not removed. */
export function checkRp(customerId: string, id: string): Write<Rp> {
  return { ConditionCheck: { Key: rpAt(customerId, id), ConditionExpression: exists } };
}

/**
 * Checks that an RP is not removed, and that `uniqueUserNames` says whether the RP requires unique names now. Belongs
 * in the transaction that gives a user another name.
 */
export function checkRpNaming(customerId: string, id: string, uniqueUserNames: boolean): Write<Rp> {
  return { ConditionCheck: { Key: rpAt(customerId, id), ConditionExpression: whileNaming(uniqueUserNames) } };
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
      ConditionExpression: `${exists} AND apiKeys < :max`,
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
 * Stores an RP's MAU in a month that is about to be closed. Returns false and stores nothing when the RP was removed.
 * The count of a month that is due never changes, so it does no harm when two runs store it.
 */
export async function storeClosedMau(
  table: Table,
  { customerId, id }: Pick<Rp, 'customerId' | 'id'>,
  month: string,
  counts: ActiveUserCounts,
): Promise<boolean> {
  const stored = await updateWhile(table, { Key: rpAt(customerId, id), ...closedMauUpdate(month, counts) });
  return stored !== undefined;
}

/** Returns the update that adds a month to the attribute `closedMau` of an item that exists. */
export const closedMauUpdate = (month: string, counts: ActiveUserCounts) => ({
  UpdateExpression: 'SET closedMau.#slot = :closed',
  ConditionExpression: exists,
  ExpressionAttributeNames: { '#slot': slotOf(month) },
  ExpressionAttributeValues: { ':closed': closedMonthOf(month, counts) },
});

/**
 * Deletes the item of an RP that is removed. This write belongs in one transaction with `putRemovedRp`. Fails when the
 * RP is already removed, and when the RP was changed since its item was read: another write of the same transaction
 * lowers the customer's count of users by exactly the count that was read, and the removed RP keeps the name and the
 * closed months that were read.
 */
export function deleteRp(rp: Rp): Write<Rp> {
  return {
    Delete: {
      Key: rpAt(rp.customerId, rp.id),
      ConditionExpression: 'registeredUsers = :users AND #name = :name AND closedMau = :closedMau',
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':users': rp.registeredUsers, ':name': rp.name, ':closedMau': rp.closedMau },
    },
  };
}
