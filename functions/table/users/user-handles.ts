import { toTtl } from '../../domain/time.ts';
import { absent, exists, isSet, isUnset } from '../engine/conditions.ts';
import type { Table } from '../engine/client.ts';
import { readItem, readItems, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateOf, type UpdateParts } from '../engine/update-parts.ts';
import { userHandleKey } from '../keys.ts';
import { noteHandleTombstone } from './tombstones.ts';
import { keptUntil, NO_USED_CHALLENGES, recordUse, type Use, type UsedChallenges } from './used-challenges.ts';
import type { User } from './users.ts';

/**
 * The handle item of a user: the ID of the user, and the number of the user's credentials. It exists from the user's
 * first credential on, or from the user's registration on if the RP has chosen the handle then. The challenges that it
 * has used are those of accepted registrations.
 *
 * When the user is removed, the item stays as a tombstone for as long as its used challenges must be kept, so that a
 * registration that was accepted before cannot create the user again. A tombstone has no personal data: only the used
 * challenges, the floor, counts of 0, the version of the set and `ttl`.
 */
export interface UserHandle extends UsedChallenges {
  /** @default - a tombstone */
  readonly userId?: string | undefined;
  /**
   * When the user was registered, in epoch milliseconds. Tells the user from a later one with the same ID and handle.
   * @default - a tombstone
   */
  readonly registeredAt?: number | undefined;
  /** How many credentials the user has. */
  readonly credentials: number;
  /** How many of them are not disabled. */
  readonly enabledCredentials: number;
  /** Increases whenever a credential is added, removed, disabled or enabled. */
  readonly setVersion: number;
  /** Set if the RP or an administrator disabled the user. */
  readonly disabled?: true | undefined;
}

/** Returns the key of a user's handle item. */
export const userHandleAt = (rpRef: string, userHandle: string): KeyOf<UserHandle> => userHandleKey(rpRef, userHandle);

/** Reads the handle item of a user handle (base64url). Returns a tombstone like any other item. */
export function readUserHandle(table: Table, rpRef: string, userHandle: string, consistency: Consistency) {
  return readItem<UserHandle>(table, userHandleAt(rpRef, userHandle), consistency);
}

/**
 * Reads the handle items of several distinct user handles (base64url), in the order of the handles. Returns undefined
 * for each handle without an item.
 */
export function readUserHandles(
  table: Table,
  rpRef: string,
  userHandles: readonly string[],
  consistency: Consistency,
): Promise<(UserHandle | undefined)[]> {
  return readItems<UserHandle>(
    table,
    userHandles.map((userHandle) => userHandleAt(rpRef, userHandle)),
    consistency,
  );
}

/** The user of a handle item. */
type HandleOwner = Pick<User, 'userId' | 'registeredAt'>;

/** The acceptance of a registration ceremony. */
export interface Registration {
  /** The challenge of the ceremony, as base64url. */
  readonly challenge: string;
  readonly use: Use;
}

/** Creates the handle item of a user; fails when anybody has or had the handle. */
export function putUserHandle(rpRef: string, userHandle: string, item: UserHandle): Write<UserHandle> {
  return { Put: { Item: { ...userHandleAt(rpRef, userHandle), ...item }, ConditionExpression: absent } };
}

/**
 * Creates the handle item of a new user who has no credential yet. `tombstone` is the item that was read: that of a
 * removed user, or undefined. Fails when another user has got the handle since then.
 */
export function reserveUserHandle(
  rpRef: string,
  userHandle: string,
  tombstone: UserHandle | undefined,
  { userId, registeredAt, disabled }: HandleOwner & Pick<User, 'disabled'>,
): Write<UserHandle> {
  if (!tombstone) {
    const counts = { credentials: 0, enabledCredentials: 0, setVersion: 1 };
    const item = { userId, registeredAt, ...counts, ...NO_USED_CHALLENGES, ...(disabled && { disabled }) };
    return putUserHandle(rpRef, userHandle, item);
  }
  return {
    Update: {
      Key: userHandleAt(rpRef, userHandle),
      ...updateOf({
        set: [
          'userId = :userId',
          'registeredAt = :registeredAt',
          'credentials = :none',
          'enabledCredentials = :none',
          ...(disabled ? ['disabled = :true'] : []),
        ],
        add: ['setVersion :one'],
        remove: ['#ttl', ...(disabled ? [] : ['disabled'])],
        conditions: [exists, isUnset('userId')],
        names: { '#ttl': 'ttl' },
        values: {
          ':userId': userId,
          ':registeredAt': registeredAt,
          ':none': 0,
          ':one': 1,
          ...(disabled && { ':true': true }),
        },
      }),
    },
  };
}

