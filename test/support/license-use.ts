import { expect } from 'vitest';
import { getCustomerContract } from '../../functions/contract/customers.ts';
import type { Answer, SignedUp, TestService } from './service.ts';

/** Makes `count` calls at the same time, and returns their results. */
export const atOnce = <T>(count: number, call: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => call(index)));
/** Returns `count` user IDs that begin with `prefix`. */
export const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
/** The end of a license that does not end during a test. */
export const TEN_YEARS = { endsAt: '2036-01-01T00:00:00Z' };

/**
 * Repeats a request until the status of the response is not 503, as clients should. A hundred simultaneous callers can
 * overload the local DynamoDB engine.
 */
async function untilAvailable(call: () => Promise<Answer>): Promise<Answer> {
  const answer = await call();
  return answer.status === 503 ? untilAvailable(call) : answer;
}

/** Returns functions that register RPs and users, and that read how much of a license is used. */
export function licenseUse(service: () => TestService) {
  const registerRp = (session: string, rpId: string) =>
    untilAvailable(() => service().send('POST /v1/rps', { as: session, body: { rpId, name: 'Example' } }));
  const registerUsersOnce = (apiKey: string, userIds: readonly string[]) =>
    service().send('POST /v1/rp/users', { as: apiKey, body: { users: userIds.map((userId) => ({ userId })) } });
  const registerUsers = (apiKey: string, userIds: readonly string[]) =>
    untilAvailable(() => registerUsersOnce(apiKey, userIds));
  async function newCustomer(): Promise<SignedUp & { rp: string; apiKey: string; keyId: string }> {
    const customer = await service().signUp();
    const rp = (await service().newRp(customer.session)).id;
    return { ...customer, rp, ...(await service().newApiKey(customer.session, rp)) };
  }
  async function viewOf(session: string) {
    return (await service().send('GET /v1/customer', { as: session })).read(getCustomerContract.answer.body);
  }
  const licenseOf = async (session: string) => (await viewOf(session)).license;
  /** Returns the user items of an RP from the table, so that the test does not rely on the counts of users. */
  async function usersOf(rp: string): Promise<unknown[]> {
    return (await service().dump()).filter(({ pk, userId }) => pk === `RP#${rp}` && userId !== undefined);
  }
  return { registerRp, registerUsersOnce, registerUsers, newCustomer, viewOf, licenseOf, usersOf };
}

/**
 * Expects that `succeeded` of the calls succeeded, and that all other calls failed because the customer reached a limit
 * of the license.
 */
export function expectOnly(answers: readonly Answer[], succeeded: number, limit: object) {
  const others = answers.filter(({ status }) => status >= 300);
  expect(answers.length - others.length).toBe(succeeded);
  for (const { status, body } of others) {
    expect({ status, body }).toMatchObject({
      status: 403,
      body: { type: '/problems/license-limit-reached', ...limit },
    });
  }
}
