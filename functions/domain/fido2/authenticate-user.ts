import type { AuthenticationEnd } from '../../contract/ceremonies.ts';
import type { Table } from '../../table/engine/client.ts';
import {
  readCredential,
  readHandleContent,
  readTakenCredentialId,
  type CredentialName,
  type HandleContent,
  type WholeCredential,
} from '../../table/users/credentials.ts';
import { readUser, type User } from '../../table/users/users.ts';
import type { Consistency } from '../../table/engine/reads.ts';
import type { RpServer } from '../callers.ts';
import { credentialView } from '../credentials/credential-view.ts';
import { CeremonyRefusedError } from '../errors.ts';
import { noSuchUser } from '../refusals.ts';
import type { ApiKeyServices } from '../rps/authenticate-api-key.ts';
import { requireVerified } from '../rps/domain-verification.ts';
import { readSettledContent } from '../users/settled-content.ts';
import { userView } from '../users/user-view.ts';
import { isUserVerifiedIn, verifyAuthentication } from '../webauthn/authentication.ts';
import { acceptAuthentication, repeatedAuthentication, type AcceptedAuthentication } from './accept-authentication.ts';
import { attemptOf } from './attempt.ts';
import { credentialMark, openAuthentication, type AuthenticationContent } from './sealing/authentication-content.ts';
import { isBegunByRp } from './sealing/begun-by-rp.ts';
import { hasEnded } from './sealing/ceremony-content.ts';
import { responseInvalid } from './ceremony-refusals.ts';
import { relyingPartyOf } from './ceremony-rp.ts';
import type { CeremonyServices } from './ceremony-services.ts';
import type { EndingRequest } from './ending-request.ts';
import { signalsOf } from './signals.ts';
import { withFloor } from './user-verification.ts';
import { verifyCredential } from './verify-credential.ts';

/**
 * Ends an authentication as `endAuthentication` says. Returns what the API's responses show. The service or the RP's
 * server has begun the ceremony. The code for the latter is loaded when the first such ceremony ends.
 */
export async function authenticateUser(
  services: CeremonyServices & ApiKeyServices,
  caller: RpServer,
  { ceremony: text, signals, ...end }: AuthenticationEnd,
  request: EndingRequest,
) {
  const ceremony = isBegunByRp(text)
    ? await (await import('./sealing/open-begun-by-rp.ts')).openBegunByRp(services, caller, text, end.context)
    : await openAuthentication(services, caller.rpRef, text);
  const { user, userHandle, credential, handle, use, userVerified, token, ...changes } = await endAuthentication(
    services,
    caller,
    ceremony,
    end,
    request,
  );
  const { signCountIncreased, backupEligibilityChanged } = changes;
  const all = signals ? await readAllOf(services.table, caller.rpRef, userHandle) : undefined;
  return {
    user: userView(user, handle),
    credential: credentialView(credential),
    userVerified,
    ...(!signCountIncreased && { signCountIncreased }),
    ...(backupEligibilityChanged && { backupEligibilityChanged }),
    operation: {
      month: services.calendar.monthOf(use.usedAt),
      status: use.counted ? ('counted' as const) : ('already-counted' as const),
    },
    signals: signalsOf(caller.rp.rpId, user, all?.credentials),
    ...(token !== undefined && { token }),
  };
}

/**
 * Reads everything that a user has who has just signed in. The user handle is that of the ceremony: the user's item was
 * read with eventual consistency, and may be older than the first credential. A browser would destroy the passkeys that
 * a list of all credentials lacks.
 */
export const readAllOf = (table: Table, rpRef: string, userHandle: string): Promise<HandleContent> =>
  readSettledContent(table, rpRef, { userHandle, hasHandleItem: true });

/** An authentication that was accepted. */
export interface EndedAuthentication extends AcceptedAuthentication {
  readonly user: User;
  /** The user handle with which the user signed in, as base64url. */
  readonly userHandle: string;
  /** @default - nobody asked for a token */
  readonly token: string | undefined;
}

/**
 * Ends an authentication with the opened ceremony: verifies the response of the authenticator, accepts it once, and
 * counts the user as an active user of the month in which the request began.
 *
 * The function makes two rounds of calls to the table: it reads the credential, and then accepts the authentication and
 * reads the user. A user's first authentication of a month takes a third round. The first token that a process signs
 * for an RP takes a further one, before the others; the code of tokens is loaded only when the RP asks for one.
 *
 * Throws `CeremonyRefusedError` when the RP is not verified, when the ceremony is not valid, has expired or was used,
 * and when the response is refused. If the ceremony began with `concealUnknownUser`, every refusal that could tell
 * something about the user is `sign-in-refused`.
 */
