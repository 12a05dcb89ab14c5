import { putActiveUserWith, readActiveUser } from '../../table/metering/active-users.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import { transact } from '../../table/engine/transaction.ts';
import { UnavailableError } from '../../table/engine/unavailable-error.ts';
import {
  acceptAuthentication as accept,
  acceptAuthenticationWith,
  readHandleContent,
  type Authentication,
  type CredentialName,
  type HandleContent,
  type WholeCredential,
} from '../../table/users/credentials.ts';
import { findUse, type Use } from '../../table/users/used-challenges.ts';
import type { UserHandle } from '../../table/users/user-handles.ts';
import type { Month } from '../calendar.ts';
import type { RpServer } from '../callers.ts';
import { CeremonyRefusedError, DomainError } from '../errors.ts';
import { MONTHS_KEPT } from '../retention.ts';
import { toTtl } from '../time.ts';
import type { Authentication as Verified } from '../webauthn/authentication.ts';
import type { AuthenticationContent } from './sealing/authentication-content.ts';
import { ceremonyExpired } from './sealing/ceremony-content.ts';
import { ceremonyUsed, responseInvalid, userDisabled } from './ceremony-refusals.ts';
import type { CeremonyServices } from './ceremony-services.ts';

/** A verified authentication that is to be accepted. */
export interface NewAuthentication {
  readonly ceremony: AuthenticationContent;
  /** Whether the ceremony has ended, so that the request can only repeat an earlier one. */
  readonly isOver: boolean;
  readonly userHandle: string;
  readonly attempt: string;
  /** The time at which the service received the request, in epoch milliseconds. */
  readonly receivedAt: number;
  readonly month: Month;
  /** The items that the service has read under the user handle. */
  readonly found: HandleContent;
  /** The credential in `found` with whose public key the response was verified. */
  readonly credential: WholeCredential;
  /** The values in the verified response. */
  readonly verified: Verified;
}

/** An authentication that is accepted. */
export interface AcceptedAuthentication {
  readonly credential: WholeCredential;
  readonly handle: UserHandle | undefined;
  readonly use: Use;
  readonly userVerified: boolean;
  /** False if the sign count did not increase, and the RP's settings only report this. */
  readonly signCountIncreased: boolean;
  /** Whether the BE flag has changed, and the RP's settings only report this. */
  readonly backupEligibilityChanged: boolean;
}

/** Returns what a request gets that repeats an accepted one. `userVerified` is from the response. */
export const repeatedAuthentication = (
  credential: WholeCredential,
  handle: UserHandle | undefined,
  use: Use,
  { userVerified }: Pick<Verified, 'userVerified'>,
): AcceptedAuthentication => ({
  ...{ credential, handle, use, userVerified },
  signCountIncreased: true,
  backupEligibilityChanged: false,
});

/**
 * The maximum number of tries. The second try may follow a stale read. Each later one needs another request that has
 * succeeded meanwhile.
 */
const MAX_TRIES = 20;

/**
 * Accepts a verified authentication with one conditional write, and counts the user as an active user of the month in
 * the same write. If the process dies after the write, the authentication is accepted and the user is counted, and a
 * repetition of the request with the same attempt finds this. If it dies before, nothing has changed.
 *
 * The first try uses what the service has read with eventual consistency. If its condition is false, or the reads show
 * a reason to refuse the authentication, the function reads again with strong consistency. These reads show the reason,
 * or an earlier try of the same request, or a change that a further try takes into account.
 *
 *     A: the administrator disables the user              B: the user signs in
 *                                                         B reads the credential: enabled
 *     A's transaction disables the user's credentials
 *                                                         B's update fails: the credential is disabled
 *                                                         B reads again, and refuses the sign-in
 *
 * Throws `CeremonyRefusedError` with `ceremony-used`, `ceremony-expired`, `credential-disabled`, `user-disabled`,
 * `sign-count-not-increased`, `response-invalid` (the BE flag has changed) or `credential-unknown` (the credential was
 * removed).
 */
