import { verifyRegistrationResponse } from '@simplewebauthn/server';
import { decodeAttestationObject, isoBase64URL } from '@simplewebauthn/server/helpers';
import type { PasskeyView } from '../../contract/passkeys.ts';
import type { RegistrationResponse } from '../../contract/webauthn.ts';
import { countPasskeyIn, readAdministrator, type Administrator } from '../../table/administrators.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { putMailWith } from '../../table/mails.ts';
import { putPasskey, type Passkey } from '../../table/signing-in/passkeys.ts';
import { renewSession } from '../../table/signing-in/sessions.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { actorOf, LOST_RIGHTS, type AdministratorCaller } from '../callers.ts';
import { ALGORITHMS, consoleInWebAuthn, findChallenge, unlessRefused } from '../webauthn/ceremonies.ts';
import { logChange } from '../change-log.ts';
import { AlreadyExistsError, ForbiddenError, InvalidInputError, UnauthenticatedError } from '../errors.ts';
import { passkeyIdOf } from '../ids.ts';
import { newMail } from '../mail/new-mail.ts';
import { passkeyView } from './passkey-view.ts';
import { isRecentSignIn } from './recent-sign-in.ts';
import { MAX_PASSKEYS, requireRoomForPasskey, TOO_MANY_PASSKEYS } from './passkey-limit.ts';
import type { Services } from '../services.ts';
import { SESSION_LASTS } from './session-lifetime.ts';
import { toTtl } from '../time.ts';

/**
 * Adds a passkey of the caller, who has then just done a passkey ceremony. A session that may only do this becomes one that
 * may do all, for 12 hours, and e-mails tell of it: to the caller and the representative of when the request began. Of any other
 * an e-mail tells the caller, but for the first one right after signing in. All is one transaction: if the process dies, the
 * passkey is there, its challenge used and the session moved on, or nothing was done.
 *
 * Throws `InvalidInputError` for a response that is not to our challenge or not as it must be, `AlreadyExistsError` for a
 * passkey that is there, `ForbiddenError` for one too many. What comes between is a condition of the transaction: another
 * passkey at the maximum, the challenge used, rights taken, the administrator removed, signed out, unsubscribed.
 */
export async function addPasskey(
  services: Services,
  caller: AdministratorCaller,
  added: { name: string; passkey: RegistrationResponse },
): Promise<{ passkey: PasskeyView; sessionLasts: number }> {
  const { name, passkey: response } = added;
  const { table, clock, log } = services;
  const { token, session, administrator } = caller;
  const { customerId, administratorId } = administrator;
  requireRoomForPasskey(administrator);
  const { challenge, credential } = await verify(services, administrator, response);

  const now = clock.now();
  const passkey: Passkey = {
    customerId,
    administratorId,
    id: passkeyIdOf(credential.id),
    credentialId: credential.id,
    publicKey: credential.publicKey,
    signCount: credential.counter,
    transports: credential.transports ?? [],
    name,
    createdAt: now,
    lastUsedAt: null,
  };
  const recovers = session.mayOnly !== undefined;
  const isFirst = (administrator.passkeys ?? 0) === 0;
  const expiresAt = recovers ? now + SESSION_LASTS : session.expiresAt;
  const failures = await transact(table, {
    challenge: useChallenge(challenge, { kind: 'registration', customerId, administratorId }),
    passkey: putPasskey(passkey),
    administrator: countPasskeyIn(administrator, MAX_PASSKEYS),
    customer: checkCustomerActive(customerId),
    session: renewSession(token, now, expiresAt, toTtl(expiresAt)),
    ...((recovers || !isFirst || !isRecentSignIn(caller, now)) && (await tell(services, caller, passkey))),
  });
  const counted = failures?.administrator?.item;
  const lostRights = failures?.administrator && counted?.sessionGeneration !== administrator.sessionGeneration;
  if (failures?.session || failures?.customer || lostRights) throw new UnauthenticatedError(LOST_RIGHTS);
  if (failures?.challenge) throw new InvalidInputError([NOT_OUR_CHALLENGE]);
  if (failures?.passkey) throw new AlreadyExistsError('This passkey was added already.');
  // It is not the first one any more: it is told of.
  if (counted && isFirst) return addPasskey(services, { ...caller, administrator: counted }, added);
  if (failures) throw new ForbiddenError(TOO_MANY_PASSKEYS);
  logChange(log, {
    actor: actorOf(caller),
    what: 'passkey',
    customerId,
    before: null,
    after: { administratorId, id: passkey.id, name, ...(recovers && { by: 'recovery-link' }) },
  });
  return { passkey: passkeyView(passkey), sessionLasts: expiresAt - now };
}

