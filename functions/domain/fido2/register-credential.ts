import type { RegistrationEnd } from '../../contract/ceremonies.ts';
import type { HandleContent, WholeCredential } from '../../table/users/credentials.ts';
import { NO_USED_CHALLENGES } from '../../table/users/used-challenges.ts';
import type { RpServer } from '../callers.ts';
import { CeremonyRefusedError, InvalidInputError } from '../errors.ts';
import { fieldError } from '../../contract/errors/field-errors.ts';
import { credentialNameOf, type NameTemplate } from '../credentials/credential-name.ts';
import { credentialView } from '../credentials/credential-view.ts';
import { requireVerified } from '../rps/domain-verification.ts';
import { readSettledContent } from '../users/settled-content.ts';
import { userView } from '../users/user-view.ts';
import { decodeAttestationObject } from '../webauthn/attestation-object.ts';
import { verifyRegistration } from '../webauthn/registration.ts';
import { attemptOf } from './attempt.ts';
import { hasEnded } from './sealing/ceremony-content.ts';
import { refusedBy } from './ceremony-refusals.ts';
import { relyingPartyOf } from './ceremony-rp.ts';
import type { CeremonyServices } from './ceremony-services.ts';
import type { EndingRequest } from './ending-request.ts';
import { judgeAuthenticator } from './judge-authenticator.ts';
import { openRegistration, type RegistrationContent } from './sealing/registration-content.ts';
import { signalsOf } from './signals.ts';
import { withFloor } from './user-verification.ts';
import { findEarlierRegistration, storeRegistration, type StoredRegistration } from './store-registration.ts';

/** The end of a registration. */
export interface RegistrationToEnd extends Omit<RegistrationEnd, 'credential' | 'signals'> {
  readonly credential?: NewCredential | undefined;
  /** Whether the service keeps the response, even if the RP requested no attestation. @default false */
  readonly keepsResponse?: boolean;
}
interface NewCredential {
  readonly name?: NameTemplate | undefined;
  readonly attributes?: Readonly<Record<string, unknown>> | null | undefined;
}

/** A registration that has ended, and everything that the user has now. */
type EndedRegistration = StoredRegistration & {
  readonly content: HandleContent;
  /** @default - nobody asked for a token */
  readonly token: string | undefined;
};

/**
 * Ends a registration as `endRegistration` says. Returns the user and the credential as the API's responses show them.
 */
export async function registerCredential(
  services: CeremonyServices,
  caller: RpServer,
  end: RegistrationEnd,
  request: EndingRequest,
) {
  const { dryRun, signals } = end;
  const { user, credential, use, content, token } = await endRegistration(services, caller, end, request);
  return {
    user: userView(user, content.handle),
    credential: credentialView(credential),
    operation: dryRun
      ? null
      : {
          month: services.calendar.monthOf(use.usedAt),
          status: use.counted ? ('counted' as const) : ('already-counted' as const),
        },
    signals: signalsOf(caller.rp.rpId, user, signals ? content.credentials : undefined),
    ...(token !== undefined && { token }),
    ...(dryRun && { dryRun }),
  };
}

/**
 * Ends a registration: verifies the response of the authenticator, stores the credential and, if the ceremony began
 * with `createUser`, the user, and counts the user as an active user of the month in which the request began. With
 * `dryRun`, verifies everything and stores nothing.
 *
 * Throws `CeremonyRefusedError` when the RP is not verified, when the ceremony is not valid or has expired, when the
 * response is refused, and when the settings of the RP do not allow the authenticator; and the errors of
 * `storeRegistration`.
 */
