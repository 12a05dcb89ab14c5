import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { MauView } from '../../functions/contract/customers.ts';
import { isDeployed } from '../support/backend.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

const services = new Set<TestService>();
async function start(now: string, timeZone?: string): Promise<TestService> {
  const service = await startTestService(timeZone === undefined ? {} : { timeZone });
  services.add(service);
  await service.setClock(now);
  return service;
}
afterAll(() => Promise.all([...services].map((service) => service.stop())));

const ids = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);

/**
 * Returns functions that read views of a customer with the session of the customer's representative. The tests advance
 * the clock by months, so the functions sign in again when the session has expired.
 */
function customerOf(service: TestService, { email, ...signedUp }: SignedUp) {
  let { session } = signedUp;
  const read = async (path: string, headers = {}) => {
    await service.drain();
    const answer = await service.send(`GET ${path}`, { as: session, headers });
    if (answer.status !== 401) return answer;
    session = await service.signIn(email);
    return service.send(`GET ${path}`, { as: session, headers });
  };
  return {
    mau: async (months = 3) => (await read(`/v1/customer/mau?months=${months}`)).body as MauView,
    csv: async () => (await read('/v1/customer/mau', { accept: 'text/csv' })).text,
    statements: async () => (await read('/v1/customer/statements')).body as { items: object[] },
    license: async () => ((await read('/v1/customer')).body as { license: object }).license,
  };
}

