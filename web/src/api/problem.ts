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

/** What stands between console and service answers with these while the service is busy, or away for a moment. */
const BUSY: readonly number[] = [429, 502, 503, 504];

/** Gives the problem that an answer is which has none of the service's: a gateway's, or a page where data should be. */
export function problemOfAnswer({ status, headers }: Response): Problem {
  const requestId = headers.get('apigw-requestid') ?? '';
  return BUSY.includes(status)
    ? { type: '/problems/unavailable', status, title: 'The service is busy', requestId }
    : { type: '/problems/unexpected', status, title: 'The service answered something unexpected', requestId };
}

/** Gives what the client is to throw for an error: the problem that was answered, or what came in place of one. */
export function thrownFor(error: unknown, response: Response | undefined): unknown {
  if (isProblem(error)) return error;
  // Whoever asked does not want it any more.
  if (error instanceof DOMException && error.name === 'AbortError') return error;
  // Of an answer that broke off, as of none at all, the browser throws a `TypeError`.
  if (response && !(error instanceof TypeError)) return problemOfAnswer(response);
  return { type: '/problems/unreachable', status: 0, title: 'The service did not answer', requestId: '' };
}

/** Gives the problem that an error is. What is none was thrown by what works with an answer. */
export function problemOf(error: unknown): Problem {
  return isProblem(error) ? error : problemOfAnswer(Response.json(null));
}

/** Whether a request failed because nobody is signed in, or not any more. */
export const isSignedOut = (error: unknown): boolean => slugOf(problemOf(error)) === 'unauthenticated';

/**
 * Returns the field errors of a problem by the paths of a form: the pointer `#/customer/name` is `customer.name`. The rest of
 * a problem is about the form as a whole.
 */
export function fieldErrorsOf(error: unknown): Record<string, FieldError> {
  const { errors = [] } = problemOf(error);
  return Object.fromEntries(errors.map((each) => [each.pointer.slice(2).replaceAll('/', '.'), each]));
}
