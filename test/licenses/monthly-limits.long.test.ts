import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getCustomerContract } from '../../functions/contract/customers.ts';
import { LicenseLimitReachedError } from '../../functions/domain/errors.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { registerUsers } from '../../functions/domain/users/register-users.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { LONG } from '../support/long.ts';
import { openMetering } from '../support/metering/metering.ts';
import { startTestService, type Answer, type TestService } from '../support/service.ts';
import { meanwhile } from '../support/table-faults.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
/** A maximum number of users. In the long tests, this is the maximum of the Free plan. */
const MAX_USERS = LONG ? 100 : 10;
/** How many callers register users at the same time. */
const CALLERS = LONG ? 40 : 15;
const TEN_YEARS = { endsAt: '2036-01-01T00:00:00Z' };

/** Signs up a customer with an RP on 2 November. Sets a Free license that allows `maxUsers` users, if it is given. */
async function newCustomer(maxUsers?: number) {
  await service.setClock('2026-11-02T08:00:00Z');
  const customer = await service.signUp();
  if (maxUsers !== undefined) {
    await service.setLicense(customer.customerId, { type: 'free', maxRegisteredUsers: maxUsers });
  }
  const { apiKey } = await service.newApiKey(customer.session, (await service.newRp(customer.session)).id);
  return { ...customer, apiKey };
}
/** Sends one request that registers users. Repeats the request while the local DynamoDB engine is overloaded. */
async function register(apiKey: string, userIds: readonly string[]): Promise<Answer> {
  const users = userIds.map((userId) => ({ userId }));
  const answer = await service.send('POST /v1/rp/users', { as: apiKey, body: { users } });
  return answer.status === 503 ? register(apiKey, userIds) : answer;
}
async function remove(apiKey: string, userIds: readonly string[]): Promise<void> {
  for (const userId of userIds) await service.send(`DELETE /v1/rp/users/${userId}`, { as: apiKey });
}
async function registerAndRemove(apiKey: string, userIds: readonly string[]): Promise<void> {
  await service.registerUsers(apiKey, userIds);
  await remove(apiKey, userIds);
}
async function licenseOf(session: string) {
  const answer = await service.send('GET /v1/customer', { as: session });
  return answer.read(getCustomerContract.answer.body).license;
}
const limitReached = (limit: string, max: number, current: number) => ({
  status: 403,
  body: {
    type: '/problems/license-limit-reached',
    limit,
    max,
    current,
    licenseType: 'free',
    month: '2026-11',
    monthEndsAt: '2026-12-01T00:00:00Z',
  },
});

describe('in a month, a customer on Free registers at most twice its maximum of users', () => {
  it('so that registering, reporting and removing users repeatedly gives twice the maximum in MAU and no more', async () => {
    const { session, apiKey } = await newCustomer(MAX_USERS);
    for (const round of ['first', 'second']) {
      await service.registerUsers(apiKey, ids(round, MAX_USERS));
      await service.authenticateUsers(apiKey, ids(round, MAX_USERS));
      await remove(apiKey, ids(round, MAX_USERS));
    }
    const most = 2 * MAX_USERS;
    const refused = await register(apiKey, ['third']);
    expect(refused).toMatchObject(limitReached('registered-users', most, most));
    expect((refused.body as { detail: string }).detail).toBe(
      `The monthly limit of the free license is reached. Registered users in 2026-11, including removed ones: ${most}, maximum: ${most}. You can register more from 2026-12-01T00:00:00Z on.`,
    );
    await service.drain();
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: 0, mauThisMonth: most });

    await service.setClock('2026-12-01T00:00:00Z');
    expect((await register(apiKey, ['third'])).status).toBe(200);
  });

  it(`even if ${CALLERS} callers register users at the same time`, async () => {
    const { session, apiKey } = await newCustomer(10);
    await registerAndRemove(apiKey, ids('first', 10));
    await registerAndRemove(apiKey, ids('second', 7));
    const answers = await Promise.all(ids('user', CALLERS).map((userId) => register(apiKey, [userId])));
    const refused = answers.filter(({ status }) => status !== 200);
    expect(refused).toHaveLength(CALLERS - 3);
    for (const answer of refused) expect(answer).toMatchObject(limitReached('registered-users', 20, 20));
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: 3 });
  });

  it('and does not count users that are already registered', async () => {
    const { apiKey } = await newCustomer(2);
    await registerAndRemove(apiKey, ['user-1', 'user-2']);
    await register(apiKey, ['user-3', 'user-4']);
    for (let repeated = 0; repeated < 3; repeated += 1) {
      expect((await register(apiKey, ['user-3', 'user-4'])).status).toBe(200);
    }
    await remove(apiKey, ['user-3']);
    expect(await register(apiKey, ['user-4', 'user-5'])).toMatchObject(limitReached('registered-users', 4, 4));
  });

  it('and a refused request with too many users counts nothing', async () => {
    const { apiKey } = await newCustomer(3);
    await registerAndRemove(apiKey, ids('first', 3));
    await registerAndRemove(apiKey, ids('second', 2));
    expect(await register(apiKey, ['user-1', 'user-2'])).toMatchObject(limitReached('registered-users', 6, 5));
    expect((await register(apiKey, ['user-1'])).status).toBe(200);
  });

  it('including users that the customer registered in the month with a paid license', async () => {
    const { customerId, apiKey } = await newCustomer();
    const most = 2 * MAX_USERS;
    await service.setLicense(customerId, { type: 'business', ...TEN_YEARS });
    await registerAndRemove(apiKey, ids('paid', most + 5));
    expect((await register(apiKey, ['user-1'])).status).toBe(200);
    await service.setLicense(customerId, { type: 'free', maxRegisteredUsers: MAX_USERS });
    expect(await register(apiKey, ['user-2'])).toMatchObject(limitReached('registered-users', most, most + 6));

    await service.setLicense(customerId, { type: 'free', maxRegisteredUsers: MAX_USERS + 4 });
    expect((await register(apiKey, ['user-2', 'user-3'])).status).toBe(200);
    expect(await register(apiKey, ['user-4'])).toMatchObject(limitReached('registered-users', most + 8, most + 8));
  });
});

