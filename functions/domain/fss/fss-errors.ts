import * as errors from '../errors.ts';
import { FssError, type FssCall, type FssErrorCode, type FssStatus } from './fss-call.ts';

/** This file converts the errors of the domain to those of the FSS format. No other code does. */

/** Returns the error for a user who does not exist or, as `USER_IS_DISABLED` says, is disabled. */
export const userNotFound = (errorCode: 'USER_NOT_FOUND' | 'USER_IS_DISABLED' = 'USER_NOT_FOUND') =>
  errorCode === 'USER_NOT_FOUND'
    ? new FssError('NOT_FOUND', 'The RP has no such user.', errorCode)
    : new FssError('NOT_FOUND', 'The user is disabled.', errorCode);

/** Returns the error for a credential that does not exist or, as `CREDENTIAL_IS_DISABLED` says, is disabled. */
export const credentialNotFound = (
  errorCode: 'CREDENTIAL_NOT_FOUND' | 'CREDENTIAL_IS_DISABLED' = 'CREDENTIAL_NOT_FOUND',
) =>
  errorCode === 'CREDENTIAL_NOT_FOUND'
    ? new FssError('NOT_FOUND', 'The user has no such credential.', errorCode)
    : new FssError('NOT_FOUND', 'The credential is disabled.', errorCode);

/** Returns the error for a call that needs the cookie of a ceremony that has begun, and has none. */
export const sessionInvalid = () =>
  new FssError(
    'AUTHENTICATION_FAILED',
    'The request has no cookie of a ceremony that is under way. Begin a new one.',
    'INVALID_SESSION',
  );

/** The status and the code of each reason for which the domain refuses a ceremony. */
const refusals: Readonly<Record<errors.CeremonyRefusal, readonly [FssStatus, FssErrorCode?]>> = {
  'rp-not-verified': ['PERMISSION_ERROR'],
  'ceremony-invalid': ['AUTHENTICATION_FAILED', 'INVALID_SESSION'],
  'ceremony-expired': ['AUTHENTICATION_FAILED', 'INVALID_SESSION'],
  'ceremony-used': ['AUTHENTICATION_FAILED', 'INVALID_SESSION'],
  'no-credential': ['NOT_FOUND', 'CREDENTIAL_NOT_FOUND'],
  'credential-unknown': ['NOT_FOUND', 'CREDENTIAL_NOT_FOUND'],
  'credential-disabled': ['NOT_FOUND', 'CREDENTIAL_IS_DISABLED'],
  'credential-exists': ['ALREADY_EXISTS', 'CREDENTIAL_ALREADY_REGISTERED'],
  'too-many-credentials': ['INSERT_ERROR'],
  'user-disabled': ['NOT_FOUND', 'USER_IS_DISABLED'],
  'origin-not-allowed': ['AUTHENTICATION_FAILED', 'ORIGIN_NOT_ALLOWED'],
  'user-verification-required': ['AUTHENTICATION_FAILED', 'REQUIRE_USER_VERIFICATION'],
  'authenticator-not-allowed': ['PERMISSION_ERROR'],
  'attestation-not-trusted': ['PERMISSION_ERROR'],
  'sign-count-not-increased': ['AUTHENTICATION_FAILED'],
  'sign-in-refused': ['AUTHENTICATION_FAILED'],
  'response-invalid': ['AUTHENTICATION_FAILED'],
};

/** The codes of the steps of the verification that have one. */
const steps: Readonly<Record<string, FssErrorCode>> = {
  'client-data': 'CLIENT_DATA_JSON_PARSE_FAILED',
  type: 'BAD_REQUEST_TYPE',
  challenge: 'INVALID_SESSION',
  'rp-id-hash': 'RP_ID_HASH_MISMATCH',
  'user-handle': 'USER_HANDLE_NOT_MATCH',
  'credential-id': 'CREDENTIAL_ID_MISMATCH',
  'allow-credentials': 'CREDENTIAL_ID_MISMATCH',
};

/** Returns whether a name is what is taken. */
const isNameTaken = ({ errors: fields }: errors.AlreadyExistsError) =>
  fields.some(({ code }) => code === 'user-name-taken');

/**
 * Returns an error as the FSS format has it, with the error itself as its cause. Returns every error that is not for
 * the RP's developer, such as that of a table that does not answer, unchanged.
 */
function fssErrorOf(error: unknown): unknown {
  const failure = (status: FssStatus, code?: FssErrorCode, message = (error as Error).message) =>
    new FssError(status, message, code, error);
  if (error instanceof errors.CeremonyRefusedError) {
    const [status, code] = refusals[error.refusal];
    const { step } = error.extension as { readonly step?: string };
    // The domain's message recommends a header that the FSS format does not have.
    const message =
      error.refusal === 'ceremony-used' ? 'The ceremony was used already. Begin a new one.' : error.message;
    return failure(status, code ?? steps[step ?? ''], message);
  }
  if (error instanceof errors.InvalidInputError) return failure('PARAMETER_ERROR');
  if (error instanceof errors.NotFoundError) return failure('NOT_FOUND', 'USER_NOT_FOUND');
  if (error instanceof errors.AlreadyExistsError) {
    return failure(isNameTaken(error) ? 'DUPLICATED' : 'ALREADY_EXISTS');
  }
  if (error instanceof errors.VersionConflictError) return failure('UPDATE_ERROR');
  if (error instanceof errors.LicenseNotActiveError) return failure('LICENSE_ERROR');
  if (error instanceof errors.LicenseLimitReachedError) {
    return failure('LICENSE_ERROR', 'LICENSE_LIMIT_EXCEEDED');
  }
  if (error instanceof errors.UnauthenticatedError) return failure('UNAUTHORIZED');
  if (error instanceof errors.ForbiddenError) return failure('PERMISSION_ERROR');
  return error;
}

/** Returns a call that throws the errors of the FSS format. */
export const withFssErrors =
  (call: FssCall): FssCall =>
  async (services, request) => {
    try {
      return await call(services, request);
    } catch (error) {
      throw fssErrorOf(error);
    }
  };
