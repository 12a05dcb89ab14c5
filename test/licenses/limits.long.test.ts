import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { atOnce, expectOnly, ids, licenseUse, TEN_YEARS } from '../support/license-use.ts';
import { LONG } from '../support/long.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

const CALLERS = LONG ? 100 : 30;
const { registerRp, registerUsersOnce, registerUsers, newCustomer, licenseOf, usersOf } = licenseUse(() => service);

describe('when RPs are registered at the same time,', () => {
  it('exactly one registration succeeds if a paid license allows one more RP', async () => {
    const { session, customerId } = await service.signUp();
    await service.setLicense(customerId, { type: 'starter', ...TEN_YEARS, maxRegisteredRps: 3 });
    await service.newRp(session, 'first.example.com');
    await service.newRp(session, 'second.example.com');
    const answers = await atOnce(CALLERS, (index) => registerRp(session, `rp-${index}.example.com`));
    expectOnly(answers, 1, { limit: 'registered-rps', max: 3, current: 3, licenseType: 'starter' });
    expect(await licenseOf(session)).toMatchObject({ registeredRps: 3 });
  });

  it('exactly one registration succeeds if all registrations have the same domain name', async () => {
    const { session, customerId } = await service.signUp();
    await service.setLicense(customerId, { type: 'starter', ...TEN_YEARS });
    const answers = await atOnce(CALLERS, () => registerRp(session, 'shop.example.com'));
    expect(answers.map(({ status }) => status).sort()).toEqual([
      201,
      ...Array.from({ length: CALLERS - 1 }, () => 409),
    ]);
    expect(await licenseOf(session)).toMatchObject({ registeredRps: 1 });
  });
});

describe('when users are registered at the same time,', () => {
  it('exactly one request with ten users succeeds if the license allows ten more users', async () => {
    const { session, rp, apiKey } = await newCustomer();
    await service.registerUsers(apiKey, ids('before', 90));
    const answers = await atOnce(CALLERS, (index) => registerUsers(apiKey, ids(`caller-${index}`, 10)));
    expectOnly(answers, 1, { limit: 'registered-users', max: 100, current: 100 });
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: 100 });
    expect(await usersOf(rp)).toHaveLength(100);
  });

  it('the counts of users match the users in the table and do not exceed the maximum', async () => {
    const { session, rp, apiKey } = await newCustomer();
    const answers = await atOnce(27, (index) => registerUsers(apiKey, ids(`caller-${index}`, 1 + (index % 9))));
    const registered = answers.flatMap(({ status, body }) =>
      status === 200 ? (body as { results: unknown[] }).results : [],
    ).length;
    expect(registered).toBeGreaterThan(91);
    expect(registered).toBeLessThanOrEqual(100);
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: registered });
    expect(await usersOf(rp)).toHaveLength(registered);
    expect(answers.every(({ status }) => status === 200 || status === 403)).toBe(true);
  });

  it('each user is registered once, even if all requests contain the same users', async () => {
    const { session, rp, apiKey } = await newCustomer();
    const answers = await atOnce(30, (index) => registerUsers(apiKey, index % 2 ? ['a', 'b'] : ['b', 'a']));
    const results = answers.flatMap(({ body }) => (body as { results: { userId: string; status: string }[] }).results);
    expect(
      results
        .filter(({ status }) => status === 'registered')
        .map(({ userId }) => userId)
        .sort(),
    ).toEqual(['a', 'b']);
    expect(results.filter(({ status }) => status === 'already-registered')).toHaveLength(2 * 30 - 2);
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: 2 });
    expect(await usersOf(rp)).toHaveLength(2);
  });
});

describe('when registrations and removals run at the same time,', () => {
  it('the counts of users match the users in the table', async () => {
    const { session, rp, apiKey } = await newCustomer();
    await service.registerUsers(apiKey, ids('old', 40));
    await Promise.all([
      atOnce(15, (index) => registerUsers(apiKey, [`new-${index}`])),
      atOnce(15, (index) => service.send(`DELETE /v1/rp/users/old-${index}`, { as: apiKey })),
      atOnce(15, (index) => service.send(`DELETE /v1/rp/users/old-${index}`, { as: apiKey })),
    ]);
    expect(await usersOf(rp)).toHaveLength(40);
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: 40 });
    const { body } = await service.send(`GET /v1/rps/${rp}`, { as: session });
    expect(body).toMatchObject({ registeredUsers: 40 });
  });

  it('the counts of RPs and users are 0 after the RP is removed', async () => {
    const { session, rp, apiKey } = await newCustomer();
    const [removed] = await Promise.all([
      service.send(`DELETE /v1/rps/${rp}`, { as: session }),
      atOnce(15, (index) => registerUsers(apiKey, [`new-${index}`])),
    ]);
    expect(removed.status).toBe(204);
    expect(await licenseOf(session)).toMatchObject({ registeredRps: 0, registeredUsers: 0 });
  });
});

describe('a paid customer', () => {
  const USERS = LONG ? 20_000 : 500;

  it(
    `can import ${USERS} users with 8 callers at the same time, and every request succeeds`,
    { timeout: 600_000 },
    async () => {
      const { session, customerId, rp, apiKey } = await newCustomer();
      await service.setLicense(customerId, { type: 'enterprise', ...TEN_YEARS });
      const requests = Array.from({ length: USERS / 50 }, (_, index) => ids(`import-${index}`, 50));
      const statuses: number[] = [];
      await atOnce(8, async () => {
        for (let next = requests.pop(); next; next = requests.pop()) {
          statuses.push((await registerUsersOnce(apiKey, next)).status);
        }
      });
      expect(statuses).toEqual(Array.from({ length: USERS / 50 }, () => 200));
      expect(await licenseOf(session)).toMatchObject({ registeredUsers: USERS });
      expect((await service.send(`GET /v1/rps/${rp}`, { as: session })).body).toMatchObject({ registeredUsers: USERS });

      const listed = new Set<string>();
      for (let cursor: string | null = ''; cursor !== null;) {
        const page = await service.send(`GET /v1/rp/users?limit=100${cursor && `&cursor=${cursor}`}`, { as: apiKey });
        const { items, nextCursor } = page.body as { items: { userId: string }[]; nextCursor: string | null };
        for (const { userId } of items) listed.add(userId);
        cursor = nextCursor;
      }
      expect(listed.size).toBe(USERS);
    },
  );
});
