import { fieldError } from '../../contract/errors/field-errors.ts';
import { countUsersIn } from '../../table/customers/registered-counts.ts';
import type { Customer } from '../../table/customers/customers.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { countRpUsersIn, type Rp } from '../../table/rps.ts';
import {
  credentialsOf,
  NEVER_COUNTED,
  partsOf,
  putCredential,
  putCredentialInfo,
  takeCredentialId,
  type HandleContent,
  type TakenCredentialId,
  type WholeCredential,
} from '../../table/users/credentials.ts';
import { NO_USED_CHALLENGES } from '../../table/users/used-challenges.ts';
import { importIntoHandle } from '../../table/users/user-handles.ts';
import type { NamedUser } from '../../table/users/user-names.ts';
import { noteHandleItem, putUser, type User } from '../../table/users/users.ts';
import type { RpCaller } from '../callers.ts';
import { AlreadyExistsError, CeremonyRefusedError } from '../errors.ts';
import { MAX_CREDENTIALS } from './credential-limit.ts';
import { requireRoom } from '../licenses/license-room.ts';
import { customerNotActive, rpRemoved } from '../refusals.ts';
import type { CalendarServices } from '../services.ts';
import { newUser } from '../users/new-user.ts';
import { comparableName, nameWritesOf, userNameOf, userNameTaken } from '../users/user-names.ts';
import { spkiOf } from '../webauthn/spki.ts';
import { credentialNameOf } from './credential-name.ts';
import type { ImportedCredential, ImportedUser } from './imported-item.ts';
import { movedCredential } from './moved-item.ts';

/** The items of the table that the import of a user depends on. */
export interface UserSnapshot {
  readonly imported: ImportedUser;
  readonly user: User | undefined;
  readonly content: HandleContent;
}

/** The items of the table that an import depends on. */
export interface ImportSnapshot {
  readonly users: readonly UserSnapshot[];
  readonly customer: Customer | undefined;
  /** The reservations of the credential IDs, by credential ID. */
  readonly taken: ReadonlyMap<string, TakenCredentialId | undefined>;
  /** The names of the authenticators, by AAGUID. */
  readonly authenticatorNames: ReadonlyMap<string, string | null>;
  readonly uniqueUserNames: boolean;
}

/** The writes of an import. `rp` and `customer` are among them only if the import has a new user. */
export type ImportWrites = { readonly rp?: Write<Rp>; readonly customer?: Write<Customer> } & Readonly<
  Record<`name ${string}`, Write<NamedUser> | undefined>
> &
  Readonly<Record<`${'user' | 'handle' | 'credential' | 'info' | 'id'} ${string}`, Write | undefined>>;

/** The writes of an import, and the users and credentials that they store. */
interface ImportPlan {
  readonly writes: ImportWrites;
  readonly newUserIds: ReadonlySet<string>;
  readonly newCredentialIds: ReadonlySet<string>;
}

/**
 * Returns the writes of an import. Throws `AlreadyExistsError` for a handle, credential ID or public key that is taken,
 * `CeremonyRefusedError` with `too-many-credentials`, and the errors of `requireRoom`.
 */
export function planImport(
  { clock, calendar }: Pick<CalendarServices, 'clock' | 'calendar'>,
  caller: RpCaller,
  snapshot: ImportSnapshot,
): ImportPlan {
  const { customerId, rpRef } = caller;
  const { users, customer, uniqueUserNames } = snapshot;
  const now = clock.now();
  if (uniqueUserNames) refuseRepeatedNames(users);
  const plans = users.map((one) => planUser(caller, snapshot, one, now));
  const newUserIds = users.filter(({ user }) => !user).map(({ imported }) => imported.given.userId);
  const writes = Object.assign({}, ...plans.map((plan) => plan.writes)) as ImportWrites;
  const newCredentialIds = new Set(plans.flatMap((plan) => plan.newCredentialIds));
  const added = newUserIds.length;
  if (added === 0) return { writes, newUserIds: new Set(), newCredentialIds };
  if (!customer) throw customerNotActive();
  const maxima = requireRoom(customer, 'registered-users', added, { now, calendar });
  const counts = {
    rp: countRpUsersIn(customerId, rpRef, added, uniqueUserNames),
    customer: countUsersIn(customer, added, maxima),
  };
  return { writes: { ...writes, ...counts }, newUserIds: new Set(newUserIds), newCredentialIds };
}

