import type { RegistrationOptions, RegistrationRequest } from '../../contract/ceremonies.ts';
import { fieldError } from '../../contract/errors/field-errors.ts';
import { readCustomer } from '../../table/customers/customers.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import type { RpSettings } from '../../table/rp-settings.ts';
import { credentialsOf, readHandleContent } from '../../table/users/credentials.ts';
import { readUser } from '../../table/users/users.ts';
import { needsTrustedAttestation } from '../attestation/authenticator-settings.ts';
import type { RpServer } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { requireRoom } from '../licenses/license-room.ts';
import { customerNotActive, noSuchUser } from '../refusals.ts';
import { requireVerified } from '../rps/domain-verification.ts';
import { SECOND, toIso } from '../time.ts';
import { newUserHandle } from '../users/new-user.ts';
import { userNameOf } from '../users/user-names.ts';
import { ALGORITHMS } from '../webauthn/algorithms.ts';
import { beginCeremony } from './sealing/ceremony-content.ts';
import { userDisabled } from './ceremony-refusals.ts';
import type { CeremonyServices } from './ceremony-services.ts';
import { certain } from './certain.ts';
import { MAX_CREDENTIALS, tooManyCredentials } from '../credentials/credential-limit.ts';
import { requireNewUser } from './new-user.ts';
import { sealRegistration } from './sealing/registration-content.ts';
import { userVerificationOf } from './user-verification.ts';

/** The user of a registration as the options show the user, and the credentials that the user has. */
interface Registrant {
  readonly userHandle: string;
  readonly userName: string;
  readonly displayName: string | null;
  /** @default - the ceremony creates the user */
  readonly registeredAt?: number | undefined;
  readonly excludeCredentials: RegistrationOptions['excludeCredentials'];
}

/**
 * Begins a registration: returns the options for the browser, and the sealed ceremony. Writes nothing. Throws
 * `InvalidInputError` for a request for less than the settings of the RP require, and, from strongly consistent reads:
 *
 * - with `createUser`: `AlreadyExistsError` if the user ID, the user handle or a unique user name is taken, and the
 *   errors of `requireRoom` if the license allows no further user
 * - otherwise: `NotFoundError` if the user does not exist, and `CeremonyRefusedError` with `user-disabled` or
 *   `too-many-credentials`
 *
 * The end of the ceremony checks all of this again. `note` is a JSON value that is sealed into the ceremony.
 */
export async function requestRegistrationOptions(
  services: CeremonyServices,
  caller: RpServer,
  request: RegistrationRequest,
  note?: unknown,
) {
  await requireVerified(services, caller);
  const { rp } = caller;
  const { userId, createUser, user, mediation, hints } = request;
  const { authenticatorSelection, attestation } = requirementsOf(request, rp.settings);
  if (createUser && mediation) throw new InvalidInputError([fieldError('#/mediation', 'not-for-a-new-user')]);
  if (!createUser && user) throw new InvalidInputError([fieldError('#/user', 'only-for-a-new-user')]);
  const { userHandle, userName, displayName, registeredAt, excludeCredentials } = await certain((consistency) =>
    createUser
      ? newRegistrant(services, caller, request, consistency)
      : readRegistrant(services, caller, userId, consistency),
  );

  // A conditional registration does not wait for the user, so it lasts no longer than any other.
  const timeout = (request.timeoutSeconds ?? rp.settings.timeoutSeconds) * SECOND;
  const content = beginCeremony(request, timeout, services.clock.now());
  const ceremony = await sealRegistration(services, caller.rpRef, {
    ...content,
    ...{ userId, userHandle, registeredAt, attestation },
    userVerification: authenticatorSelection.userVerification,
    ...(createUser && { newUser: { userName: user?.userName, displayName } }),
    ...(mediation && { isConditional: true }),
    note,
  });
  return {
    ceremony,
    options: {
      rp: { id: rp.rpId, name: rp.name },
      user: { id: userHandle, name: userName, displayName: displayName ?? '' },
      challenge: content.challenge,
      pubKeyCredParams: ALGORITHMS.map((alg) => ({ type: 'public-key' as const, alg })),
      timeout,
      excludeCredentials,
      authenticatorSelection,
      ...(hints && { hints }),
      attestation,
      extensions: { credProps: true },
    } satisfies RegistrationOptions,
    expiresAt: toIso(content.end),
    ...(mediation && { mediation }),
  };
}

/**
 * Returns what the options require of the authenticator: the values in the request, or else the settings of the RP.
 * Throws `InvalidInputError` when the request asks for less than a setting that is a floor.
 */
function requirementsOf(
  { authenticatorSelection: asked = {}, attestation }: RegistrationRequest,
  settings: RpSettings,
) {
  const residentKey = asked.residentKey ?? settings.residentKey;
  const userVerification = userVerificationOf(
    asked.userVerification,
    settings,
    '#/authenticatorSelection/userVerification',
  );
  const needsAttestation = needsTrustedAttestation(settings);
  if (needsAttestation && (attestation === 'none' || attestation === 'indirect')) {
    throw new InvalidInputError([fieldError('#/attestation', 'less-than-the-setting')]);
  }
  return {
    authenticatorSelection: {
      ...(asked.authenticatorAttachment && { authenticatorAttachment: asked.authenticatorAttachment }),
      residentKey,
      requireResidentKey: residentKey === 'required',
      userVerification,
    },
    attestation:
      attestation ?? (needsAttestation && settings.attestation !== 'enterprise' ? 'direct' : settings.attestation),
  };
}

async function readRegistrant(
  { table }: CeremonyServices,
  { rpRef }: RpServer,
  userId: string,
  consistency: Consistency,
): Promise<Registrant> {
  const user = await readUser(table, rpRef, userId, consistency);
  if (!user) throw noSuchUser();
  if (user.disabled) throw userDisabled();
  const { userHandle = newUserHandle() } = user;
  const credentials = credentialsOf(await readHandleContent(table, rpRef, userHandle, consistency), userId);
  if (credentials.length >= MAX_CREDENTIALS) throw tooManyCredentials();
  return {
    userHandle,
    userName: userNameOf(user),
    displayName: user.displayName,
    registeredAt: user.registeredAt,
    excludeCredentials: credentials.map(({ credentialId, transports }) => ({
      type: 'public-key' as const,
      id: credentialId,
      transports: [...transports],
    })),
  };
}

async function newRegistrant(
  { table, clock, calendar }: CeremonyServices,
  caller: RpServer,
  { userId, user = {} }: RegistrationRequest,
  consistency: Consistency,
): Promise<Registrant> {
  const { userHandle = newUserHandle(), userName = userId, displayName = null } = user;
  const [customer] = await Promise.all([
    readCustomer(table, caller.customerId, consistency),
    requireNewUser(table, caller, { userId, userName, userHandle: user.userHandle }, consistency),
  ]);
  if (!customer) throw customerNotActive();
  requireRoom(customer, 'registered-users', 1, { now: clock.now(), calendar });
  return { userHandle, userName, displayName, excludeCredentials: [] };
}
