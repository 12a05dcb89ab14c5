import type { RegistrationEnd } from '../../contract/ceremonies.ts';
import { putActiveUserWith, readActiveUser } from '../../table/metering/active-users.ts';
import { countUsersIn } from '../../table/customers/registered-counts.ts';
import { readCustomer, type Customer } from '../../table/customers/customers.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import { transact, type Write, type Writes } from '../../table/engine/transaction.ts';
import { countRpUsersIn, type Rp } from '../../table/rps.ts';
import {
  partsOf,
  putCredential,
  putCredentialInfo,
  readHandleContent,
  readTakenCredentialId,
  takeCredentialId,
  type HandleContent,
  type TakenCredentialId,
  type WholeCredential,
} from '../../table/users/credentials.ts';
import { findUse, firstUse, NO_USED_CHALLENGES, type Use } from '../../table/users/used-challenges.ts';
import { countCredentialIn, putUserHandle, reviveUserHandle } from '../../table/users/user-handles.ts';
import { readUserWithTakenName } from '../../table/users/user-names.ts';
import { noteHandleItem, putUser, readUser, type User } from '../../table/users/users.ts';
import type { Month } from '../calendar.ts';
import type { RpServer } from '../callers.ts';
import { CeremonyRefusedError, DomainError } from '../errors.ts';
import { requireRoom } from '../licenses/license-room.ts';
import { customerNotActive, noSuchUser, rpRemoved } from '../refusals.ts';
import { MONTHS_KEPT } from '../retention.ts';
import { toTtl } from '../time.ts';
import { UnavailableError } from '../../table/engine/unavailable-error.ts';
import { newUser } from '../users/new-user.ts';
import { comparableName, nameWritesOf, userNameTaken } from '../users/user-names.ts';
import { userHandleTaken, userIdTaken } from '../users/user-taken.ts';
import { spkiOf } from '../webauthn/spki.ts';
import { ceremonyExpired } from './sealing/ceremony-content.ts';
import { ceremonyUsed, userDisabled } from './ceremony-refusals.ts';
import type { CeremonyServices } from './ceremony-services.ts';
import { MAX_CREDENTIALS, tooManyCredentials } from '../credentials/credential-limit.ts';
import { USER_NAME } from './new-user.ts';
import type { RegistrationContent } from './sealing/registration-content.ts';

/** A verified registration that is to be stored. */
export interface NewRegistration {
  readonly ceremony: RegistrationContent;
  /** Whether the ceremony has ended, so that the request can only repeat an earlier one. */
  readonly isOver: boolean;
  readonly credential: WholeCredential;
  /** The client data and the attestation object, as base64url, if the service keeps them. */
  readonly evidence: Pick<TakenCredentialId, 'clientDataJSON' | 'attestationObject'>;
  /** The attributes of a new user. */
  readonly userAttributes: NonNullable<RegistrationEnd['user']>['attributes'];
  readonly attempt: string;
  /** The time at which the service received the request, in epoch milliseconds. */
  readonly receivedAt: number;
  readonly month: Month;
}

/** A registration that is stored. */
export interface StoredRegistration {
  readonly user: User;
  readonly credential: WholeCredential;
  readonly use: Use;
}

/** The items of the table that a registration depends on. */
interface Snapshot {
  readonly user: User | undefined;
  readonly content: HandleContent;
  readonly taken: TakenCredentialId | undefined;
  readonly isActive: boolean;
  readonly customer: Customer | undefined;
  /** Whether another user has the name of the new user, if the RP requires unique names. */
  readonly isNameTaken: boolean;
  /** Whether the RP requires unique names. The settings that the process remembers may be older. */
  readonly uniqueUserNames: boolean;
}

/** The writes of a registration. `rp` and `name` are among them only for a new user. */
type RegistrationWrites = Writes & { readonly rp?: Write<Rp>; readonly name?: Write | undefined };

/**
 * The maximum number of tries. The second try may follow a stale read. Each later one needs another request that has
 * succeeded meanwhile.
 */
const MAX_TRIES = 20;

/**
 * Stores a verified registration, and counts the user as an active user of the month, in one transaction. If the
 * process dies after the transaction, everything is stored, and a repetition of the request with the same attempt finds
 * it. If it dies before, nothing is stored.
 *
 * The first try uses eventually consistent reads. If the transaction fails or the reads show a reason to refuse the
 * registration, the function reads again with strong consistency. These reads show the reason, the use of the ceremony
 * by an earlier try of the same request, or a change that a further try takes into account.
 *
 *     A: two requests end the same ceremony      A's transaction uses the challenge
 *     B:                                         B's transaction fails: the handle item has the challenge
 *     B reads the handle item: the use has A's attempt, so B is refused with `ceremony-used`
 *
 * Throws `NotFoundError` when the user does not exist, `AlreadyExistsError` when a new user's ID, handle or name is
 * taken, the errors of `requireRoom` when the license allows no new user, `UnauthenticatedError` when the RP was
 * removed or the customer is not active, and `CeremonyRefusedError` with `ceremony-used`, `user-disabled`,
 * `ceremony-expired`, `too-many-credentials` or `credential-exists`.
 *
 * With `isDryRun`, the function reads with strong consistency, throws the same errors, and stores nothing.
 */
