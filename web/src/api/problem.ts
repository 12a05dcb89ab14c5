import type { FieldError, Problem } from '../client/types.gen.ts';

export type { FieldError, Problem };

/**
 * The slug of a problem, such as `version-conflict`; `unreachable` when there was no answer at all, `unexpected` when there was
 * one that the service does not give.
 */
export function slugOf(problem: Problem): string {
  return problem.type.replace('/problems/', '');
}

const isProblem = (error: unknown): error is Problem =>
  typeof error === 'object' && error !== null && 'type' in error && 'requestId' in error;

/** A gateway or proxy answers with these while the service is busy, or unavailable for a moment. */
const BUSY: readonly number[] = [429, 502, 503, 504];

/** Returns the problem of an answer that the service did not make: a gateway's, or a page in place of data. */
export function problemOfAnswer({ status, headers }: Response): Problem {
  const requestId = headers.get('apigw-requestid') ?? '';
  return BUSY.includes(status)
    ? { type: '/problems/unavailable', status, title: 'The service is busy', requestId }
    : { type: '/problems/unexpected', status, title: 'The service answered something unexpected', requestId };
}

/** Returns the value that the client throws for an error: the problem in the answer, or one made for a missing answer. */
export function thrownFor(error: unknown, response: Response | undefined): unknown {
  if (isProblem(error)) return error;
  // The caller aborted the request.
  if (error instanceof DOMException && error.name === 'AbortError') return error;
  // The browser throws a `TypeError` when there is no answer, and when an answer breaks off.
  if (response && !(error instanceof TypeError)) return problemOfAnswer(response);
  return { type: '/problems/unreachable', status: 0, title: 'The service did not answer', requestId: '' };
}

/** Returns the problem in an error. Code that works with an answer threw any other error. */
export function problemOf(error: unknown): Problem {
  return isProblem(error) ? error : problemOfAnswer(Response.json(null));
}

/** Tells whether a request failed because no valid session exists. */
export const isSignedOut = (error: unknown): boolean => slugOf(problemOf(error)) === 'unauthenticated';

/**
 * Returns the field errors of a problem by the paths of a form: the pointer `#/customer/name` is `customer.name`. The rest of
 * a problem is about the form as a whole.
 */
export function fieldErrorsOf(error: unknown): Record<string, FieldError> {
  const { errors = [] } = problemOf(error);
  return Object.fromEntries(errors.map((each) => [each.pointer.slice(2).replaceAll('/', '.'), each]));
}