export async function endRegistration(
  services: CeremonyServices,
  caller: RpServer,
  end: RegistrationToEnd,
  { idempotencyKey, receivedAt }: EndingRequest,
): Promise<EndedRegistration> {
  const { ceremony: sealed, response, context, user: newUser, credential: asked = {}, dryRun, token } = end;
  const { table, clock, calendar } = services;
  const { rpRef } = caller;
  await requireVerified(services, caller);
  const ceremony = await openRegistration(services, rpRef, sealed);
  const isOver = hasEnded(ceremony, { context, idempotencyKey }, clock.now());
  if (newUser && !ceremony.newUser) throw new InvalidInputError([fieldError('#/user', 'only-for-a-new-user')]);

  const attempt = attemptOf(caller, idempotencyKey, response);
  const tokenOf =
    token && !dryRun ? await (await import('./tokens/open-tokens.ts')).openTokens(services, caller) : undefined;
  const register = async (): Promise<StoredRegistration> => {
    const { clientDataJSON, attestationObject } = response.response;
    const isKept = end.keepsResponse === true || ceremony.attestation !== 'none';
    const registration = {
      ...{ ceremony, isOver, attempt, receivedAt, month: calendar.monthOf(receivedAt) },
      credential: await newCredential(services, caller, ceremony, { response, asked, receivedAt }),
      evidence: isKept ? { clientDataJSON, attestationObject } : {},
      userAttributes: newUser?.attributes,
    };
    return storeRegistration(services, caller, registration, dryRun);
  };
  const stored = await register().catch(async (refusal: unknown) => {
    // The settings of the RP may have changed since the RP made the request for the first time.
    const earlier =
      refusal instanceof CeremonyRefusedError && idempotencyKey !== undefined
        ? await findEarlierRegistration(services, caller, { ceremony, attempt, credentialId: response.id })
        : undefined;
    if (!earlier) throw refusal;
    return earlier;
  });
  return {
    ...stored,
    content: await readSettledContent(table, rpRef, { ...stored.user, hasHandleItem: true }),
    token: await tokenOf?.({
      ...{ type: 'registration', challenge: ceremony.challenge, acceptedAt: stored.use.usedAt },
      ...{ userId: stored.user.userId, credentialId: response.id, response: response.response },
      authenticatorData: authenticatorDataIn(response),
    }),
  };
}

/** Returns the authenticator data of a response that was accepted. */
const authenticatorDataIn = ({ response }: RegistrationEnd['response']): Uint8Array =>
  decodeAttestationObject(Buffer.from(response.attestationObject, 'base64url')).authData;

/**
 * Verifies the response of a registration ceremony, and returns the credential in it as the table stores it. Throws
 * `CeremonyRefusedError` when the response is refused, or the settings of the RP do not allow the authenticator.
 */
async function newCredential(
  services: CeremonyServices,
  caller: RpServer,
  ceremony: RegistrationContent,
  { response, asked, receivedAt }: Pick<RegistrationEnd, 'response'> & { asked: NewCredential; receivedAt: number },
): Promise<WholeCredential> {
  const { accepted, refusal } = await verifyRegistration(
    relyingPartyOf(caller, response.response),
    withFloor(ceremony, caller.rp.settings),
    response,
  );
  if (refusal) throw refusedBy(refusal);
  const { authenticator, authenticatorName, attestation } = await judgeAuthenticator(
    services,
    caller.rp.settings,
    accepted,
  );
  return {
    credentialId: accepted.id,
    userId: ceremony.userId,
    publicKey: accepted.publicKey,
    signCount: accepted.signCount,
    backupEligible: accepted.backupEligible,
    backedUp: accepted.backedUp,
    userVerified: accepted.userVerified,
    createdAt: receivedAt,
    lastUsedAt: null,
    countedMonth: services.calendar.monthOf(receivedAt),
    version: 1,
    ...NO_USED_CHALLENGES,
    name: credentialNameOf(asked.name, authenticatorName),
    attributes: asked.attributes ? JSON.stringify(asked.attributes) : null,
    authenticator,
    algorithm: accepted.algorithm,
    transports: accepted.transports,
    discoverable: accepted.discoverable,
    attestation,
    origin: accepted.origin,
    attachment: accepted.attachment,
  };
}