/** Throws `AlreadyExistsError` when two new users of an RP that requires unique names have the same name. */
function refuseRepeatedNames(users: readonly UserSnapshot[]): void {
  const added = users.filter(({ user }) => !user).map(({ imported }) => imported);
  const names = added.map(({ given }) => comparableName(userNameOf(given)));
  const repeated = added.filter((_, index) => names.indexOf(names[index] ?? '') < index);
  if (repeated.length > 0) throw userNameTaken(...repeated.map(({ at }) => `${at}/userName`));
}

function planUser(
  { customerId, rpRef }: RpCaller,
  snapshot: ImportSnapshot,
  { imported, user: present, content }: UserSnapshot,
  now: number,
): { writes: object; newCredentialIds: readonly string[] } {
  const { at, given } = imported;
  const { userId, userHandle } = given;
  const { handle } = content;
  if (userHandle !== null) {
    if (present && (present.userHandle ?? userHandle) !== userHandle) {
      throw alreadyExists('The user has another user handle.', `${at}/userHandle`, 'not-the-user-handle');
    }
    if (handle?.userId !== undefined && handle.userId !== userId) {
      throw alreadyExists('Another user of the RP has this user handle.', `${at}/userHandle`, 'user-handle-taken');
    }
    // Only the discarding of the RP deletes a handle item and leaves the user.
    if (present?.hasHandleItem && handle?.userId === undefined) throw rpRemoved();
  }
  const user = present ?? importedUser(given, snapshot.uniqueUserNames, now);
  const added = imported.credentials.filter((one) => !isStored(one, present, content, snapshot));
  requireRoomFor(added, credentialsOf(content, userId), imported);
  const writes: Record<string, Write | undefined> = {};
  if (!present) {
    writes[`user ${userId}`] = putUser(customerId, rpRef, user);
    writes[`name ${userId}`] = nameWritesOf(rpRef, user).name;
  }
  // The item of a new user's handle reserves the handle, even if the user has no credential.
  if (userHandle !== null && (!present || added.length > 0)) {
    const enabled = added.filter((one) => !one.given.disabled).length;
    writes[`handle ${userId}`] = importIntoHandle(rpRef, userHandle, handle, { user, added: added.length, enabled });
    if (present && !present.hasHandleItem) writes[`user ${userId}`] = noteHandleItem(rpRef, present, userHandle);
    for (const one of added) {
      const { id } = one.given;
      const taken = snapshot.taken.get(id);
      const { hot, info } = partsOf({
        ...importedCredential(one, snapshot, now),
        userId,
        ...(user.disabled && { userDisabled: true as const }),
        // If the same credential was removed before, it begins with the challenges that it used then.
        ...(taken?.removed ?? NO_USED_CHALLENGES),
      });
      const name = { rpRef, userHandle, credentialId: id };
      writes[`credential ${id}`] = putCredential(name, hot);
      writes[`info ${id}`] = putCredentialInfo(name, info);
      writes[`id ${id}`] = takeCredentialId(name, { userHandle, importDigest: one.digest }, taken);
    }
  }
  return { writes, newCredentialIds: added.map((one) => one.given.id) };
}

/** Returns the item of a user who is imported at `now` (epoch milliseconds). */
function importedUser(given: ImportedUser['given'], uniqueUserNames: boolean, now: number): User {
  const { userHandle, disabled, ...profile } = given;
  const { userHandle: _, ...user } = newUser(profile, uniqueUserNames, now);
  return {
    ...user,
    ...(disabled && { disabled }),
    ...(userHandle !== null && { userHandle, hasHandleItem: true }),
  };
}

