import { userKey, usersOf } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists, isUnset, isUnsetOr } from '../engine/conditions.ts';
import { readItem, readItems, readRange, type Consistency } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateOf } from '../engine/update-parts.ts';

/** A user registered at an RP. Ceremonies write this item only when they create the user or its handle item. */
export interface User {
  readonly userId: string;
  /** The name that browsers show. @default - the user ID */
  readonly userName?: string | undefined;
  /** Set if an item reserves the user's name, because the RP required unique names when the user got the name. */
  readonly hasTakenName?: true | undefined;
  readonly displayName: string | null;
  /** A JSON object of the RP. @default - none */
  readonly attributes?: Readonly<Record<string, unknown>> | undefined;
  readonly disabled?: true | undefined;
  /**
   * The user handle, as base64url; it never changes. @default - an earlier release registered the user; the first
   * credential brings the handle
   */
  readonly userHandle?: string | undefined;
  /** Set once the user handle has an item of its own, which is from the user's first credential on. */
  readonly hasHandleItem?: true | undefined;
  /** The time of the registration, in epoch milliseconds. */
  readonly registeredAt: number;
  /** The time of the last edit, in epoch milliseconds. @default - never edited */
  readonly updatedAt?: number | undefined;
  /** Increases with every edit. @default - 1 */
  readonly version?: number | undefined;
}

/** Returns the version of a user. */
export const versionOf = ({ version = 1 }: Pick<User, 'version'>): number => version;

/** Reads a user of the RP with the service's own ID `rpRef`. Returns undefined when the user is not registered. */
export function readUser(table: Table, rpRef: string, userId: string, consistency: Consistency) {
  return readItem<User>(table, userKey(rpRef, userId), consistency);
}

/**
 * Reads users in the order of the given IDs, which must be distinct. Returns undefined for each ID that is not
 * registered.
 */
export function readUsers(table: Table, rpRef: string, userIds: readonly string[], consistency: Consistency) {
  return readItems<User>(
    table,
    userIds.map((userId) => userKey(rpRef, userId)),
    consistency,
  );
}

/** Reads up to `limit` users of an RP, sorted by ID. Begins after the ID `after`, if `after` is given. */
export function readUsersOf(table: Table, rpRef: string, limit: number, after: string | undefined) {
  return readRange<User>(table, usersOf(rpRef), { consistency: 'strong', limit, after });
}

/**
 * Registers a user; fails when a user with the same ID is registered at the RP. This write belongs in one transaction
 * with the writes that raise the user counts of the RP and the customer.
 */
export function putUser(customerId: string, rpRef: string, user: User): Write<User> {
  return { Put: { Item: { ...userKey(rpRef, user.userId), customerId, ...user }, ConditionExpression: absent } };
}

/** What an edit changes in a user. A property that is undefined does not change; null removes the value. */
export interface UserEdit {
  readonly userName?: string | undefined;
  readonly hasTakenName?: boolean | undefined;
  readonly displayName?: string | null | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | null | undefined;
  readonly disabled?: boolean | undefined;
  readonly updatedAt: number;
}

/**
 * Edits a user and increases the version. Fails when another edit has changed the user since it was read, or when the
 * user was removed.
 */
export function editUser(rpRef: string, read: User, edit: UserEdit): Write<User> {
  const { userName, hasTakenName, displayName, attributes, disabled, updatedAt } = edit;
  const values = {
    ...(userName !== undefined && { userName }),
    ...(hasTakenName === true && { hasTakenName }),
    ...(displayName !== undefined && { displayName }),
    ...(attributes !== undefined && attributes !== null && { attributes }),
    ...(disabled === true && { disabled }),
    updatedAt,
    version: versionOf(read) + 1,
  };
  const fields = Object.keys(values);
  return {
    Update: {
      Key: userKey(rpRef, read.userId),
      ...updateOf({
        set: fields.map((field) => `#${field} = :${field}`),
        remove: [
          ...(hasTakenName === false ? ['hasTakenName'] : []),
          ...(attributes === null ? ['attributes'] : []),
          ...(disabled === false ? ['disabled'] : []),
        ],
        conditions: sameUser(read).conditions,
        names: Object.fromEntries(fields.map((field) => [`#${field}`, field])),
        values: {
          ...sameUser(read).values,
          ...Object.fromEntries(Object.entries(values).map(([field, value]) => [`:${field}`, value])),
        },
      }),
    },
  };
}

/** The condition that nobody has edited or removed the user since it was read. */
const sameUser = (read: User) => ({
  conditions: [exists, read.version === undefined ? isUnset('version') : 'version = :readVersion'],
  values: read.version === undefined ? {} : { ':readVersion': read.version },
});

/**
 * Notes that the user handle of a user has an item of its own. Fails when the user was removed, is disabled, has
 * another handle, or has such an item already. This write belongs in the transaction that creates the handle item: the
 * discarding deletes a user without a handle item only on the condition that it still has none.
 */
export function noteHandleItem(rpRef: string, userId: string, userHandle: string): Write<User> {
  return {
    Update: {
      Key: userKey(rpRef, userId),
      ...updateOf({
        set: ['hasHandleItem = :true', 'userHandle = :userHandle'],
        conditions: [
          exists,
          isUnset('disabled'),
          isUnset('hasHandleItem'),
          isUnsetOr('userHandle', 'userHandle = :userHandle'),
        ],
        values: { ':true': true, ':userHandle': userHandle },
      }),
    },
  };
}

/**
 * Removes a user; fails when the user was edited or removed, or got a handle item, since it was read. This write
 * belongs in one transaction with the writes that lower the user counts of the RP and the customer, and that remove the
 * user's name and credentials.
 */
export function deleteUser(rpRef: string, read: User): Write<User> {
  const { conditions, values } = sameUser(read);
  return {
    Delete: {
      Key: userKey(rpRef, read.userId),
      ConditionExpression: [...conditions, ...(read.hasHandleItem ? [] : [isUnset('hasHandleItem')])].join(' AND '),
      ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
    },
  };
}