export async function storeRegistration(
  services: CeremonyServices,
  caller: RpServer,
  registration: NewRegistration,
  isDryRun: boolean,
): Promise<StoredRegistration> {
  let consistency: Consistency = isDryRun ? 'strong' : 'eventual';
  let { uniqueUserNames } = caller.rp.settings;
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    const snapshot = await readSnapshot(services, caller, registration, { consistency, uniqueUserNames });
    try {
      const earlier = findUse(snapshot.content.handle ?? NO_USED_CHALLENGES, registration.ceremony.challenge);
      if (earlier) {
        const { attempt, credential } = registration;
        const stored = repeated(snapshot, { attempt, credentialId: credential.credentialId }, earlier);
        if (!stored) throw ceremonyUsed(earlier.usedAt);
        return stored;
      }
      if (registration.isOver) throw ceremonyExpired();
      const { writes, stored } = plan(services, caller, registration, snapshot);
      const failures = isDryRun ? undefined : await transact(services.table, writes);
      if (!failures) return stored;
      if (failures.rp && !failures.rp.item) throw rpRemoved();
      if (failures.rp?.item) uniqueUserNames = failures.rp.item.uniqueUserNames === true;
    } catch (refusal) {
      if (consistency === 'strong' || !(refusal instanceof DomainError)) throw refusal;
    }
    consistency = 'strong';
  }
  throw new UnavailableError('The user and the credential change too often.');
}

async function readSnapshot(
  { table }: CeremonyServices,
  { customerId, rpRef }: RpServer,
  { ceremony: { userId, userHandle, newUser }, credential, month }: NewRegistration,
  { consistency, uniqueUserNames }: { consistency: Consistency; uniqueUserNames: boolean },
): Promise<Snapshot> {
  const isNameUnique = newUser !== undefined && uniqueUserNames;
  const [user, content, taken, active, customer, named] = await Promise.all([
    readUser(table, rpRef, userId, consistency),
    readHandleContent(table, rpRef, userHandle, consistency),
    readTakenCredentialId(table, rpRef, credential.credentialId, consistency),
    readActiveUser(table, rpRef, month, userId, consistency),
    newUser && readCustomer(table, customerId, consistency),
    isNameUnique
      ? readUserWithTakenName(table, rpRef, comparableName(newUser.userName ?? userId), consistency)
      : undefined,
  ]);
  return {
    user,
    content,
    taken,
    isActive: active !== undefined,
    customer,
    uniqueUserNames,
    isNameTaken: named !== undefined,
  };
}

/** Identifies a registration that an earlier request may have stored. */
interface RegistrationName {
  readonly ceremony: Pick<RegistrationContent, 'userId' | 'userHandle' | 'challenge'>;
  readonly credentialId: string;
  readonly attempt: string;
}

/**
 * Returns the stored registration to a request that repeats an earlier one. Returns undefined for another request, and
 * when the user or the credential was removed since.
 */
function repeated(
  { user, content }: Pick<Snapshot, 'user' | 'content'>,
  { attempt, credentialId }: Pick<RegistrationName, 'attempt' | 'credentialId'>,
  use: Use,
): StoredRegistration | undefined {
  const credential = content.credentials.find((stored) => stored.credentialId === credentialId);
  return use.attempt === attempt && user && credential ? { user, credential, use } : undefined;
}

/**
 * Finds the registration that the same request has stored before, with strongly consistent reads. Returns undefined
 * when there is none. Verifies nothing: the same request had the same response.
 */
export async function findEarlierRegistration(
  { table }: CeremonyServices,
  { rpRef }: RpServer,
  name: RegistrationName,
): Promise<StoredRegistration | undefined> {
  const { userId, userHandle, challenge } = name.ceremony;
  const [user, content] = await Promise.all([
    readUser(table, rpRef, userId, 'strong'),
    readHandleContent(table, rpRef, userHandle, 'strong'),
  ]);
  const use = content.handle && findUse(content.handle, challenge);
  return use && repeated({ user, content }, name, use);
}