export async function endAuthentication(
  services: CeremonyServices,
  caller: RpServer,
  ceremony: AuthenticationContent,
  { response, context, token }: Omit<AuthenticationEnd, 'ceremony' | 'signals'>,
  { idempotencyKey, receivedAt }: EndingRequest,
): Promise<EndedAuthentication> {
  const { table, clock, calendar } = services;
  const { rpRef, rp } = caller;
  await requireVerified(services, caller);
  const isOver = hasEnded(ceremony, { context, idempotencyKey }, clock.now());
  const userHandle = userHandleOf(ceremony, response);
  const attempt = attemptOf(caller, idempotencyKey, response);
  const isConcealed = ceremony.named?.isConcealed === true;
  const name = { rpRef, userHandle, credentialId: response.id };
  const tokenOf = token ? await (await import('./tokens/open-tokens.ts')).openTokens(services, caller) : undefined;

  const verify = (publicKey: Uint8Array) =>
    verifyAuthentication(
      relyingPartyOf(caller, response.response),
      withFloor(ceremony, rp.settings),
      { id: response.id, publicKey },
      response,
    );
  const authenticate = async (): Promise<AcceptedAuthentication & { user: User }> => {
    if (ceremony.named && !ceremony.named.accepts.includes(credentialMark(response.id))) {
      throw responseInvalid('allow-credentials', 'The options did not list this credential.');
    }
    const read = (consistency: Consistency) => readHandleContent(table, rpRef, userHandle, consistency);
    const found = isConcealed ? await read('strong') : await findCredential(table, name, read);
    const stored = credentialIn(found, response.id);
    if (!stored) {
      // Takes as long as the verification of the response of a user who exists.
      if (isConcealed) {
        await verify(NOBODY);
        throw signInRefused();
      }
      throw await unknownCredential(services, caller, response.id);
    }
    if (ceremony.named && ceremony.named.userId !== stored.userId) {
      throw responseInvalid('allow-credentials', 'The credential belongs to another user.');
    }
    const { credential, verified, earlier } = await verifyCredential(table, name, verify, {
      ...{ found: stored, isSure: isConcealed, challenge: ceremony.challenge, attempt },
    });
    const reading = readUser(table, rpRef, credential.userId, 'eventual');
    // If accepting the authentication fails, its error is thrown and nobody waits for the user.
    reading.catch(() => undefined);
    const accepted = earlier
      ? repeatedAuthentication(credential, found.handle, earlier, { userVerified: isUserVerifiedIn(response) })
      : await acceptAuthentication(services, caller, {
          ...{ ceremony, isOver, userHandle, attempt, receivedAt, month: calendar.monthOf(receivedAt) },
          ...{ found, credential, verified },
        });
    const user = (await reading) ?? (await readUser(table, rpRef, credential.userId, 'strong'));
    // The user was removed since the authentication was accepted.
    if (!user) throw noSuchUser();
    return { ...accepted, user };
  };

  const ended = await (isConcealed ? concealing(authenticate) : authenticate());
  const { user, use } = ended;
  return {
    ...ended,
    userHandle,
    token: await tokenOf?.({
      ...{ type: 'authentication', challenge: ceremony.challenge, acceptedAt: use.usedAt },
      ...{ userId: user.userId, credentialId: response.id, response: response.response },
      authenticatorData: Buffer.from(response.response.authenticatorData, 'base64url'),
    }),
  };
}

/**
 * Returns the user handle of an authentication (WebAuthn, 7.2-6). In a named ceremony, this is the sealed one, and the
 * one in the response, if present, must equal it. In an unnamed ceremony, the response must contain one.
 */
function userHandleOf({ named }: AuthenticationContent, { response }: AuthenticationEnd['response']): string {
  const given = response.userHandle ?? undefined;
  if (!named) return given ?? refuseUserHandle('The response has no user handle, and the ceremony names no user.');
  if (given === undefined || given === named.userHandle) return named.userHandle;
  if (named.isConcealed) throw signInRefused();
  return refuseUserHandle('The user handle is that of another user.');
}
function refuseUserHandle(reason: string): never {
  throw responseInvalid('user-handle', reason);
}

type Content = Awaited<ReturnType<typeof readHandleContent>>;
const credentialIn = ({ credentials }: Content, id: string): WholeCredential | undefined =>
  credentials.find(({ credentialId }) => credentialId === id);

/**
 * Reads what is under a user handle. If an eventually consistent read does not find the credential, looks for it with
 * strong consistency. This second look reads only the one credential, so that a response with an unknown credential
 * costs no more than an accepted one, even for a user with many credentials.
 */
async function findCredential(
  table: Table,
  name: CredentialName,
  read: (consistency: Consistency) => Promise<Content>,
): Promise<Content> {
  const found = await read('eventual');
  if (credentialIn(found, name.credentialId) || !(await readCredential(table, name, 'strong'))) return found;
  return read('strong');
}

/**
 * Returns the error for a credential that the user does not have. A strongly consistent read decides whether any user
 * of the RP has it. Only if nobody has it, the error contains the argument of `signalUnknownCredential`, with which
 * browsers delete the credential: it could be a credential of another user, sent with a wrong user handle.
 */
async function unknownCredential(
  { table, signalsUnknownCredentials }: CeremonyServices,
  { rpRef, rp }: RpServer,
  credentialId: string,
): Promise<CeremonyRefusedError> {
  const taken = signalsUnknownCredentials
    ? await readTakenCredentialId(table, rpRef, credentialId, 'strong')
    : undefined;
  const isNobodys = signalsUnknownCredentials && (taken === undefined || taken.removed !== undefined);
  return new CeremonyRefusedError(
    'credential-unknown',
    'The RP has no such credential, or it does not belong to this user.',
    isNobodys ? { signals: { unknownCredential: { rpId: rp.rpId, credentialId } } } : {},
  );
}

/** A public key of nobody, in COSE form: the base point of P-256. A response that it verifies is refused too. */
const NOBODY = Buffer.from(
  'a5010203262001215820' +
    '6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296' +
    '225820' +
    '4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5',
  'hex',
);

const signInRefused = () => new CeremonyRefusedError('sign-in-refused', 'The sign-in was refused.');

/** The refusals that tell nothing about the user of a concealed ceremony, because they concern the ceremony itself. */
const TELLS_NOTHING: ReadonlySet<string> = new Set(['ceremony-used', 'ceremony-expired', 'ceremony-invalid']);

/** Replaces every refusal that could tell something about the user with `sign-in-refused`. */
async function concealing<T>(authenticate: () => Promise<T>): Promise<T> {
  try {
    return await authenticate();
  } catch (error) {
    if (error instanceof CeremonyRefusedError && !TELLS_NOTHING.has(error.refusal)) throw signInRefused();
    throw error;
  }
}
