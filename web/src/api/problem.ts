import type { FieldError, Problem } from '../client/types.gen.ts';

export type { FieldError, Problem };

/**
 * Returns the slug of a problem, such as `version-conflict`. The slug is `unreachable` if there was no response, and
 * `unexpected` if the response did not come from the service.
 */
export function slugOf(problem: Problem): string {
  return problem.type.replace('/problems/', '');
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'type' in error && 'requestId' in error;

/**
 * A gateway between the console and the service responds with these status codes while the service is busy or briefly
 * unavailable.
 */
const BUSY: readonly number[] = [429, 502, 503, 504];

/**
 * Creates a problem for a response that does not contain a problem, for example an error response of API Gateway or a
 * web page.
 */
function problemOfAnswer({ status, headers }: Response): Problem {
  const requestId = headers.get('apigw-requestid') ?? '';
  return BUSY.includes(status)
    ? { type: '/problems/unavailable', status, title: 'The service is busy', requestId }
    : { type: '/problems/unexpected', status, title: 'The service sent an unexpected response', requestId };
}

/**
 * Returns the error that the API client throws. The error is the problem in the response, or a new problem if there was
 * no response or the response contains no problem. If the caller cancelled the request, the function returns the
 * `AbortError` unchanged.
 */
export function thrownFor(error: unknown, response: Response | undefined): unknown {
  if (isProblem(error)) return error;
  // The caller cancelled the request.
  if (error instanceof DOMException && error.name === 'AbortError') return error;
  // Browsers throw a `TypeError` if no response arrives, or if the connection fails in the middle of a response.
  if (response && !(error instanceof TypeError)) return problemOfAnswer(response);
  return { type: '/problems/unreachable', status: 0, title: 'The service did not respond', requestId: '' };
}

/**
 * Returns the error if it is a problem. Any other error comes from code that processed a response, so the function
 * returns the problem `unexpected`.
 */
export function problemOf(error: unknown): Problem {
  return isProblem(error) ? error : problemOfAnswer(Response.json(null));
}

/** Returns whether a request failed because nobody is signed in, for example because the session has ended. */
export const isSignedOut = (error: unknown): boolean => slugOf(problemOf(error)) === 'unauthenticated';

/**
 * Returns the field errors of a problem, keyed by the path of the field: the pointer `#/customer/name` becomes
 * `customer.name`.
 */
export function fieldErrorsOf(error: unknown): Record<string, FieldError> {
  const { errors = [] } = problemOf(error);
  return Object.fromEntries(errors.map((each) => [each.pointer.slice(2).replaceAll('/', '.'), each]));
}
