import { ForbiddenError, TooManyRequestsError, UnauthenticatedError } from '../domain/errors.ts';
import { FssError, type FssStatus } from '../domain/fss/fss-call.ts';
import { UnavailableError } from '../table/engine/unavailable-error.ts';

/**
 * A failed call in the FSS format: the body of its response, and the HTTP status with the headers that belong to it.
 */
export interface FssFailure {
  /** 200 for a failure that the caller can act on. The SDKs treat any other status as a failure of communication. */
  readonly status: 200 | 429 | 500 | 503;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: {
    readonly appStatus: FssStatus;
    readonly message: string;
    readonly appSubStatus?: { readonly errorCode: string };
  };
}

/**
 * Converts an error to the response in the FSS format. A response with the status 500 or 503 does not contain the
 * error's message; only the log contains this message.
 */
export function fssFailureOf(error: unknown): FssFailure {
  if (error instanceof FssError) {
    const { appStatus, message, errorCode } = error;
    return failure(200, { appStatus, message, ...(errorCode && { appSubStatus: { errorCode } }) });
  }
  // The customer began to unsubscribe, or the RP was removed, after this process had checked the API key. Or the call
  // did not come through CloudFront in a stage that serves no others.
  if (error instanceof UnauthenticatedError || error instanceof ForbiddenError) {
    return failure(200, { appStatus: 'UNAUTHORIZED', message: error.message });
  }
  if (error instanceof TooManyRequestsError) {
    const { message, retryAfter } = error;
    return failure(429, { appStatus: 'UNEXPECTED_ERROR', message }, { 'retry-after': String(retryAfter) });
  }
  if (error instanceof UnavailableError) {
    return failure(503, { appStatus: 'UNEXPECTED_ERROR', message: 'Try again in a moment.' }, { 'retry-after': '1' });
  }
  return failure(500, { appStatus: 'UNEXPECTED_ERROR', message: 'Something went wrong here.' });
}

const failure = (
  status: FssFailure['status'],
  body: FssFailure['body'],
  headers: FssFailure['headers'] = {},
): FssFailure => ({ status, headers, body });
