import { rpIdKey, rpKey, rpsOf } from './keys.ts';
import { readItem, readRange, readWholeRange, type Consistency } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, type Write } from './engine/transaction.ts';

/** A relying party of a customer. */
export interface Rp {
  readonly customerId: string;
  /** The ID that we gave it. */
  readonly id: string;
  /** Its RP ID in WebAuthn: a domain name. */
  readonly rpId: string;
  readonly name: string;
  readonly registeredUsers: number;
  readonly createdAt: number;
  /** Set when it was removed; the item stays while its months are shown. */
  readonly removedAt?: number | undefined;
}

/** It is there and was not removed. */
const present = `${exists} AND attribute_not_exists(removedAt)`;

export function readRp(table: Table, customerId: string, id: string, consistency: Consistency) {
  return readItem<Rp>(table, rpKey(customerId, id), consistency);
}

/** Reads up to `limit` items of RPs, removed ones among them, behind the one with the ID `after`. */
export function readRps(table: Table, customerId: string, limit: number, after: string | undefined) {
  return readRange<Rp>(table, rpsOf(customerId), {
    consistency: 'strong',
    limit,
    after: after && rpKey(customerId, after).sk,
  });
}

/** Reads every RP of a customer, removed ones too. */
export function readAllRps(table: Table, customerId: string, consistency: Consistency) {
  return readWholeRange<Rp>(table, rpsOf(customerId), consistency);
}

export function putRp(rp: Rp): Write {
  return { Put: { Item: { ...rpKey(rp.customerId, rp.id), ...rp }, ConditionExpression: absent } };
}

/** Takes a domain name within the customer; fails when another of its RPs has it. */
export function takeRpId({ customerId, rpId, id }: Rp): Write {
  return { Put: { Item: { ...rpIdKey(customerId, rpId), id }, ConditionExpression: absent } };
}

/** Makes a domain name free again. */
export function freeRpId({ customerId, rpId }: Rp): Write {
  return { Delete: { Key: rpIdKey(customerId, rpId), ConditionExpression: exists } };
}

/** Renames an RP; fails when it was removed. */
export function renameRp({ customerId, id }: Pick<Rp, 'customerId' | 'id'>, name: string): Write {
  return {
    Update: {
      Key: rpKey(customerId, id),
      UpdateExpression: 'SET #name = :name',
      ConditionExpression: present,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': name },
    },
  };
}

/** Checks that an RP is there and was not removed. */
export function checkRpPresent(customerId: string, id: string): Write {
  return { ConditionCheck: { Key: rpKey(customerId, id), ConditionExpression: present } };
}

/** Adds to (or, when negative, takes off) the users of an RP that was not removed. */
export function countRpUsers(customerId: string, id: string, added: number): Write {
  return {
    Update: {
      Key: rpKey(customerId, id),
      UpdateExpression: 'ADD registeredUsers :added',
      ConditionExpression: present,
      ExpressionAttributeValues: { ':added': added },
    },
  };
}

/** Marks an RP removed, without users, if it has as many as were read: exactly those leave the customer's count with it. */
export function markRpRemoved(rp: Rp, now: number): Write {
  return {
    Update: {
      Key: rpKey(rp.customerId, rp.id),
      UpdateExpression: 'SET removedAt = :now, registeredUsers = :none',
      ConditionExpression: `${present} AND registeredUsers = :read`,
      ExpressionAttributeValues: { ':now': now, ':none': 0, ':read': rp.registeredUsers },
    },
  };
}
