import type { AuthenticationOptions, AuthenticationRequest } from '../../contract/ceremonies.ts';
import { fieldError } from '../../contract/errors/field-errors.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import { credentialsOf, readHandleContent, type WholeCredential } from '../../table/users/credentials.ts';
import { readUser } from '../../table/users/users.ts';
import type { RpServer } from '../callers.ts';
import { InvalidInputError } from '../errors.ts';
import { noSuchUser } from '../refusals.ts';
import { requireVerified } from '../rps/domain-verification.ts';
import { SECOND, toIso } from '../time.ts';
import { credentialMark, sealAuthentication } from './sealing/authentication-content.ts';
import { userVerificationOf } from './user-verification.ts';
import { beginCeremony } from './sealing/ceremony-content.ts';
import { noCredential, userDisabled } from './ceremony-refusals.ts';
import type { CeremonyServices } from './ceremony-services.ts';
import { certain } from './certain.ts';
import { madeUpUser } from './made-up-user.ts';

type Descriptor = NonNullable<AuthenticationOptions['allowCredentials']>[number];
/** The user handle of a named ceremony, and the credentials that the ceremony accepts. */
interface Named {
  readonly userHandle: string;
  readonly allowCredentials: Descriptor[];
}

/**
 * Begins an authentication: returns the options for the browser, and the sealed ceremony. Writes nothing. Without
 * `userId`, makes no call to the table, unless the RP is not verified yet. Throws `InvalidInputError` for a request for
 * less than the settings of the RP require, and, from strongly consistent reads, `NotFoundError` when the user does not
 * exist, and `CeremonyRefusedError` with `user-disabled` or `no-credential`. A list without a credential would let
 * anybody in, so the service never returns one.
 *
 * With `concealUnknownUser`, the function makes the same calls to the table and returns the same kind of options for
 * every user.
 */
export async function requestAuthenticationOptions(
  services: CeremonyServices,
  caller: RpServer,
  request: AuthenticationRequest,
) {
  await requireVerified(services, caller);
  const { rp, rpRef } = caller;
  const { userId, credentialIds, mediation, hints, concealUnknownUser } = request;
  const userVerification = userVerificationOf(request.userVerification, rp.settings, '#/userVerification');
  if (mediation && request.timeoutSeconds !== undefined) {
    throw new InvalidInputError([fieldError('#/timeoutSeconds', 'not-with-mediation')]);
  }
  if (userId === undefined) {
    if (credentialIds) throw new InvalidInputError([fieldError('#/credentialIds', 'only-with-a-user-id')]);
    if (concealUnknownUser) throw new InvalidInputError([fieldError('#/concealUnknownUser', 'only-with-a-user-id')]);
  }
  const named =
    userId === undefined
      ? undefined
      : concealUnknownUser
        ? await concealed(services, caller, userId, credentialIds)
        : await certain((consistency) => readNamed(services, caller, userId, credentialIds, consistency));

  const timeout = mediation ? undefined : (request.timeoutSeconds ?? rp.settings.timeoutSeconds) * SECOND;
  const content = beginCeremony(request, timeout, services.clock.now());
  const ceremony = await sealAuthentication(services, rpRef, {
    ...content,
    userVerification,
    ...(named &&
      userId !== undefined && {
        named: {
          userId,
          userHandle: named.userHandle,
          accepts: named.allowCredentials.map(({ id }) => credentialMark(id)),
          ...(concealUnknownUser && { isConcealed: true }),
        },
      }),
  });
  return {
    ceremony,
    options: {
      rpId: rp.rpId,
      challenge: content.challenge,
      ...(timeout !== undefined && { timeout }),
      ...(named && { allowCredentials: named.allowCredentials }),
      userVerification,
      ...(hints && { hints }),
    } satisfies AuthenticationOptions,
    expiresAt: toIso(content.end),
    ...(mediation && { mediation }),
  };
}

async function readNamed(
  { table }: CeremonyServices,
  { rpRef }: RpServer,
  userId: string,
  credentialIds: readonly string[] | undefined,
  consistency: Consistency,
): Promise<Named> {
  const user = await readUser(table, rpRef, userId, consistency);
  if (!user) throw noSuchUser();
  if (user.disabled) throw userDisabled();
  if (user.userHandle === undefined) throw noCredential();
  const content = await readHandleContent(table, rpRef, user.userHandle, consistency);
  const allowCredentials = allowed(credentialsOf(content, userId), credentialIds);
  if (allowCredentials.length === 0) throw noCredential();
  return { userHandle: user.userHandle, allowCredentials };
}

/**
 * Returns the credentials of a user, or made-up ones if the user is unknown, is disabled or has no credential that the
 * ceremony could accept. Reads with strong consistency, so that it makes the same two calls in every case.
 */
async function concealed(
  services: CeremonyServices,
  { rpRef }: RpServer,
  userId: string,
  credentialIds: readonly string[] | undefined,
): Promise<Named> {
  const { table, stageSecrets } = services;
  const madeUp = madeUpUser(await stageSecrets(), rpRef, userId);
  const user = await readUser(table, rpRef, userId, 'strong');
  const userHandle = user?.userHandle ?? madeUp.userHandle;
  const content = await readHandleContent(table, rpRef, userHandle, 'strong');
  const allowCredentials = user?.disabled ? [] : allowed(credentialsOf(content, userId), credentialIds);
  if (allowCredentials.length === 0) return madeUp;
  // Transports would tell a real credential from a made-up one.
  return { userHandle, allowCredentials: allowCredentials.map(({ type, id }) => ({ type, id })) };
}

/** Returns those credentials that are enabled and, if `credentialIds` is given, are in this list. */
const allowed = (credentials: readonly WholeCredential[], credentialIds: readonly string[] | undefined) =>
  credentials
    .filter(({ disabled, userDisabled: isUserDisabled }) => !disabled && !isUserDisabled)
    .filter(({ credentialId }) => !credentialIds || credentialIds.includes(credentialId))
    .map(({ credentialId, transports }) => ({
      type: 'public-key' as const,
      id: credentialId,
      transports: [...transports],
    }));