/**
 * Assigns the handle of a removed user to a user again, with the first credential. Fails when the tombstone has
 * accepted the same registration before, and when it is no tombstone any more.
 */
export function reviveUserHandle(
  rpRef: string,
  userHandle: string,
  tombstone: UserHandle,
  { challenge, use }: Registration,
  { user, now }: { readonly user: HandleOwner; readonly now: number },
): Write<UserHandle> {
  return {
    Update: {
      Key: userHandleAt(rpRef, userHandle),
      ...updateOf(recordUse(tombstone, challenge, use, now), {
        set: ['userId = :userId', 'registeredAt = :registeredAt', 'credentials = :one', 'enabledCredentials = :one'],
        add: ['setVersion :one'],
        remove: ['#ttl', 'disabled'],
        conditions: [exists, isUnset('userId')],
        names: { '#ttl': 'ttl' },
        values: { ':userId': user.userId, ':registeredAt': user.registeredAt, ':one': 1 },
      }),
    },
  };
}

/** The condition that a handle item is that of a user, and not of a later user with the same ID and handle. */
const isOf = ({ userId, registeredAt }: HandleOwner): UpdateParts => ({
  conditions: ['userId = :userId', 'registeredAt = :registeredAt'],
  values: { ':userId': userId, ':registeredAt': registeredAt },
});

/**
 * Counts a new credential of a user, and records the registration ceremony. Fails when the user was removed or is
 * disabled, when the user has `max` credentials already, and when the ceremony was accepted before.
 *
 * This item also keeps registrations away from a user whose items are being discarded: the discarding deletes the
 * handle item first, and then the credentials. So a registration either adds its credential before, and the discarding
 * finds it, or fails.
 */
export function countCredentialIn(
  rpRef: string,
  userHandle: string,
  read: UserHandle,
  { challenge, use }: Registration,
  { user, max, now }: { readonly user: HandleOwner; readonly max: number; readonly now: number },
): Write<UserHandle> {
  return {
    Update: {
      Key: userHandleAt(rpRef, userHandle),
      ...updateOf(recordUse(read, challenge, use, now), isOf(user), {
        add: ['credentials :one', 'enabledCredentials :one', 'setVersion :one'],
        conditions: [isUnset('disabled'), 'credentials < :max'],
        values: { ':one': 1, ':max': max },
      }),
    },
  };
}

/** Imported credentials of a user. */
export interface ImportedCredentials {
  readonly user: HandleOwner & Pick<User, 'disabled'>;
  /** How many credentials are imported. */
  readonly added: number;
  /** How many of them are not disabled. */
  readonly enabled: number;
}

/**
 * Adds imported credentials to the handle item of a user, or creates the item. `read` is the item as it was read, which
 * may be a tombstone. The used challenges of a tombstone stay, so that it still refuses the registrations that it has
 * accepted. Fails when a credential was added, removed, disabled or enabled since the item was read, when the handle
 * has been given to somebody since then, and when the user was removed, disabled or enabled.
 */
