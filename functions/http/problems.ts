import * as errors from '../domain/errors.ts';
import { toIso } from '../domain/time.ts';
import { UnavailableError } from '../table/engine/unavailable-error.ts';
import { PayloadTooLargeError, PreconditionRequiredError } from './request-errors.ts';

/** The body of an `application/problem+json` response (RFC 9457), with the members that this service adds. */
export interface Problem {
  readonly type: `/problems/${string}`;
  readonly status: number;
  readonly title: string;
  readonly detail?: string;
  readonly requestId: string;
  readonly [extension: string]: unknown;
}

type Problematic = new (...args: never[]) => Error;
/**
 * Maps each error class to its HTTP status, its title and its slug, which is the last part of the problem's `type`. No
 * other code maps errors to HTTP responses. An error whose class is not in this list gets the status 500 and the slug
 * `internal`.
 */
const known: readonly (readonly [Problematic, status: number, slug: string, title: string])[] = [
  [errors.UnauthenticatedError, 401, 'unauthenticated', 'The API key or the session is missing or not valid'],
  [errors.ForbiddenError, 403, 'forbidden', 'Not allowed'],
  [errors.NotFoundError, 404, 'not-found', 'Not found'],
  [errors.AlreadyExistsError, 409, 'already-exists', 'Already exists'],
  [errors.VersionConflictError, 412, 'version-conflict', 'Changed since it was read'],
  [errors.LicenseNotActiveError, 403, 'license-not-active', 'The license is not active'],
  [errors.LicenseLimitReachedError, 403, 'license-limit-reached', 'A limit of the license is reached'],
  [errors.TooManyRequestsError, 429, 'too-many-requests', 'Too many requests'],
  [errors.ContactRequiredError, 409, 'contact-required', 'Only the operator of the service can do this'],
  [errors.ReauthenticationRequiredError, 403, 'reauthentication-required', 'Sign in again first'],
  [errors.RecoveryHoldError, 403, 'recovery-hold', 'Not possible so soon after a recovery'],
  [errors.ConfirmationMismatchError, 400, 'confirmation-mismatch', 'The confirmation does not match the name'],
  [errors.InvalidInputError, 400, 'validation', 'The request is not valid'],
  [PreconditionRequiredError, 428, 'precondition-required', 'If-Match is required'],
  [PayloadTooLargeError, 413, 'payload-too-large', 'The body is too large'],
  [UnavailableError, 503, 'unavailable', 'Try again in a moment'],
];

/** The status and title of the problem of each reason for which the service refuses a ceremony. */
const ceremonyProblems: Readonly<Record<errors.CeremonyRefusal, readonly [status: number, title: string]>> = {
  'rp-not-verified': [403, 'The domain of the RP is not verified'],
  'ceremony-invalid': [400, 'The ceremony is not valid'],
  'ceremony-expired': [400, 'The ceremony has expired'],
  'ceremony-used': [409, 'The ceremony was used already'],
  'no-credential': [409, 'The user has no credential'],
  'credential-unknown': [404, 'The credential is unknown'],
  'credential-disabled': [403, 'The credential is disabled'],
  'credential-exists': [409, 'The credential exists already'],
  'too-many-credentials': [409, 'The user has too many credentials'],
  'user-disabled': [403, 'The user is disabled'],
  'origin-not-allowed': [403, 'The origin is not allowed'],
  'user-verification-required': [403, 'The authenticator did not verify the user'],
  'authenticator-not-allowed': [403, 'The authenticator is not allowed'],
  'attestation-not-trusted': [403, 'The attestation is not trusted'],
  'sign-count-not-increased': [403, 'The sign count did not increase'],
  'sign-in-refused': [403, 'The sign-in was refused'],
  'response-invalid': [400, 'The response of the authenticator is not valid'],
};

/** Returns the status, slug and title of the problem of an error. */
function kindOf(error: unknown): readonly [status: number, slug: string, title: string] {
  if (error instanceof errors.CeremonyRefusedError) {
    const [status, title] = ceremonyProblems[error.refusal];
    return [status, error.refusal, title];
  }
  const [, ...kind] = known.find(([type]) => error instanceof type) ?? [];
  return kind.length === 3 ? kind : INTERNAL;
}
const INTERNAL = [500, 'internal', 'Something went wrong here'] as const;

/** The properties of middy's errors that `asOurs` reads. An error from other code may lack all of these properties. */
interface MiddyError {
  readonly cause?: { readonly package?: string } | null;
}

/**
 * Replaces middy's error for a request that times out because the table is slow with an error of this service. Returns
 * any other error unchanged.
 */
function asOurs(error: unknown): unknown {
  const { cause } = (error instanceof Error ? error : {}) as MiddyError;
  return cause?.package === '@middy/core'
    ? new UnavailableError('The request took too long.', { cause: error })
    : error;
}

/**
 * Converts an error to the problem (RFC 9457) that the API returns to its caller. A problem with a status of 500 or
 * above does not contain the error's message; only the log contains this message.
 */
export function problemOf(thrown: unknown, requestId: string): Problem {
  const error = asOurs(thrown);
  const [status, slug, title] = kindOf(error);
  return {
    type: `/problems/${slug}`,
    status,
    title,
    ...(status < 500 && error instanceof Error && { detail: error.message }),
    requestId,
    ...(error instanceof errors.InvalidInputError && { errors: error.errors }),
    ...(error instanceof errors.AlreadyExistsError && error.errors.length > 0 && { errors: error.errors }),
    ...(error instanceof errors.CeremonyRefusedError && error.extension),
    ...(error instanceof errors.ContactRequiredError && { contact: error.contact }),
    ...(error instanceof errors.RecoveryHoldError && { until: toIso(error.until) }),
    ...(error instanceof errors.ReauthenticationRequiredError &&
      error.until !== undefined && { until: toIso(error.until) }),
    ...(error instanceof errors.LicenseLimitReachedError && {
      limit: error.limit,
      max: error.max,
      current: error.current,
      licenseType: error.licenseType,
      ...(error.ofMonth && { month: error.ofMonth.month, monthEndsAt: toIso(error.ofMonth.endsAt) }),
    }),
  };
}

/** The slug, HTTP status and title of every problem that the API can return, for the OpenAPI document. */
export const problemTypes = [
  ...known.map(([, status, slug, title]) => ({ status, slug, title })),
  ...Object.entries(ceremonyProblems).map(([slug, [status, title]]) => ({ status, slug, title })),
  { status: INTERNAL[0], slug: INTERNAL[1], title: INTERNAL[2] },
];