describe('the MAU view', () => {
  let service: TestService;
  let customer: ReturnType<typeof customerOf>;
  let signedUp: SignedUp;
  let shop: { id: string; apiKey: string };
  let blog: { id: string; apiKey: string };

  async function newRp(rpId: string, name: string) {
    const { id } = await service.newRp(signedUp.session, rpId, name);
    const { apiKey } = await service.newApiKey(signedUp.session, id);
    await service.registerUsers(apiKey, ids('user', 6));
    return { id, apiKey };
  }
  /** Reports an operation with the time `occurredAt`, and returns the result of the operation. */
  async function report(apiKey: string, userId: string, occurredAt: string) {
    const answer = await service.send('POST /v1/rp/operations', {
      as: apiKey,
      body: { operations: [{ userId, type: 'authentication', occurredAt }] },
    });
    return (answer.body as { results: { status: string; reason?: string }[] }).results[0];
  }

  beforeAll(async () => {
    service = await start('2026-09-10T00:00:00Z');
    signedUp = await service.signUp();
    customer = customerOf(service, signedUp);
    await service.setLicense(signedUp.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
    shop = await newRp('shop.example.com', 'Shop');
    await service.pass(1_000);
    blog = await newRp('blog.example.com', 'Blog');
  });

  it('shows 0 for every month and every RP before the first operation', async () => {
    const view = await customer.mau();
    const time = { removed: false, registeredIn: '2026-09', removedIn: null };
    const empty = { ...time, mau: [0, 0, 0], measured: [0, 0, 0] };
    expect(view).toEqual({
      timeZone: 'UTC',
      currentMonth: '2026-09',
      months: ['2026-07', '2026-08', '2026-09'],
      signedUpIn: '2026-09',
      rps: [
        { id: shop.id, rpId: 'shop.example.com', name: 'Shop', ...empty },
        { id: blog.id, rpId: 'blog.example.com', name: 'Blog', ...empty },
      ],
      total: [0, 0, 0],
      measuredTotal: [0, 0, 0],
      maxMau: 10_000,
      maxMaus: [null, null, 10_000],
      expectedMau: null,
      threshold: null,
    });
  });

  it('counts a user once per RP and month, so a person who uses two RPs counts twice', async () => {
    await service.authenticateUsers(shop.apiKey, ['user-0', 'user-1', 'user-0', 'user-2', 'user-1']);
    await service.authenticateUsers(blog.apiKey, ['user-0']);
    await service.authenticateUsers(blog.apiKey, ['user-0']);
    const { rps, total } = await customer.mau();
    expect(rps.map(({ mau }) => mau)).toEqual([
      [0, 0, 3],
      [0, 0, 1],
    ]);
    expect(total).toEqual([0, 0, 4]);
  });

  it('shows the new month, and still counts operations of the previous month that are reported late', async () => {
    await service.setClock('2026-10-02T12:00:00Z');
    expect(await report(shop.apiKey, 'user-3', '2026-09-30T23:59:59.999Z')).toMatchObject({ status: 'counted' });
    expect(await report(shop.apiKey, 'user-0', '2026-09-30T23:59:59.999Z')).toMatchObject({
      status: 'already-counted',
    });
    expect(await report(shop.apiKey, 'user-0', '2026-10-01T00:00:00Z')).toMatchObject({ status: 'counted' });
    const view = await customer.mau();
    expect(view).toMatchObject({ currentMonth: '2026-10', months: ['2026-08', '2026-09', '2026-10'] });
    expect(view.rps.map(({ mau }) => mau)).toEqual([
      [0, 4, 1],
      [0, 1, 0],
    ]);
    expect(view.total).toEqual([0, 5, 1]);
  });

  it('stops counting operations of a month at 00:00 on the 4th of the next month', async () => {
    await service.setClock('2026-10-03T23:59:00Z');
    expect(await report(shop.apiKey, 'user-4', '2026-09-30T00:00:00Z')).toMatchObject({ status: 'counted' });
    await service.setClock('2026-10-04T00:00:00Z');
    expect(await report(shop.apiKey, 'user-5', '2026-09-30T00:00:00Z')).toEqual({
      userId: 'user-5',
      status: 'rejected',
      reason: 'month-closed',
    });
    expect((await customer.mau()).total).toEqual([0, 6, 1]);
  });

  it('still counts removed users in the months in which they were active', async () => {
    expect((await service.send('DELETE /v1/rp/users/user-0', { as: shop.apiKey })).status).toBe(204);
    expect(await report(shop.apiKey, 'user-0', '2026-10-04T00:00:00Z')).toMatchObject({ status: 'already-counted' });
    expect((await customer.mau()).total).toEqual([0, 6, 1]);
  });

  it('lists a removed RP as long as the view includes a month in which the RP had active users', async () => {
    const session = await service.signIn(signedUp.email);
    expect((await service.send(`DELETE /v1/rps/${blog.id}`, { as: session })).status).toBe(204);
    const months = { registeredIn: '2026-09', removedIn: '2026-10' };
    const itself = { id: blog.id, rpId: 'blog.example.com', name: 'Blog', removed: true, ...months };
    const removed = { ...itself, measured: [0, 0, 0] };

    expect((await customer.mau()).rps[1]).toEqual({ ...removed, mau: [0, 1, 0] });
    await service.setClock('2026-11-30T00:00:00Z');
    expect((await customer.mau()).rps[1]).toEqual({ ...removed, mau: [1, 0, 0] });
    await service.setClock('2026-12-01T00:00:00Z');
    expect((await customer.mau()).rps.map(({ id }) => id)).toEqual([shop.id]);
    const half = await customer.mau(6);
    expect(half.rps[1]).toEqual({ ...removed, mau: [0, 0, 1, 0, 0, 0], measured: Array(6).fill(0) });
    expect(half.total).toEqual([0, 0, 6, 1, 0, 0]);
  });

  it('does not list a removed RP that never had active users', async () => {
    const session = await service.signIn(signedUp.email);
    const { id } = await service.newRp(session, 'idle.example.com', 'Idle');
    expect((await customer.mau()).rps.map((rp) => rp.id)).toContain(id);
    await service.send(`DELETE /v1/rps/${id}`, { as: session });
    expect((await customer.mau()).rps.map((rp) => rp.id)).not.toContain(id);
  });

  it('shows 12 months across two calendar years', async () => {
    await service.setClock('2026-12-31T23:59:00Z');
    expect(await report(shop.apiKey, 'user-1', '2026-12-31T23:59:00Z')).toMatchObject({ status: 'counted' });
    await service.setClock('2027-01-01T00:00:00Z');
    expect(await report(shop.apiKey, 'user-1', '2027-01-01T00:00:00Z')).toMatchObject({ status: 'counted' });
    const year = await customer.mau(12);
    // prettier-ignore
    expect(year.months).toEqual(['2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11', '2026-12', '2027-01']);
    expect(year.total).toEqual([0, 0, 0, 0, 0, 0, 0, 6, 1, 0, 1, 1]);
    expect(year.rps.map(({ mau }) => mau)).toEqual([
      [0, 0, 0, 0, 0, 0, 0, 5, 1, 0, 1, 1],
      [0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0],
    ]);
  });
});

describe('the MAU view of a customer whose license changes in mid-year', () => {
  let service: TestService;
  let customer: ReturnType<typeof customerOf>;
  let apiKey: string;
  beforeAll(async () => {
    service = await start('2026-03-10T00:00:00Z');
    const signedUp = await service.signUp();
    customer = customerOf(service, signedUp);
    const { id } = await service.newRp(signedUp.session);
    ({ apiKey } = await service.newApiKey(signedUp.session, id));
    await service.registerUsers(apiKey, ids('user', 30));
    const license = { type: 'business', endsAt: '2036-01-01T00:00:00Z' } as const;
    await service.setClock('2026-05-20T00:00:00Z');
    await service.setLicense(signedUp.customerId, { ...license, startsAt: '2026-06-01T00:00:00Z', maxMau: 20 });
    await service.setClock('2026-06-20T00:00:00Z');
    await service.authenticateUsers(apiKey, ids('user', 22));
    await service.setLicense(signedUp.customerId, { ...license, startsAt: '2026-07-01T00:00:00Z', maxMau: 30 });
  });

  it('has the maximum of each month: of the license at its end, and later of its statement', async () => {
    await service.setClock('2026-07-02T00:00:00Z');
    const open = await customer.mau(6);
    expect(open).toMatchObject({ signedUpIn: '2026-03', maxMau: 30, maxMaus: [null, null, null, null, 20, 30] });

    await service.setClock('2026-07-05T00:00:00Z');
    await service.send('POST /_local/schedules/month-close');
    expect(await customer.mau(6)).toMatchObject({ maxMau: 30, maxMaus: [null, null, null, null, 20, 30] });
    const statements = await customer.statements();
    expect(statements.items[0]).toMatchObject({ month: '2026-06', mau: 22, maxMau: 20, overageMau: 2 });
  });

  it('expects as many more active users in each hour as in an average hour of last month', async () => {
    await service.setClock('2026-07-16T00:00:00Z');
    await service.authenticateUsers(apiKey, ids('user', 8));
    await service.setClock('2026-07-16T12:00:00Z');
    // June has 720 hours, and 372 of the hours of July are left: 8 + 22 × 372 / 720 = 19.4.
    expect((await customer.mau()).expectedMau).toEqual({ mau: 19, pace: 'last-month' });
    await service.setClock('2026-07-31T23:59:00Z');
    expect((await customer.mau()).expectedMau).toEqual({ mau: 8, pace: 'last-month' });
  });

  it('expects no MAU of a new customer before the third day, and then by the pace of this month', async () => {
    await service.setClock('2026-09-11T00:00:00Z');
    const signedUp = await service.signUp();
    const { id } = await service.newRp(signedUp.session);
    const key = await service.newApiKey(signedUp.session, id);
    await service.registerUsers(key.apiKey, ids('new', 4));
    await service.authenticateUsers(key.apiKey, ids('new', 4));
    const { mau } = customerOf(service, signedUp);
    await service.setClock('2026-09-13T23:00:00Z');
    expect((await mau()).expectedMau).toBeNull();
    await service.setClock('2026-09-21T00:00:00Z');
    expect((await mau()).expectedMau).toEqual({ mau: 8, pace: 'this-month' });
  });
});

describe("the service's time zone", () => {
  it.each([
    ['UTC', '2026-10', '2026-11-01T00:00:00Z'],
    ['Asia/Tokyo', '2026-11', '2026-11-30T15:00:00Z'],
    ['America/New_York', '2026-10', '2026-11-01T04:00:00Z'],
  ])('determines when a month ends in the MAU view and in the Customer view (%s)', async (timeZone, month, endsAt) => {
    const service = await start('2026-10-31T20:00:00Z', timeZone);
    const signedUp = await service.signUp();
    const { id } = await service.newRp(signedUp.session);
    const { apiKey } = await service.newApiKey(signedUp.session, id);
    await service.registerUsers(apiKey, ['user-1']);
    await service.authenticateUsers(apiKey, ['user-1']);
    const view = await customerOf(service, signedUp).mau();
    expect(view).toMatchObject({ timeZone, currentMonth: month, total: [0, 0, 1] });
    const { body } = await service.send('GET /v1/customer', { as: signedUp.session });
    expect(body).toMatchObject({ month: { month, timeZone, endsAt }, license: { mauThisMonth: 1 } });
  });

  // Each deployed service of the tests has tables of its own.
  it.skipIf(isDeployed)('cannot be changed after the first start of the service', async () => {
    const service = await start('2026-10-31T20:00:00Z', 'Asia/Tokyo');
    await expect(startTestService({ timeZone: 'UTC', tableName: service.tableName })).rejects.toThrow('Asia/Tokyo');
  });
});

describe('the overage of a paid customer', () => {
  it('is the number of active users above the maximum MAU, and the fee per user depends on the license type', async () => {
    const service = await start('2026-11-22T09:30:00Z');
    const signedUp = await service.signUp();
    const customer = customerOf(service, signedUp);
    const license = { type: 'business', endsAt: '2036-01-01T00:00:00Z' } as const;
    await service.setLicense(signedUp.customerId, { ...license, maxMau: 10 });
    const { id } = await service.newRp(signedUp.session);
    const { apiKey } = await service.newApiKey(signedUp.session, id);
    await service.registerUsers(apiKey, ids('user', 22));

    await service.authenticateUsers(apiKey, ids('user', 10));
    const none = { maxMau: 10, overageMau: 0, overageFee: { amount: '0.00', currency: 'USD' } };
    expect(await customer.license()).toMatchObject({ mauThisMonth: 10, ...none });

    await service.authenticateUsers(apiKey, ids('user', 11));
    const one = { maxMau: 10, overageMau: 1, overageFee: { amount: '0.05', currency: 'USD' } };
    expect(await customer.license()).toMatchObject({ mauThisMonth: 11, ...one });

    await service.authenticateUsers(apiKey, ids('user', 22));
    expect(await customer.license()).toEqual({
      type: 'business',
      status: 'active',
      startsAt: expect.stringMatching(/^2026-11-22T09:3/) as string,
      endsAt: '2036-01-01T00:00:00Z',
      registeredRps: 1,
      registeredUsers: 22,
      mauThisMonth: 22,
      maxRegisteredRps: 1_000,
      maxMau: 10,
      overageFeePerMau: { amount: '0.05', currency: 'USD' },
      overageMau: 12,
      overageFee: { amount: '0.60', currency: 'USD' },
    });
    expect(await customer.mau()).toMatchObject({ maxMau: 10, total: [0, 0, 22] });

    await service.setLicense(signedUp.customerId, { ...license, type: 'enterprise', maxMau: 19 });
    expect(await customer.license()).toMatchObject({ overageMau: 3, overageFee: { amount: '0.06', currency: 'USD' } });
    await service.setLicense(signedUp.customerId, { ...license, type: 'starter', maxMau: 2 });
    expect(await customer.license()).toMatchObject({
      overageMau: 20,
      overageFee: { amount: '1.60', currency: 'USD' },
    });
    await service.setLicense(signedUp.customerId, { ...license, maxMau: 22 });
    expect(await customer.license()).toMatchObject({ overageMau: 0, overageFee: { amount: '0.00', currency: 'USD' } });
  });
});

describe('GET /v1/customer/mau', () => {
  let service: TestService;
  let signedUp: SignedUp;

  beforeAll(async () => {
    service = await start('2026-11-22T09:30:00Z');
    signedUp = await service.signUp();
  });

  it('quotes CSV fields that require quotes, and prevents spreadsheets from reading names as formulas', async () => {
    await service.setLicense(signedUp.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
    const names = [
      '=HYPERLINK("https://evil.example","Shop")',
      '+1',
      '-1',
      '@SUM(A1)',
      'A "quoted", named shop',
      'ショップ',
      'shop; =1+1;@SUM(A1)',
    ];
    const months = ['2026-09', '2026-10', '2026-11'];
    const rows: string[] = [];
    const shown = [
      '"\'=HYPERLINK(""https://evil.example"",""Shop"")"',
      "'+1",
      "'-1",
      "'@SUM(A1)",
      '"A ""quoted"", named shop"',
      'ショップ',
      "shop; '=1+1;'@SUM(A1)",
    ];
    for (const [index, name] of names.entries()) {
      const { id } = await service.newRp(signedUp.session, `rp-${index}.example.com`, name);
      rows.push(`${id},rp-${index}.example.com,${shown[index] ?? ''},false,0,0,0,0,0,0`);
      await service.pass(1_000);
    }
    expect(await customerOf(service, signedUp).csv()).toBe(
      [
        `id,rpId,name,removed,${months.join(',')},${months.map((month) => `${month} measured`).join(',')}`,
        ...rows,
        'total,,,,0,0,0,0,0,0',
        '',
      ].join('\r\n'),
    );
  });

  it.each([
    ['text/csv', 'text/csv; charset=utf-8'],
    ['text/csv; header=present', 'text/csv; charset=utf-8'],
    ['*/*', 'application/json'],
    ['application/json', 'application/json'],
    ['text/html', 'application/json'],
  ])('responds to Accept: %s with the content type %s and the header Vary: accept', async (accept, type) => {
    const answer = await service.send('GET /v1/customer/mau', { as: signedUp.session, headers: { accept } });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe(type);
    expect(answer.headers.get('vary')).toBe('accept');
  });
});
