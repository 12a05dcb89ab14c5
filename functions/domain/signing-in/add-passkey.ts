import { fieldError } from '../../contract/field-errors.ts';
import type { PasskeyView } from '../../contract/passkeys.ts';
import type { RegistrationResponse } from '../../contract/webauthn.ts';
import { countPasskeyIn, readAdministrator, type Administrator } from '../../table/administrators.ts';
import { useChallenge } from '../../table/signing-in/challenges.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { putMailWith } from '../../table/mails.ts';
import { putPasskey, type Passkey } from '../../table/signing-in/passkeys.ts';
import { renewSession } from '../../table/signing-in/sessions.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { AlreadyExistsError, InvalidInputError } from '../errors.ts';
import { challengeNotValid, lostRights } from '../refusals.ts';
import { passkeyIdOf } from '../ids.ts';
import { newMail } from '../mail/new-mail.ts';
import { acceptedOrLogged, CONSOLE_REQUIREMENTS, consoleRelyingParty, findChallenge } from './console-ceremonies.ts';
import { passkeyView } from './passkey-view.ts';
import { isRecentSignIn } from './recent-sign-in.ts';
import { MAX_PASSKEYS, requireRoomForPasskey, tooManyPasskeys } from './passkey-limit.ts';
import type { Services } from '../services.ts';
import { SESSION_LASTS } from './session-lifetime.ts';
import { toTtl } from '../time.ts';

/**
 * Adds a passkey that the caller has just created. A recovery session, which began with a recovery link, becomes a full
 * session for 12 hours. In a recovery session, e-mails notify the caller and the administrator who was the customer's
 * representative when the request began. In every other session, an e-mail notifies only the caller, and this e-mail is
 * omitted when the passkey is the caller's first passkey and the caller signed in within the last 5 minutes. The
 * function writes in one transaction: if the process dies, either the passkey is stored, its challenge is used and the
 * session is updated, or nothing has changed. Returns the passkey, and the remaining lifetime of the session in
 * milliseconds.
 *
 * Throws `InvalidInputError` when the challenge in the authenticator's response is not valid or the verification
 * refuses the response, `AlreadyExistsError` for a passkey that is already stored, `ForbiddenError` when the caller has
 * the maximum number of passkeys, and `UnauthenticatedError` when the caller has lost their rights or signed out, or
 * the customer is not active. The transaction fails if one of these events happened after the function read the items:
 *
 * - The caller reached the maximum number of passkeys.
 * - The caller lost rights, was removed or signed out.
 * - The challenge was used.
 * - The customer unsubscribed.
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
    signCount: credential.signCount,
    transports: credential.transports,
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
  const hasLostRights = failures?.administrator && counted?.sessionGeneration !== administrator.sessionGeneration;
  if (failures?.session || failures?.customer || hasLostRights) throw lostRights();
  if (failures?.challenge) throw challengeNotValid();
  if (failures?.passkey) throw new AlreadyExistsError('This passkey was added already.');
  // Another request added a passkey after the administrator was read, so the new passkey is not the caller's first
  // passkey. The function retries and then sends the e-mail.
  if (counted && isFirst) return addPasskey(services, { ...caller, administrator: counted }, added);
  if (failures) throw tooManyPasskeys();
  logChange(log, {
    actor: actorOf(caller),
    what: 'passkey',
    customerId,
    before: null,
    after: { administratorId, id: passkey.id, name, ...(recovers && { by: 'recovery-link' }) },
  });
  return { passkey: passkeyView(passkey), sessionLasts: expiresAt - now };
}

/**
 * Verifies an authenticator's response, and returns the challenge and the credential that the response contains. Throws
 * `InvalidInputError` when the response is refused.
 */
async function verify(
  services: Services,
  { customerId, administratorId }: Administrator,
  passkey: RegistrationResponse,
) {
  const ceremony = { kind: 'registration', customerId, administratorId } as const;
  const challenge = await findChallenge(services, passkey.response, ceremony);
  if (challenge === undefined) throw challengeNotValid();
  const { attestation, authenticatorSelection } = CONSOLE_REQUIREMENTS;
  const { userVerification } = authenticatorSelection;
  // The Lambda function `console` imports the verification code only here, because its other requests need no
  // verification.
  const { verifyRegistration } = await import('../webauthn/registration.ts');
  const verification = await verifyRegistration(
    consoleRelyingParty(services),
    { challenge, attestation, userVerification },
    passkey,
  );
  const credential = acceptedOrLogged(services.log, verification);
  if (!credential) throw new InvalidInputError([fieldError('#/passkey/response', 'passkey-not-valid')]);
  return { challenge, credential };
}

/**
 * Returns the writes that store the e-mails about a new passkey. The owner of the passkey gets an e-mail. If the owner
 * signed in with a recovery link and is not the representative, the representative also gets an e-mail.
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
