import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
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
const { registerRp, registerUsers, newCustomer, viewOf, licenseOf, usersOf } = licenseUse(() => service);

describe('when RPs or users are registered at the same time,', () => {
  it(`exactly one of ${CALLERS} registrations succeeds with the Free license`, async () => {
    const { session } = await service.signUp();
    const answers = await atOnce(CALLERS, (index) => registerRp(session, `rp-${index}.example.com`));
    expectOnly(answers, 1, { limit: 'registered-rps', max: 1, current: 1, licenseType: 'free' });
    expect(await licenseOf(session)).toMatchObject({ registeredRps: 1 });
    const list = await service.send('GET /v1/rps', { as: session });
    expect((list.body as { items: unknown[] }).items).toHaveLength(1);
  });

  it(`exactly one of ${CALLERS} requests succeeds if the Free license allows one more user`, async () => {
    const { session, rp, apiKey } = await newCustomer();
    await service.registerUsers(apiKey, ids('before', 99));
    const answers = await atOnce(CALLERS, (index) => registerUsers(apiKey, [`user-${index}`]));
    expectOnly(answers, 1, { limit: 'registered-users', max: 100, current: 100, licenseType: 'free' });
    expect(await licenseOf(session)).toMatchObject({ registeredUsers: 100, maxRegisteredUsers: 100 });
    expect(await usersOf(rp)).toHaveLength(100);
  });
});

describe('removing an RP', () => {
  it("lowers the counts of RPs and users, frees the domain name, and discards the RP's API keys and users", async () => {
    const { session, rp, apiKey, keyId } = await newCustomer();
    await service.registerUsers(apiKey, ids('user', 100));
    expect((await service.send(`DELETE /v1/rps/${rp}`, { as: session })).status).toBe(204);
    expect(await licenseOf(session)).toMatchObject({ registeredRps: 0, registeredUsers: 0 });
    for (const request of [`GET /v1/rps/${rp}`, `DELETE /v1/rps/${rp}`, `GET /v1/rps/${rp}/api-keys`]) {
      expect((await service.send(request, { as: session })).status).toBe(404);
    }
    expect((await service.send('GET /v1/rps', { as: session })).body).toEqual({ items: [], nextCursor: null });

    const again = await service.newRp(session, 'shop.example.com');
    expect(again.id).not.toBe(rp);
    const key = await service.newApiKey(session, again.id);
    await service.registerUsers(key.apiKey, ids('user', 100));
    expect(await licenseOf(session)).toMatchObject({ registeredRps: 1, registeredUsers: 100 });

    const left = async () =>
      (await service.dump()).filter((item) => item['pk'] === `RP#${rp}` || item['keyId'] === keyId);
    await expect.poll(left, { timeout: 10_000, interval: 100 }).toEqual([]);
    expect(await usersOf(again.id)).toHaveLength(100);
  });
});