/** Returns the writes of a registration, and what is stored after them. Throws the reason why it must be refused. */
function plan(
  services: CeremonyServices,
  caller: RpServer,
  registration: NewRegistration,
  snapshot: Snapshot,
): { writes: RegistrationWrites; stored: StoredRegistration } {
  const { ceremony, receivedAt, attempt, month } = registration;
  const { customerId, rpRef } = caller;
  const { taken, isActive } = snapshot;
  const { userId, userHandle } = ceremony;
  const now = services.clock.now();
  const use: Use = { begin: ceremony.begin, end: ceremony.end, usedAt: receivedAt, attempt, counted: !isActive };
  const { user, writes } = ceremony.newUser
    ? newUserWrites(services, caller, registration, snapshot, use)
    : userWrites(caller, registration, snapshot, use, now);
  if (taken && !taken.removed) {
    throw new CeremonyRefusedError('credential-exists', 'A user of the RP has this credential already.');
  }
  // A signature does not cover the credential ID. With one key under two IDs, a response would be accepted under each.
  // Members in another order or leading zeros make another COSE form of the same key, so the keys are compared as SPKI.
  const publicKey = spkiOf(registration.credential.publicKey);
  if (snapshot.content.credentials.some((other) => spkiOf(other.publicKey) === publicKey)) {
    throw new CeremonyRefusedError('credential-exists', 'The user has a credential with this public key already.');
  }
  // If the same credential was removed before, it begins with the challenges that it used then.
  const credential = { ...registration.credential, ...(taken?.removed ?? NO_USED_CHALLENGES) };
  const name = { rpRef, userHandle, credentialId: credential.credentialId };
  const { hot, info } = partsOf(credential);
  const expiresAt = services.calendar.endOf(services.calendar.plus(month, MONTHS_KEPT));
  return {
    writes: {
      ...writes,
      credential: putCredential(name, hot),
      info: putCredentialInfo(name, info),
      id: takeCredentialId(name, { userHandle, ...registration.evidence }, taken),
      active: isActive
        ? undefined
        : putActiveUserWith(
            { customerId, rpRef, month, userId, firstOperationAt: receivedAt, source: 'measured' },
            toTtl(expiresAt),
          ),
    },
    stored: { user, credential, use },
  };
}

/** The counts in a new handle item. */
const FIRST_CREDENTIAL = { credentials: 1, enabledCredentials: 1, setVersion: 1 } as const;

/** Returns the writes that add a credential to a user who exists. */
function userWrites(
  { rpRef }: RpServer,
  { ceremony: { userId, userHandle, registeredAt, challenge } }: NewRegistration,
  { user, content: { handle } }: Snapshot,
  use: Use,
  now: number,
): { user: User; writes: RegistrationWrites } {
  // A user who was removed and registered again is another user, so an earlier ceremony does not add a credential. The
  // RP may have given both the same handle.
  if (!user || user.registeredAt !== registeredAt) throw noSuchUser();
  if ((user.userHandle ?? userHandle) !== userHandle) throw noSuchUser();
  if (user.disabled) throw userDisabled();
  // Only the discarding of the RP deletes a handle item and leaves the user.
  if (!handle && user.hasHandleItem) throw noSuchUser();
  if (handle && use.begin <= handle.usedFloor) throw ceremonyUsed();
  if (handle?.userId === undefined) {
    const item = { userId, registeredAt, ...FIRST_CREDENTIAL, ...firstUse(challenge, use) };
    return {
      user: { ...user, userHandle },
      writes: {
        // Another user who was removed may have had the handle.
        handle: handle
          ? reviveUserHandle(rpRef, userHandle, handle, { challenge, use }, { user, now })
          : putUserHandle(rpRef, userHandle, item),
        user: noteHandleItem(rpRef, user, userHandle),
      },
    };
  }
  if (handle.userId !== userId) throw userHandleTaken();
  if (handle.disabled) throw userDisabled();
  if (handle.credentials >= MAX_CREDENTIALS) throw tooManyCredentials();
  return {
    user,
    writes: {
      handle: countCredentialIn(rpRef, userHandle, handle, { challenge, use }, { user, max: MAX_CREDENTIALS, now }),
    },
  };
}

/** Returns the writes that register a new user with the first credential. */
function newUserWrites(
  { clock, calendar }: CeremonyServices,
  caller: RpServer,
  { ceremony, userAttributes, receivedAt }: NewRegistration,
  { user: present, content: { handle }, customer, uniqueUserNames, isNameTaken }: Snapshot,
  use: Use,
): { user: User; writes: RegistrationWrites } {
  const { customerId, rpRef } = caller;
  const { userId, userHandle, challenge } = ceremony;
  const now = clock.now();
  if (present) throw userIdTaken();
  if (isNameTaken) throw userNameTaken(USER_NAME);
  if (handle?.userId !== undefined) throw userHandleTaken();
  if (handle && use.begin <= handle.usedFloor) throw ceremonyUsed();
  if (!customer) throw customerNotActive();
  const maxima = requireRoom(customer, 'registered-users', 1, { now, calendar });
  const profile = { userId, ...ceremony.newUser, attributes: userAttributes, userHandle };
  const user: User = { ...newUser(profile, uniqueUserNames, receivedAt), hasHandleItem: true };
  const { registeredAt } = user;
  const item = { userId, registeredAt, ...FIRST_CREDENTIAL, ...firstUse(challenge, use) };
  return {
    user,
    writes: {
      user: putUser(customerId, rpRef, user),
      rp: countRpUsersIn(customerId, rpRef, 1, uniqueUserNames),
      customer: countUsersIn(customer, 1, maxima),
      ...nameWritesOf(rpRef, user),
      handle: handle
        ? reviveUserHandle(rpRef, userHandle, handle, { challenge, use }, { user, now })
        : putUserHandle(rpRef, userHandle, item),
    },
  };
}