/**
 * Returns whether a credential is stored already: an earlier request has imported the same content, even if the user
 * has signed in or the RP has edited the credential since then, or the stored credential has this content now. Throws
 * `AlreadyExistsError` when the RP has another credential with the ID.
 */
function isStored(
  imported: ImportedCredential,
  user: User | undefined,
  content: HandleContent,
  snapshot: ImportSnapshot,
): boolean {
  const { given, at, digest } = imported;
  const taken = snapshot.taken.get(given.id);
  if (!taken || taken.removed) return false;
  const stored = user && credentialsOf(content, user.userId).find(({ credentialId }) => credentialId === given.id);
  if (stored && (taken.importDigest === digest || hasContent(stored, imported, snapshot))) return true;
  throw alreadyExists('The RP has another credential with this ID.', `${at}/id`, 'credential-id-taken');
}

/** Returns whether a stored credential has the content of an import now. */
function hasContent(stored: WholeCredential, imported: ImportedCredential, snapshot: ImportSnapshot): boolean {
  if (imported.given.createdAt === undefined) return false;
  const whole = importedCredential(imported, snapshot, imported.given.createdAt);
  return (
    contentOf({ ...whole, publicKey: stored.publicKey }) === contentOf(stored) &&
    imported.spki === spkiOf(stored.publicKey)
  );
}
const contentOf = (credential: WholeCredential) => JSON.stringify(movedCredential(credential));

/**
 * Checks that a user has room for the added credentials, and has none of their keys. With one key under two IDs, a
 * response would be accepted under each, because a signature does not cover the credential ID.
 */
function requireRoomFor(
  added: readonly ImportedCredential[],
  stored: readonly WholeCredential[],
  { given }: ImportedUser,
): void {
  const keys = new Set(stored.map(({ publicKey }) => spkiOf(publicKey)));
  added.forEach(({ at, given: credential, spki }, index) => {
    if (keys.has(spki)) {
      const field = credential.publicKey === undefined ? 'cosePublicKey' : 'publicKey';
      throw alreadyExists('The user has this public key already.', `${at}/${field}`, 'public-key-taken');
    }
    keys.add(spki);
    if (stored.length + index >= MAX_CREDENTIALS) {
      throw new CeremonyRefusedError(
        'too-many-credentials',
        `The user ${given.userId} would have more than ${MAX_CREDENTIALS} credentials.`,
        { max: MAX_CREDENTIALS, errors: [fieldError(at, 'too-many-credentials', { max: MAX_CREDENTIALS })] },
      );
    }
  });
}

/**
 * Returns an imported credential as the table stores it, without its user. An import proves no attestation, and counts
 * nobody as an active user. The BE flag may be null; the first sign-in then learns it.
 */
function importedCredential(
  { given, publicKey, algorithm }: ImportedCredential,
  { authenticatorNames }: ImportSnapshot,
  now: number,
): WholeCredential {
  const authenticatorName = given.aaguid === null ? null : (authenticatorNames.get(given.aaguid) ?? null);
  return {
    credentialId: given.id,
    userId: '',
    publicKey,
    signCount: given.signCount,
    backupEligible: given.backupEligible,
    backedUp: given.backedUp,
    userVerified: given.userVerified,
    ...(given.disabled && { disabled: true as const }),
    createdAt: given.createdAt ?? now,
    lastUsedAt: given.lastUsedAt,
    countedMonth: NEVER_COUNTED,
    version: 1,
    ...NO_USED_CHALLENGES,
    name: credentialNameOf(given.name, authenticatorName),
    attributes: given.attributes ? JSON.stringify(given.attributes) : null,
    authenticator: given.aaguid === null ? null : { aaguid: given.aaguid, name: authenticatorName },
    algorithm,
    transports: given.transports,
    discoverable: given.discoverable,
    attestation: { format: 'none', type: 'none', trusted: false },
    origin: null,
    attachment: null,
  };
}

const alreadyExists = (
  detail: string,
  pointer: string,
  code: 'not-the-user-handle' | 'user-handle-taken' | 'credential-id-taken' | 'public-key-taken',
) => new AlreadyExistsError(detail, fieldError(pointer, code));