describe('a license', () => {
  const NOT_ACTIVE = { type: '/problems/license-not-active', status: 403 };
  async function expectNothingNew({ rp, apiKey }: { rp: string; apiKey: string }, session: string) {
    const answers = [
      await registerRp(session, 'another.example.com'),
      await service.send(`POST /v1/rps/${rp}/api-keys`, { as: session, body: { name: 'Another' } }),
      await registerUsers(apiKey, ['new-user']),
    ];
    for (const { body } of answers) expect(body).toMatchObject(NOT_ACTIVE);
  }
  async function expectOldOnesCounted(apiKey: string) {
    const again = await registerUsers(apiKey, ['user-1']);
    expect(again.body).toEqual({ results: [{ userId: 'user-1', status: 'already-registered' }] });
    const counted = await service.send('POST /v1/rp/operations', {
      as: apiKey,
      body: { operations: [{ userId: 'user-1', type: 'authentication' }] },
    });
    expect(counted.body).toEqual({ results: [{ userId: 'user-1', status: 'counted' }] });
  }

  it('that has expired allows no new RPs, users or API keys, but operations of existing users are counted', async () => {
    const customer = await newCustomer();
    const { customerId, email, apiKey } = customer;
    await service.registerUsers(apiKey, ['user-1']);
    const endsAt = new Date(service.now() + HOUR).toISOString();
    await service.setLicense(customerId, { type: 'business', endsAt, maxMau: 1 });
    expect(await licenseOf(customer.session)).toMatchObject({ type: 'business', status: 'active' });

    await service.pass(HOUR + MINUTE);
    const session = await service.signIn(email);
    expect(await licenseOf(session)).toMatchObject({ type: 'business', status: 'expired', maxMau: 1 });
    await expectNothingNew(customer, session);
    await expectOldOnesCounted(apiKey);

    await service.setLicense(customerId, { type: 'business', ...TEN_YEARS });
    expect((await registerRp(session, 'another.example.com')).status).toBe(201);
    expect((await registerUsers(apiKey, ['new-user'])).status).toBe(200);
  });

  it('that has not started allows no new RPs, users or API keys, but operations of existing users are counted', async () => {
    const customer = await newCustomer();
    await service.registerUsers(customer.apiKey, ['user-1']);
    const now = service.now();
    // The first license starts at the sign-up. After the clock is set back, the start of this license is in the future.
    await service.setClock(now - HOUR);
    expect(await licenseOf(customer.session)).toMatchObject({ type: 'free', status: 'not-started' });
    await expectNothingNew(customer, customer.session);
    await expectOldOnesCounted(customer.apiKey);
    await service.setClock(now + MINUTE);
    expect((await registerUsers(customer.apiKey, ['new-user'])).status).toBe(200);
  });

  it('that starts in the future leaves the current license in force until then', async () => {
    const { customerId, email, session } = await newCustomer();
    const startsAt = new Date(service.now() + 2 * HOUR).toISOString();
    const afterwards = new Date(service.now() + 3 * HOUR).toISOString();
    await service.setLicense(customerId, { type: 'business', startsAt: afterwards, ...TEN_YEARS });
    await service.setLicense(customerId, { type: 'starter', startsAt, ...TEN_YEARS, maxMau: 7 });
    expect(await viewOf(session)).toMatchObject({
      license: { type: 'free', status: 'active' },
      nextLicense: { type: 'starter', startsAt, ...TEN_YEARS, maxMau: 7 },
    });
    expect((await registerRp(session, 'another.example.com')).status).toBe(403);
    await service.pass(2 * HOUR);
    const later = await service.signIn(email);
    expect(await viewOf(later)).toMatchObject({
      license: { type: 'starter', status: 'active' },
      nextLicense: { type: 'business', startsAt: afterwards },
    });
    expect((await registerRp(later, 'another.example.com')).status).toBe(201);
    await service.pass(HOUR);
    const last = await service.signIn(email);
    const view = await viewOf(last);
    expect(view).toMatchObject({ license: { type: 'business', status: 'active' } });
    expect(view).not.toHaveProperty('nextLicense');
    expect((await registerRp(last, 'third.example.com')).status).toBe(201);
  });
});

describe('changing a paid license to Free', () => {
  it.each([
    ['RPs', 'registered-rps', 1, 2],
    ['users', 'registered-users', 100, 101],
  ])('fails and changes nothing while more %s are registered than Free allows', async (what, limit, max, current) => {
    const { session, customerId, apiKey } = await newCustomer();
    await service.setLicense(customerId, { type: 'business', ...TEN_YEARS });
    if (what === 'RPs') await service.newRp(session, 'second.example.com');
    else await service.registerUsers(apiKey, ids('user', 101));
    await service.drain();
    const before = await service.dump();
    const toFree = () => service.operate({ command: 'set-license', customerId, type: 'free' });
    expect(await toFree()).toMatchObject({
      problem: { type: '/problems/license-limit-reached', status: 403, limit, max, current, licenseType: 'free' },
    });
    expect(await service.dump()).toEqual(before);

    if (what === 'users') {
      await service.send('DELETE /v1/rp/users/user-0', { as: apiKey });
      expect(await toFree()).toMatchObject({ result: { license: 'free', registeredUsers: 100 } });
      expectOnly([await registerUsers(apiKey, ['one-too-many'])], 0, { limit, max, current: 100 });
    } else {
      const result = await service.operate({ command: 'set-license', customerId, type: 'free', maxRegisteredRps: 2 });
      expect(result).toMatchObject({ result: { license: 'free', registeredRps: 2 } });
      expectOnly([await registerRp(session, 'third.example.com')], 0, { limit, max: 2, current: 2 });
    }
  });

  it('either succeeds or changes nothing when users are registered at the same time', async () => {
    const { session, customerId, apiKey } = await newCustomer();
    let registered = 0;
    for (let round = 0; round < 3; round += 1) {
      await service.setLicense(customerId, { type: 'business', ...TEN_YEARS });
      const max = registered + 6;
      const [moved, answers] = await Promise.all([
        service.operate({ command: 'set-license', customerId, type: 'free', maxRegisteredUsers: max }),
        atOnce(12, (index) => registerUsers(apiKey, [`round-${round}-${index}`])),
      ]);
      registered += answers.filter(({ status }) => status === 200).length;
      expect(await licenseOf(session)).toMatchObject({
        type: moved.problem ? 'business' : 'free',
        registeredUsers: registered,
      });
      if (!moved.problem) expect(registered).toBeLessThanOrEqual(max);
    }
  });
});
