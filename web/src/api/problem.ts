import type { Problem } from '../client/types.gen.ts';

export type { Problem };

/** The slug of a problem, such as `version-conflict`; `unreachable` when there was no answer of the service at all. */
export function slugOf(problem: Problem): string {
  return problem.type.replace('/problems/', '');
}

/** Gives the problem that something thrown by the client is: what the service answered, or that it did not. */
export function problemOf(error: unknown): Problem {
  const isProblem = typeof error === 'object' && error !== null && 'type' in error && 'requestId' in error;
  return isProblem
    ? (error as Problem)
    : { type: '/problems/unreachable', status: 0, title: 'The service did not answer', requestId: '' };
}

/** Whether a request failed because nobody is signed in, or not any more. */
export const isSignedOut = (error: unknown): boolean => slugOf(problemOf(error)) === 'unauthenticated';

/**
 * Gives what is wrong with fields of a form, by their paths: the pointer `#/customer/name` is `customer.name`. The rest of a
 * problem is for the form as a whole.
 */
export function fieldErrorsOf(error: unknown): Record<string, string> {
  const { errors = [] } = problemOf(error);
  return Object.fromEntries(errors.map(({ pointer, detail }) => [pointer.slice(2).replaceAll('/', '.'), detail]));
}