export function importIntoHandle(
  rpRef: string,
  userHandle: string,
  read: UserHandle | undefined,
  { user, added, enabled }: ImportedCredentials,
): Write<UserHandle> {
  const { userId, registeredAt, disabled } = user;
  if (!read) {
    const counts = { credentials: added, enabledCredentials: enabled, setVersion: 1 };
    const item = { userId, registeredAt, ...counts, ...(disabled && { disabled }), ...NO_USED_CHALLENGES };
    return putUserHandle(rpRef, userHandle, item);
  }
  const counts: UpdateParts = {
    add: ['credentials :added', 'enabledCredentials :enabled', 'setVersion :one'],
    values: { ':added': added, ':enabled': enabled, ':one': 1 },
  };
  const parts: UpdateParts[] =
    read.userId === undefined
      ? [
          {
            set: ['userId = :userId', 'registeredAt = :registeredAt', ...(disabled ? ['disabled = :true'] : [])],
            remove: ['#ttl', ...(disabled ? [] : ['disabled'])],
            conditions: [exists, isUnset('userId')],
            names: { '#ttl': 'ttl' },
            values: { ':userId': userId, ':registeredAt': registeredAt, ...(disabled && { ':true': true }) },
          },
        ]
      : [isOf(user), { conditions: [disabled ? isSet('disabled') : isUnset('disabled')] }];
  return { Update: { Key: userHandleAt(rpRef, userHandle), ...updateOf(counts, sameSet(read), ...parts) } };
}

/** The condition that no credential was added, removed, disabled or enabled since the handle item was read. */
const sameSet = ({ setVersion }: UserHandle): UpdateParts => ({
  conditions: ['setVersion = :readSetVersion'],
  values: { ':readSetVersion': setVersion },
});

/**
 * Changes the counts of a user's credentials: `removed` is 1 if a credential is removed, and `enabled` is the change of
 * the number of enabled credentials. Fails when the user was removed, or the set of credentials has changed since the
 * handle item was read.
 */
export function countCredentials(
  rpRef: string,
  userHandle: string,
  read: UserHandle,
  change: { readonly removed: 0 | 1; readonly enabled: -1 | 0 | 1 },
): Write<UserHandle> {
  return {
    Update: {
      Key: userHandleAt(rpRef, userHandle),
      ...updateOf(sameSet(read), {
        add: ['credentials :removed', 'enabledCredentials :enabled', 'setVersion :one'],
        conditions: [isSet('userId')],
        values: { ':removed': -change.removed, ':enabled': change.enabled, ':one': 1 },
      }),
    },
  };
}

/**
 * Disables or enables a user in the handle item. Fails when the set of credentials has changed since the handle item
 * was read: the same transaction tells each of the user's credentials.
 */
export function setHandleDisabled(
  rpRef: string,
  userHandle: string,
  read: UserHandle,
  isDisabled: boolean,
): Write<UserHandle> {
  return {
    Update: {
      Key: userHandleAt(rpRef, userHandle),
      ...updateOf(sameSet(read), {
        ...(isDisabled ? { set: ['disabled = :true'] } : { remove: ['disabled'] }),
        conditions: [isSet('userId')],
        values: isDisabled ? { ':true': true } : {},
      }),
    },
  };
}

/**
 * Removes the handle item of a user who is removed. As long as its used challenges must be kept, the item stays as a
 * tombstone, and another item leads from the RP to the tombstone. The write `handle` fails when the set of credentials
 * has changed since the item was read, because the same transaction removes the credentials.
 */
export function removeUserHandle(
  rpRef: string,
  userHandle: string,
  read: UserHandle,
  now: number,
): { handle: Write<UserHandle>; handleTombstone?: Write } {
  const Key = userHandleAt(rpRef, userHandle);
  const until = keptUntil(read, now);
  if (until === undefined) {
    const unchanged = updateOf(sameSet(read), { conditions: [isSet('userId')] });
    const { ConditionExpression, ExpressionAttributeValues } = unchanged;
    return {
      handle: { Delete: { Key, ConditionExpression, ...(ExpressionAttributeValues && { ExpressionAttributeValues }) } },
    };
  }
  const ttl = toTtl(until);
  return {
    handle: {
      Update: {
        Key,
        ...updateOf(sameSet(read), {
          set: ['#ttl = :ttl', 'credentials = :none', 'enabledCredentials = :none'],
          add: ['setVersion :one'],
          remove: ['userId', 'registeredAt', 'disabled'],
          conditions: [isSet('userId')],
          names: { '#ttl': 'ttl' },
          values: { ':ttl': ttl, ':none': 0, ':one': 1 },
        }),
      },
    },
    handleTombstone: noteHandleTombstone(rpRef, userHandle, ttl),
  };
}