export async function acceptAuthentication(
  services: CeremonyServices,
  caller: RpServer,
  authentication: NewAuthentication,
): Promise<AcceptedAuthentication> {
  const { table } = services;
  const { rpRef } = caller;
  const { userHandle, credential: verified } = authentication;
  let { found, credential } = authentication;
  let consistency: Consistency = 'eventual';
  for (let tries = 0; tries < MAX_TRIES; tries += 1) {
    try {
      const accepted = await tryOnce(services, caller, { ...authentication, found, credential }, consistency);
      if (accepted) return accepted;
    } catch (refusal) {
      if (consistency === 'strong' || !(refusal instanceof DomainError)) throw refusal;
    }
    consistency = 'strong';
    found = await readHandleContent(table, rpRef, userHandle, consistency);
    const again = found.credentials.find(({ credentialId }) => credentialId === verified.credentialId);
    // The response was verified with another public key if the credential was removed and registered again.
    if (!again || !Buffer.from(again.publicKey).equals(Buffer.from(verified.publicKey))) {
      throw new CeremonyRefusedError('credential-unknown', 'The credential was removed.');
    }
    credential = again;
  }
  throw new UnavailableError('The credential changes too often.');
}

/** Makes one try. Returns undefined when another request has changed the credential since it was read. */
async function tryOnce(
  services: CeremonyServices,
  { customerId, rpRef, rp: { settings } }: RpServer,
  { ceremony, isOver, userHandle, attempt, receivedAt, month, found, credential, verified }: NewAuthentication,
  consistency: Consistency,
): Promise<AcceptedAuthentication | undefined> {
  const { table, clock, calendar } = services;
  const { handle } = found;
  // Whether the challenge was used is judged first: after an accepted authentication, the sign count is not new either.
  const earlier = findUse(credential, ceremony.challenge);
  const signCountIncreased =
    credential.signCount === 0 && verified.signCount === 0 ? true : verified.signCount > credential.signCount;
  const backupEligibilityChanged =
    credential.backupEligible !== null && credential.backupEligible !== verified.backupEligible;
  if (earlier) {
    if (earlier.attempt !== attempt) throw ceremonyUsed(earlier.usedAt);
    return repeatedAuthentication(credential, handle, earlier, verified);
  }
  if (isOver) throw ceremonyExpired();
  if (ceremony.begin <= credential.usedFloor) throw ceremonyUsed();
  if (credential.disabled) throw new CeremonyRefusedError('credential-disabled', 'The credential is disabled.');
  if (credential.userDisabled) throw userDisabled();
  const refusesChange =
    settings.backupEligibility === 'refuse' || settings.requireTrustedAttestation || credential.attestation.trusted;
  if (backupEligibilityChanged && refusesChange) {
    throw responseInvalid('backup-eligibility', 'The flag BE differs from its value at the registration.');
  }
  if (!signCountIncreased && settings.signCount === 'refuse') {
    throw new CeremonyRefusedError(
      'sign-count-not-increased',
      'The sign count did not increase. The authenticator may have been cloned, or a sign-in that began later ended first.',
      { stored: credential.signCount, received: verified.signCount },
    );
  }

  const name: CredentialName = { rpRef, userHandle, credentialId: credential.credentialId };
  const { userId } = credential;
  const isCounted =
    credential.countedMonth === month || (await readActiveUser(table, rpRef, month, userId, consistency)) !== undefined;
  const use: Use = { begin: ceremony.begin, end: ceremony.end, usedAt: receivedAt, attempt, counted: !isCounted };
  const authentication: Authentication = {
    ...{ challenge: ceremony.challenge, use, month },
    signCount: verified.signCount,
    onSignCount: settings.signCount,
    backupEligible: verified.backupEligible,
    backedUp: verified.backedUp,
  };
  const now = clock.now();
  const { userVerified } = verified;
  if (isCounted) {
    const { updated } = await accept(table, name, credential, authentication, now);
    if (!updated) return undefined;
    return {
      credential: { ...credential, ...updated },
      handle,
      use,
      userVerified,
      signCountIncreased,
      backupEligibilityChanged,
    };
  }
  const expiresAt = calendar.endOf(calendar.plus(month, MONTHS_KEPT));
  const failures = await transact(table, {
    credential: acceptAuthenticationWith(name, credential, authentication, now),
    active: putActiveUserWith(
      { customerId, rpRef, month, userId, firstOperationAt: receivedAt, source: 'measured' },
      toTtl(expiresAt),
    ),
  });
  if (failures) return undefined;
  const updated: WholeCredential = {
    ...credential,
    signCount: Math.max(credential.signCount, verified.signCount),
    backupEligible: verified.backupEligible,
    backedUp: verified.backedUp,
    lastUsedAt: receivedAt,
  };
  return { credential: updated, handle, use, userVerified, signCountIncreased, backupEligibilityChanged };
}
