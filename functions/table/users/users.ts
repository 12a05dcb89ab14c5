import { userKey, usersOf } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, isSet, isUnset, isUnsetOr } from '../engine/conditions.ts';
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
  /**
   * A JSON object of the RP, as JSON text: DynamoDB's own maps hold neither all numbers nor all field names of JSON.
   * @default - none
   */
  readonly attributes?: string | undefined;
  readonly disabled?: true | undefined;
  /**
   * The user handle, as base64url; it never changes. @default - an earlier release registered the user; the first
   * credential brings the handle
   */
  readonly userHandle?: string | undefined;
  /** Set once the user handle has an item of its own (see `UserHandle`). */
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

/** The attributes that an edit may change. */
export type UserEdit = Pick<User, 'userName' | 'hasTakenName' | 'displayName' | 'attributes' | 'disabled'> & {
  readonly updatedAt: number;
};

/**
 * Edits a user and increases the version. `edited` has the value of each attribute after the edit. Fails when another
 * edit has changed the user since it was read, or when the user was removed. An edit that disables or enables a user
 * without a handle item also fails when the user has got one since then, because the credential that came with it must
 * be told (see `setUserDisabled`).
 */
export function editUser(rpRef: string, read: User, edited: UserEdit): Write<User> {
  const { userName, hasTakenName, displayName, attributes, disabled, updatedAt } = edited;
  const values = { userName, hasTakenName, displayName, attributes, disabled, updatedAt, version: versionOf(read) + 1 };
  const stored = Object.entries(values).filter(([, value]) => value !== undefined);
  const getsDisabledOrEnabled = disabled !== read.disabled;
  return {
    Update: {
      Key: userKey(rpRef, read.userId),
      ...updateOf(sameUser(read), {
        set: stored.map(([name]) => `#${name} = :${name}`),
        remove: Object.entries(values).flatMap(([name, value]) => (value === undefined ? [`#${name}`] : [])),
        conditions: getsDisabledOrEnabled && !read.hasHandleItem ? [isUnset('hasHandleItem')] : [],
        names: Object.fromEntries(Object.keys(values).map((name) => [`#${name}`, name])),
        values: Object.fromEntries(stored.map(([name, value]) => [`:${name}`, value])),
      }),
    },
  };
}

/**
 * The condition that nobody has edited or removed the user since it was read. A user who was removed and registered
 * again may have the version that was read, but was registered at another time.
 */
const sameUser = (read: User) => ({
  conditions: [
    'registeredAt = :readRegisteredAt',
    read.version === undefined ? isUnset('version') : 'version = :readVersion',
  ],
  values: {
    ':readRegisteredAt': read.registeredAt,
    ...(read.version !== undefined && { ':readVersion': read.version }),
  },
});

/**
 * Notes that the user handle of a user has an item of its own. Fails when the user was removed, even if another user
 * has got the same ID since then, was disabled or enabled since it was read, has another handle, or has such an item
 * already. This write belongs in the transaction that creates the handle item: the discarding deletes a user without a
 * handle item only on the condition that it still has none.
 */
export function noteHandleItem(
  rpRef: string,
  { userId, registeredAt, disabled }: Pick<User, 'userId' | 'registeredAt' | 'disabled'>,
  userHandle: string,
): Write<User> {
  return {
    Update: {
      Key: userKey(rpRef, userId),
      ...updateOf({
        set: ['hasHandleItem = :true', 'userHandle = :userHandle'],
        conditions: [
          'registeredAt = :registeredAt',
          disabled ? isSet('disabled') : isUnset('disabled'),
          isUnset('hasHandleItem'),
          isUnsetOr('userHandle', 'userHandle = :userHandle'),
        ],
        values: { ':true': true, ':userHandle': userHandle, ':registeredAt': registeredAt },
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
      ExpressionAttributeValues: values,
    },
  };
}
