import { toTtl } from '../../domain/time.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists, isSet, isUnset } from '../engine/conditions.ts';
import { readItem, readItems, readPartition, readTogether, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { updateOf, type UpdateParts } from '../engine/update-parts.ts';
import { updateOrFail, type UpdateOutcome } from '../engine/updates.ts';
import {
  credentialHashOf,
  credentialIdKey,
  credentialInfoKey,
  credentialKey,
  kindOf,
  userHandlePartition,
  type Key,
} from '../keys.ts';
import { noteCredentialIdTombstone } from './tombstones.ts';
import { everyUseUntil, keptUntil, recordUse, type Use, type UsedChallenges } from './used-challenges.ts';
import type { UserHandle } from './user-handles.ts';

/**
 * The part of a credential that each sign-in reads and writes. Its item stays below 1 KB for most credentials, so that
 * a sign-in costs one write unit. The challenges that it has used are those of accepted authentications.
 */
export interface Credential extends UsedChallenges {
  /** The credential ID, as base64url. */
  readonly credentialId: string;
  readonly userId: string;
  /** The public key in COSE form. */
  readonly publicKey: Uint8Array;
  readonly signCount: number;
  /** The BE flag. Null if it is not known yet; the first sign-in then learns it. */
  readonly backupEligible: boolean | null;
  /** The BS flag of the last ceremony. */
  readonly backedUp: boolean;
  /**
   * Whether the authenticator verified the user at the registration, or the RP has said so since then (WebAuthn:
   * `uvInitialized`).
   */
  readonly userVerified: boolean;
  /** Set if the RP or an administrator disabled the credential. */
  readonly disabled?: true | undefined;
  /** Set if the RP or an administrator disabled the user. */
  readonly userDisabled?: true | undefined;
  /** Epoch milliseconds. */
  readonly createdAt: number;
  /** The time of the last sign-in, in epoch milliseconds; null before the first one. */
  readonly lastUsedAt: number | null;
  /**
   * The last month in which a ceremony of this credential found or made the user an active user. `NEVER_COUNTED` if the
   * credential was imported and has not been used since then.
   */
  readonly countedMonth: string;
  /** Increases with every edit. Sign-ins do not increase it. */
  readonly version: number;
  /** The time of the last edit, in epoch milliseconds. @default - not edited since the service keeps this time */
  readonly updatedAt?: number | undefined;
}

/** A text that is less than every month. */
export const NEVER_COUNTED = '';

/** The kind of attestation of a credential, and whether the service trusts it. */
export interface StoredAttestation {
  readonly format: string;
  readonly type: string;
  readonly trusted: boolean;
}

/** The part of a credential that sign-ins only read. */
export interface CredentialInfo {
  readonly name: string;
  /** A JSON object of the RP, as JSON text (see `User`). */
  readonly attributes: string | null;
  /** The AAGUID of the authenticator, or null if the authenticator does not name one. */
  readonly authenticator: { readonly aaguid: string; readonly name: string | null } | null;
  /** The COSE number of the signature algorithm. */
  readonly algorithm: number;
  readonly transports: readonly string[];
  /** Whether the credential is a discoverable one; null if the browser did not say. */
  readonly discoverable: boolean | null;
  readonly attestation: StoredAttestation;
  /** The origin of the page or app in which the credential was created; null if the credential was imported. */
  readonly origin: string | null;
  readonly attachment: 'platform' | 'cross-platform' | null;
}

/** A credential with both of its parts. */
export type WholeCredential = Credential & CredentialInfo;

/**
 * The reservation of a credential ID within an RP. After the credential was removed, the item stays as a tombstone for
 * as long as the credential's used challenges must be kept: if the same credential is registered again, it begins with
 * them, so that this credential accepts no response a second time.
 */
export interface TakenCredentialId {
  /** The user handle, as base64url. @default - a tombstone */
  readonly userHandle?: string | undefined;
  /** The attestation object of the registration, as base64url. @default - nobody asked to keep it */
  readonly attestationObject?: string | undefined;
  /** The client data of the registration, as base64url. @default - nobody asked to keep it */
  readonly clientDataJSON?: string | undefined;
  /** A hash of the content with which the credential was imported. @default - the credential was registered here */
  readonly importDigest?: string | undefined;
  /** The used challenges of the removed credential. @default - not a tombstone */
  readonly removed?: UsedChallenges | undefined;
}

/** Names a credential: the service's own ID of the RP, the user handle and the credential ID, both as base64url. */
export interface CredentialName {
  readonly rpRef: string;
  readonly userHandle: string;
  readonly credentialId: string;
}
const keyOf = ({ rpRef, userHandle, credentialId }: CredentialName): KeyOf<Credential> =>
  credentialKey(rpRef, userHandle, credentialId);
const infoKeyOf = ({ rpRef, userHandle, credentialId }: CredentialName): KeyOf<CredentialInfo> =>
  credentialInfoKey(rpRef, userHandle, credentialId);

/** Splits a credential into the part that each sign-in writes, and the part that sign-ins only read. */
export function partsOf(whole: WholeCredential): { hot: Credential; info: CredentialInfo } {
  const {
    name,
    attributes,
    authenticator,
    algorithm,
    transports,
    discoverable,
    attestation,
    origin,
    attachment,
    ...hot
  } = whole;
  return {
    hot,
    info: { name, attributes, authenticator, algorithm, transports, discoverable, attestation, origin, attachment },
  };
}

/** Returns the text that orders the credentials of a user: a hash of the credential ID (base64url). */
export const sortTextOf = (credentialId: string): string => credentialHashOf(credentialId);

/** Everything that the table stores under a user handle. */
export interface HandleContent {
  /** The handle item. @default - nobody has the handle, or the user has not registered a credential yet */
  readonly handle: UserHandle | undefined;
  /** The user's credentials, at most 20. */
  readonly credentials: readonly WholeCredential[];
}

/**
 * Returns the credentials of a user in the content of the user's handle. Returns none if the handle belongs to another
 * user: the RP may have given a user the handle of a user who has no credential and therefore no handle item.
 */
export const credentialsOf = ({ handle, credentials }: HandleContent, userId: string): readonly WholeCredential[] =>
  handle?.userId === userId ? credentials : [];

/**
 * Reads a user's handle item and credentials with one query. With eventual consistency, this costs half a read unit for
 * each 4 KB: a user with one or two credentials has less.
 */
export async function readHandleContent(
  table: Table,
  rpRef: string,
  userHandle: string,
  consistency: Consistency,
): Promise<HandleContent> {
  const items = await readPartition<Key>(table, userHandlePartition(rpRef, userHandle), consistency);
  const infos = new Map(items.filter(isInfo).map((item) => [item.sk, item]));
  return {
    handle: items.find((item): item is Key & UserHandle => item.sk === 'USER'),
    // A credential and its information are written and removed in one transaction. An eventually consistent query may
    // see only one of them.
    credentials: items.filter(isCredential).flatMap((item) => {
      const info = infos.get(`${item.sk}#INFO`);
      return info ? [{ ...info, ...item }] : [];
    }),
  };
}
const isInfo = (item: Key): item is Key & CredentialInfo => kindOf(item) === 'credential-info';
const isCredential = (item: Key): item is Key & Credential => kindOf(item) === 'credential';

/** Reads one credential. Returns undefined when the user has no such credential. */
export async function readCredential(
  table: Table,
  name: CredentialName,
  consistency: Consistency,
): Promise<WholeCredential | undefined> {
  const [credential, info] = await readTogether(table, [keyOf(name), infoKeyOf(name)], consistency);
  return credential && info && { ...info, ...credential };
}

/** Reads the reservation of a credential ID of an RP. */
export function readTakenCredentialId(table: Table, rpRef: string, credentialId: string, consistency: Consistency) {
  return readItem<TakenCredentialId>(table, credentialIdKey(rpRef, credentialId), consistency);
}

/** Reads the reservations of several distinct credential IDs of an RP, in the order of the IDs. */
export function readTakenCredentialIds(
  table: Table,
  rpRef: string,
  credentialIds: readonly string[],
  consistency: Consistency,
): Promise<(TakenCredentialId | undefined)[]> {
  return readItems<TakenCredentialId>(
    table,
    credentialIds.map((credentialId) => credentialIdKey(rpRef, credentialId)),
    consistency,
  );
}

/** Stores a new credential; fails when the user has it already. Belongs in one transaction with the next two writes. */
export function putCredential(name: CredentialName, credential: Credential): Write<Credential> {
  return { Put: { Item: { ...keyOf(name), ...credential }, ConditionExpression: absent } };
}

/** Stores the information about a new credential. */
export function putCredentialInfo(name: CredentialName, info: CredentialInfo): Write<CredentialInfo> {
  return { Put: { Item: { ...infoKeyOf(name), ...info }, ConditionExpression: absent } };
}

/**
 * Reserves the ID of a new credential; fails when another credential of the RP has it. If `tombstone`, the reservation
 * that was read before, is that of a removed credential, the write replaces it, and fails when it has changed.
 */
export function takeCredentialId(
  { rpRef, credentialId }: CredentialName,
  taken: TakenCredentialId,
  tombstone: TakenCredentialId | undefined,
): Write<TakenCredentialId> {
  return {
    Put: {
      Item: { ...credentialIdKey(rpRef, credentialId), ...taken },
      ...(tombstone?.removed
        ? { ConditionExpression: 'removed = :removed', ExpressionAttributeValues: { ':removed': tombstone.removed } }
        : { ConditionExpression: absent }),
    },
  };
}

/** The changes that an accepted authentication makes to a credential. */
export interface Authentication {
  /** The challenge of the ceremony, as base64url. */
  readonly challenge: string;
  readonly use: Use;
  /** The sign count in the response. */
  readonly signCount: number;
  /** `refuse`: the update fails unless the sign count increases or both counts are 0. */
  readonly onSignCount: 'refuse' | 'report';
  readonly backupEligible: boolean;
  readonly backedUp: boolean;
  /** The month in which the request began. */
  readonly month: string;
}

/**
 * Returns the update that accepts an authentication. `read` is the credential, from any earlier read. The update fails
 * in each of these cases, even if another request has changed the credential since it was read:
 *
 * - The credential was removed, or registered again with another key.
 * - The credential or its user is disabled.
 * - The challenge is used already, or may have been (see `UsedChallenges`).
 * - The sign count does not increase and is not 0 after 0, if `onSignCount` is `refuse`. WebAuthn (7.2): "the
 *   authenticator may be cloned".
 * - The BE flag is not the one that was read.
 */
function authenticated(read: Credential, authentication: Authentication, now: number): UpdateParts[] {
  const { challenge, use, signCount, onSignCount, backupEligible, backedUp, month } = authentication;
  const increases = signCount > read.signCount;
  return [
    recordUse(read, challenge, use, now),
    {
      set: [
        'lastUsedAt = :usedAt',
        'backedUp = :backedUp',
        'backupEligible = :backupEligible',
        ...(increases ? ['signCount = :signCount'] : []),
        ...(month > read.countedMonth ? ['countedMonth = :month'] : []),
      ],
      conditions: [
        exists,
        'publicKey = :publicKey',
        'userId = :userId',
        isUnset('disabled'),
        isUnset('userDisabled'),
        'backupEligible = :readBackupEligible',
        // A lower count than the stored one is accepted only with `report`, and never lowers the stored count.
        increases
          ? 'signCount < :signCount'
          : onSignCount === 'report'
            ? 'signCount >= :signCount'
            : 'signCount = :zero',
      ],
      values: {
        ':usedAt': use.usedAt,
        ':backedUp': backedUp,
        ':backupEligible': backupEligible,
        ':publicKey': read.publicKey,
        ':userId': read.userId,
        ':readBackupEligible': read.backupEligible,
        ...(increases || onSignCount === 'report' ? { ':signCount': signCount } : { ':zero': 0 }),
        ...(month > read.countedMonth && { ':month': month }),
      },
    },
  ];
}

/**
 * Accepts an authentication with one update; see `authenticated` for the conditions. If the process dies after the
 * update, the authentication is accepted and counts as used. A repetition of the request with the same attempt finds
 * its own use in the item that the outcome contains.
 */
export function acceptAuthentication(
  table: Table,
  name: CredentialName,
  read: Credential,
  authentication: Authentication,
  now: number,
): Promise<UpdateOutcome<Credential>> {
  return updateOrFail<Credential>(table, {
    Key: keyOf(name),
    ...updateOf(...authenticated(read, authentication, now)),
  });
}

/** Returns the same update for a transaction, which also stores the active-user record of the user. */
export function acceptAuthenticationWith(
  name: CredentialName,
  read: Credential,
  authentication: Authentication,
  now: number,
): Write<Credential> {
  return { Update: { Key: keyOf(name), ...updateOf(...authenticated(read, authentication, now)) } };
}

/** The condition that a credential has the version that was read. */
const sameVersion = ({ version }: Pick<Credential, 'version'>): UpdateParts => ({
  conditions: ['version = :readVersion'],
  values: { ':readVersion': version },
});

/**
 * Edits the first part of a credential, and increases the version. Fails when another edit has changed the credential
 * since it was read, or when it was removed.
 */
export function editCredential(
  name: CredentialName,
  read: Credential,
  edit: {
    readonly disabled?: boolean | undefined;
    readonly userVerified?: true | undefined;
    /** The time of the edit, in epoch milliseconds. */
    readonly updatedAt: number;
  },
): Write<Credential> {
  return {
    Update: {
      Key: keyOf(name),
      ...updateOf(sameVersion(read), {
        set: [
          'updatedAt = :updatedAt',
          ...(edit.disabled === true ? ['disabled = :true'] : []),
          ...(edit.userVerified === true ? ['userVerified = :true'] : []),
        ],
        add: ['version :one'],
        remove: edit.disabled === false ? ['disabled'] : [],
        values: {
          ':one': 1,
          ':updatedAt': edit.updatedAt,
          ...((edit.disabled === true || edit.userVerified === true) && { ':true': true }),
        },
      }),
    },
  };
}

/** Edits the name or the attributes of a credential; belongs in one transaction with `editCredential`. */
export function editCredentialInfo(
  name: CredentialName,
  edit: Partial<Pick<CredentialInfo, 'name' | 'attributes'>>,
): Write<CredentialInfo> {
  return {
    Update: {
      Key: infoKeyOf(name),
      ...updateOf({
        set: [
          ...(edit.name === undefined ? [] : ['#name = :name']),
          ...(edit.attributes === undefined ? [] : ['attributes = :attributes']),
        ],
        conditions: [exists],
        names: edit.name === undefined ? {} : { '#name': 'name' },
        values: {
          ...(edit.name !== undefined && { ':name': edit.name }),
          ...(edit.attributes !== undefined && { ':attributes': edit.attributes }),
        },
      }),
    },
  };
}

/**
 * Tells a credential whether its user is disabled. This write belongs in the transaction that disables or enables the
 * user, which also checks that the set of the user's credentials is the one that was read.
 */
export function setUserDisabled(name: CredentialName, isDisabled: boolean): Write<Credential> {
  return {
    Update: {
      Key: keyOf(name),
      ...updateOf({
        ...(isDisabled ? { set: ['userDisabled = :true'], values: { ':true': true } } : { remove: ['userDisabled'] }),
        conditions: [exists],
      }),
    },
  };
}

/** How many tries to remove a credential wait for a moment without a sign-in. */
const EXACT_TRIES = 2;

/**
 * Removes the three items of a credential. As long as its used challenges must be kept, its reservation becomes a
 * tombstone that has them, and another item leads from the RP to the tombstone. The first write fails when the
 * credential was edited or removed since it was read.
 *
 * `failedTries` is the number of tries that have failed. The first two tries also fail when a sign-in has used another
 * challenge since the credential was read, so that the tombstone has exactly the used challenges. A user who signs in
 * without a pause could so delay the removal without end. So a later try does not depend on sign-ins: its tombstone
 * refuses every ceremony that has begun by now.
 */
export function removeCredential(
  name: CredentialName,
  { used, usedFloor, version }: Credential,
  { failedTries, now }: { readonly failedTries: number; readonly now: number },
): { credential: Write<Credential>; info: Write<CredentialInfo>; id: Write<TakenCredentialId>; tombstone?: Write } {
  const idKey = credentialIdKey(name.rpRef, name.credentialId);
  const isExact = failedTries < EXACT_TRIES;
  const removed = isExact ? { used, usedFloor } : everyUseUntil(now);
  const until = keptUntil(removed, now);
  const ttl = until === undefined ? undefined : toTtl(until);
  const tombstone: TakenCredentialId = { removed };
  return {
    credential: {
      Delete: {
        Key: keyOf(name),
        ConditionExpression: [
          'version = :readVersion',
          ...(isExact ? ['used = :used', 'usedFloor = :usedFloor'] : []),
        ].join(' AND '),
        ExpressionAttributeValues: {
          ':readVersion': version,
          ...(isExact && { ':used': used, ':usedFloor': usedFloor }),
        },
      },
    },
    info: { Delete: { Key: infoKeyOf(name) } },
    id:
      ttl === undefined
        ? { Delete: { Key: idKey, ConditionExpression: isSet('userHandle') } }
        : { Put: { Item: { ...idKey, ...tombstone, ttl }, ConditionExpression: isSet('userHandle') } },
    ...(ttl !== undefined && { tombstone: noteCredentialIdTombstone(name.rpRef, name.credentialId, ttl) }),
  };
}