const NOT_OUR_CHALLENGE = {
  pointer: '#/passkey/response/clientDataJSON',
  detail: 'Must be the answer to a challenge that you were given within the last 5 minutes and have not used',
};

/** Verifies a response: gives the challenge that it answers and the credential. */
async function verify(
  services: Services,
  { customerId, administratorId }: Administrator,
  { id, rawId, type, response }: RegistrationResponse,
) {
  const { rpId, origin } = consoleInWebAuthn(services);
  const challenge = await findChallenge(services, response, { kind: 'registration', customerId, administratorId });
  if (challenge === undefined) throw new InvalidInputError([NOT_OUR_CHALLENGE]);
  const registration = await unlessRefused(services.log, async () => {
    refuseCertificates(response);
    return verifyRegistrationResponse({
      response: { id, rawId, type, response, clientExtensionResults: {} },
      expectedChallenge: challenge,
      expectedOrigin: origin,
      expectedRPID: rpId,
      requireUserVerification: true,
      supportedAlgorithmIDs: ALGORITHMS,
    });
  });
  // The ID inside what the authenticator made is the passkey's; a response that names another one could never sign in.
  if (!registration?.verified || registration.registrationInfo.credential.id !== id) {
    throw new InvalidInputError([
      { pointer: '#/passkey/response', detail: 'Must be made for the console, with the options that were given' },
    ]);
  }
  return { challenge, credential: registration.registrationInfo.credential };
}

/**
 * Refuses an attestation that has a certificate. None was asked for, and browsers take away what an authenticator says of
 * itself but for a signature with the passkey itself. To verify certificates takes more code than all else here.
 */
function refuseCertificates({ attestationObject }: RegistrationResponse['response']): void {
  const attestation = decodeAttestationObject(isoBase64URL.toBuffer(attestationObject));
  const fmt = attestation.get('fmt');
  const isOfItself = fmt === 'packed' && !attestation.get('attStmt').get('x5c');
  if (fmt !== 'none' && !isOfItself) throw new Error('An attestation with a certificate was not asked for');
}

/**
 * Gives the writes that have a passkey told of to whoever has it and, if it was added by a recovery link, to the
 * representative, if another person.
 */
async function tell(
  { table }: Services,
  { session, administrator, customer }: AdministratorCaller,
  { name: passkeyName, createdAt: addedAt }: Passkey,
): Promise<Record<string, Write>> {
  const { customerId, administratorId, name, email } = administrator;
  const { name: customerName, representativeId } = customer;
  const isRepresentatives = representativeId === administratorId;
  const byLink = session.mayOnly !== undefined;
  const representative =
    byLink && !isRepresentatives ? await readAdministrator(table, customerId, representativeId, 'strong') : undefined;
  const told = [email, ...(representative ? [representative.email] : [])];
  const about = { customerId, customerName, name, passkeyName, addedAt, byLink, isRepresentatives };
  return Object.fromEntries(
    told.map((to) => [
      `mail to ${to}`,
      putMailWith(...newMail({ template: 'passkey-added', to, ...about, isOwn: to === email }, addedAt)),
    ]),
  );
}