describe('in a month, a customer on Free registers at most 10 RPs', () => {
  const registerRp = (session: string, rpId: string) =>
    service.send('POST /v1/rps', { as: session, body: { rpId, name: 'Shop' } });

  it('including removed RPs', async () => {
    await service.setClock('2026-11-30T23:50:00Z');
    const { session } = await service.signUp();
    for (let index = 0; index < 10; index += 1) {
      const { id } = await service.newRp(session);
      await service.send(`DELETE /v1/rps/${id}`, { as: session });
    }
    const refused = await registerRp(session, 'shop.example.com');
    expect(refused).toMatchObject(limitReached('registered-rps', 10, 10));
    expect((refused.body as { detail: string }).detail).toContain('Registered RPs in 2026-11, including removed ones');

    await service.setClock('2026-12-01T00:00:00Z');
    await service.newRp(session);
  });

  it('or as many as its maximum of RPs, if the operator has raised this maximum above 10', async () => {
    await service.setClock('2026-11-02T08:00:00Z');
    const { session, customerId } = await service.signUp();
    await service.setLicense(customerId, { type: 'free', maxRegisteredRps: 12 });
    for (let index = 0; index < 11; index += 1) await service.newRp(session, `rp-${index}.example.com`);
    const { id } = await service.newRp(session);
    await service.send(`DELETE /v1/rps/${id}`, { as: session });
    expect(await registerRp(session, 'shop.example.com')).toMatchObject(limitReached('registered-rps', 12, 12));
  });
});

it('a request that began before the end of a month does not restart the count of the next month', async () => {
  const metering = await openMetering({ now: '2026-11-30T23:59:59.999Z' });
  const { services, clock, table } = metering;
  const owner = await metering.signUp();
  const rp = await owner.rp();
  await setLicense(services, { operator: 'test' }, owner.customerId, { type: 'free', maxRegisteredUsers: 2 });
  const register = (userIds: string[], on = table) =>
    registerUsers({ ...services, table: on }, rp, { users: userIds.map((userId) => ({ userId })) });
  // The first request reads the customer in November. Before it writes, another request registers users in December.
  const late = meanwhile(table, async () => {
    clock.time += 1;
    await register(['user-1', 'user-2']);
    for (const userId of ['user-1', 'user-2']) await removeUser(services, rp, userId);
  });
  await register(['user-3', 'user-4'], late);
  const { usersOfMonth } = (await readCustomer(table, owner.customerId, 'strong')) ?? {};
  expect(usersOfMonth).toEqual({ month: '2026-12', registered: 4 });
  await removeUser(services, rp, 'user-3');
  await expect(register(['user-5'])).rejects.toThrow(LicenseLimitReachedError);
});
