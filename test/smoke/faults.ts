import { expect } from 'vitest';
import { lookAt, type StepName } from '../../bin/smoke/look-at.ts';
import type { smokeRunsOf } from './smoke-runs.ts';

/** Returns a `fetch` that answers the requests that match itself. It can send a request first, and change the response. */
export const faulty =
  (request: RegExp, answer: (send: () => Promise<Response>) => Response | Promise<Response>): typeof fetch =>
  (input, init) => {
    const url = new URL(input instanceof Request ? input.url : input);
    const method = init?.method ?? (input instanceof Request ? input.method : 'GET');
    const send = () => fetch(input, init);
    return Promise.resolve(request.test(`${method} ${url.pathname}`) ? answer(send) : send());
  };
/** Returns a response with a problem. */
export const problem = (status: number, slug: string) => () =>
  Response.json(
    { type: `/problems/${slug}`, status, title: 'A problem', detail: 'Something is wrong.', requestId: 'req-1' },
    { status, headers: { 'content-type': 'application/problem+json' } },
  );
export const unavailable = problem(503, 'unavailable');

/** A step that fails, a part of its message, and the `fetch` that makes it fail. */
export type Fault = readonly [step: StepName, found: string, fetch: typeof fetch];

/**
 * Runs the smoke test with a fault. Expects that the step fails and says what to look at, and that the smoke test
 * removes what it has created, except for what it cannot remove.
 */
export async function expectFault(
  { smoke, customerOf }: Pick<ReturnType<typeof smokeRunsOf>, 'smoke' | 'customerOf'>,
  [step, found, fetch]: Fault,
): Promise<void> {
  const { exitCode, stdout, steps, email } = await smoke({ fetch });

  expect([exitCode, steps[step]]).toEqual([1, 'failed']);
  expect(stdout).toContain(found);
  expect(stdout).toContain(`→ ${lookAt[step]}`);
  const customer = await customerOf(email);
  const leaves = step === 'unsubscription';
  expect(stdout.includes('The smoke test leaves behind:')).toBe(leaves);
  expect(customer?.isLeaving ?? true).toBe(!leaves);
  expect(customer?.registeredRps ?? 0).toBe(step === 'RP removed' ? 1 : 0);
}
