import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { HOUR } from '../../functions/domain/time.ts';
import { monthInWords } from '../../functions/email/in-words.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;
let shop: { apiKey: string };
/**
 * Each test uses two months that no earlier test has used: `month` and `nextMonth`. So the clock only moves forward.
 */
let month = '2026-08';
let nextMonth = '2026-09';

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  month = after(nextMonth);
  nextMonth = after(month);
  await service.setClock(`${month}-10T09:00:00Z`);
  alice = await service.signUp();
  await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 4 });
  const { id } = await service.newRp(alice.session);
  shop = await service.newApiKey(alice.session, id);
  await service.registerUsers(shop.apiKey, users(0, 20));
});

/** Returns the month after `of`. */
function after(of: string): string {
  return new Date(Date.UTC(Number(of.slice(0, 4)), Number(of.slice(5)), 1)).toISOString().slice(0, '2026-11'.length);
}
const inWords = (of: string) => monthInWords(of, 'en').text;
const users = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `user-${from + index}`);
const view = async () => (await service.send('GET /v1/customer', { as: alice.session })).body as CustomerView;
const mauAlert = async () => (await view()).mauAlert;
/** Sets the MAU alert. @default version - the current version of the customer */
async function set(body: { enabled: boolean; threshold?: number | null }, version?: number): Promise<Answer> {
  const etag = version ?? (await view()).customer.version;
  return service.send('PUT /v1/customer/mau-alert', { as: alice.session, headers: { 'if-match': `"${etag}"` }, body });
}
/**
 * Waits until the service has counted all operations, starts an alert run, and returns all alert e-mails that the
 * address has received so far.
 */
async function alertsAfterRun(email = alice.email) {
  await service.drain();
  const run = await service.send('POST /_local/schedules/mau-alerts');
  expect(run.status).toBe(200);
  const mails = await service.mailsTo(email);
  return mails.filter(({ subject }) => subject.includes('MAU, above your threshold of'));
}
const authenticate = (from: number, to: number) => service.authenticateUsers(shop.apiKey, users(from, to));
/** Reports an operation that occurred at an earlier time, and expects that the service counts the user. */
async function late(userId: string, occurredAt: string): Promise<void> {
  const operations = [{ userId, type: 'authentication', occurredAt }];
  const answer = await service.send('POST /v1/rp/operations', { as: shop.apiKey, body: { operations } });
  expect(answer.body).toEqual({ results: [{ userId, status: 'counted' }] });
}

describe('setting the MAU alert', () => {
  it('increases the customer version and returns the Customer view', async () => {
    const answer = await set({ enabled: true, threshold: 800 });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe('"2"');
    expect(answer.body).toEqual(await view());
    expect(await mauAlert()).toEqual({ enabled: true, threshold: 800, lastNotification: null });
  });

  it.each([
    [{ enabled: false, threshold: 500 }, 500],
    [{ enabled: false, threshold: null }, null],
    [{ enabled: false }, null],
  ])('to %j switches the alert off and stores the threshold %j', async (off, threshold) => {
    await set({ enabled: true, threshold: 800 });
    await set(off);
    expect(await mauAlert()).toEqual({ enabled: false, threshold, lastNotification: null });
  });

  it('fails and changes nothing if If-Match contains an earlier version of the customer', async () => {
    await set({ enabled: true, threshold: 800 });
    const before = await service.dump();
    expect((await set({ enabled: false }, 1)).body).toMatchObject({ type: '/problems/version-conflict', status: 412 });
    expect(await service.dump()).toEqual(before);
  });

  it('succeeds for only one of ten simultaneous requests with the same customer version', async () => {
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => set({ enabled: true, threshold: index + 1 }, 1)),
    );
    const winner = answers.findIndex(({ status }) => status === 200);
    expect(answers.filter(({ status }) => status === 412)).toHaveLength(9);
    expect(await mauAlert()).toMatchObject({ threshold: winner + 1 });
  });

  it('is logged with the settings before and after the change', async () => {
    await set({ enabled: true, threshold: 800 });
    expect(service.logged.findLast(({ message }) => message === 'change')?.fields).toMatchObject({
      route: 'set-mau-alert',
      requestId: expect.any(String) as string,
      actor: { administratorId: alice.administratorId },
      what: 'mau-alert',
      customerId: alice.customerId,
      before: { enabled: false, threshold: null },
      after: { enabled: true, threshold: 800 },
    });
  });
});

describe('the alert run', () => {
  it('sends one e-mail per month for each threshold that the MAU exceeds', async () => {
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 3);
    expect(await alertsAfterRun()).toHaveLength(0);
    await authenticate(0, 4);
    expect(await alertsAfterRun()).toHaveLength(1);
    await authenticate(4, 5);
    expect(await alertsAfterRun()).toHaveLength(1);

    await set({ enabled: true, threshold: 5 });
    expect(await alertsAfterRun()).toHaveLength(1);
    await authenticate(5, 6);
    expect(await alertsAfterRun()).toHaveLength(2);
    await authenticate(6, 7);
    expect(await alertsAfterRun()).toHaveLength(2);

    await service.setClock(`${nextMonth}-01T00:10:00Z`);
    expect(await alertsAfterRun()).toHaveLength(2);
    await authenticate(0, 6);
    const alerts = await alertsAfterRun();
    expect(alerts).toHaveLength(3);
    expect(
      alerts.map(({ text }) => text).map((text) => [text.includes(inWords(month)), text.includes(inWords(nextMonth))]),
    ).toEqual([
      [true, false],
      [true, false],
      [false, true],
    ]);
    expect(await alertsAfterRun()).toHaveLength(3);
  });

  it('sends an e-mail that links to the console and states the month, time zone, MAU, threshold, maximum, overage and fee', async () => {
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 6);
    const [alert] = await alertsAfterRun();
    const { license } = await view();
    const said = [
      '“Example Corporation” has 6 ',
      inWords(month),
      'time zone: UTC',
      'threshold of 3',
      'maximum of 4',
      'is 2 MAU',
    ];
    const fee = 'overageFee' in license ? `${license.overageFee.amount} ${license.overageFee.currency}` : 'no fee';
    for (const words of [...said, fee, service.origin]) expect(alert?.text).toContain(words);
  });

  it('tells a customer with the Free license that there is no maximum MAU', async () => {
    const free = await service.signUp();
    alice = free;
    const { id } = await service.newRp(free.session);
    shop = await service.newApiKey(free.session, id);
    await service.registerUsers(shop.apiKey, users(0, 2));
    await set({ enabled: true, threshold: 1 });
    await authenticate(0, 2);
    expect((await alertsAfterRun())[0]?.text).toContain('no maximum MAU');
  });

  it('adds the last notification to the Customer view without changing the customer version', async () => {
    await set({ enabled: true, threshold: 3 });
    const { version } = (await view()).customer;
    await authenticate(0, 4);
    const begun = service.now();
    await alertsAfterRun();
    const { customer, mauAlert: shown } = await view();
    expect(shown).toMatchObject({ lastNotification: { month, threshold: 3, status: 'sent' } });
    expect(Math.abs(Date.parse(shown.lastNotification?.at ?? '') - begun)).toBeLessThan(60_000);
    expect(customer.version).toBe(version);
  });

  it('sends nothing while the MAU alert is off, and sends an e-mail once the alert is on and the threshold is exceeded', async () => {
    await set({ enabled: false, threshold: 3 });
    await authenticate(0, 5);
    expect(await alertsAfterRun()).toHaveLength(0);
    await set({ enabled: true, threshold: 3 });
    expect(await alertsAfterRun()).toHaveLength(1);
    await set({ enabled: true, threshold: 2 });
    expect(await alertsAfterRun()).toHaveLength(2);
  });

  it('sends no second e-mail if the MAU alert is switched off and on again, or if the threshold is changed and restored', async () => {
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 4);
    expect(await alertsAfterRun()).toHaveLength(1);
    await set({ enabled: false });
    expect(await alertsAfterRun()).toHaveLength(1);
    await set({ enabled: true, threshold: 9 });
    expect(await alertsAfterRun()).toHaveLength(1);
    await set({ enabled: true, threshold: 3 });
    expect(await alertsAfterRun()).toHaveLength(1);
  });

  it('sends the e-mail to the current representative', async () => {
    await set({ enabled: true, threshold: 3 });
    const bob = await service.addAdministrator(alice.session, 'administrator');
    const { version } = (await view()).customer;
    await service.send('PUT /v1/customer/representative', {
      as: alice.session,
      headers: { 'if-match': `"${version}"` },
      body: { administratorId: bob.administratorId },
    });
    await authenticate(0, 4);
    expect(await alertsAfterRun(bob.email)).toHaveLength(1);
    expect(await alertsAfterRun(alice.email)).toHaveLength(0);
  });

  it('sends an e-mail for a month if the MAU exceeded the threshold only in the last minute of the month', async () => {
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 3);
    expect(await alertsAfterRun()).toHaveLength(0);
    await service.setClock(Date.parse(`${nextMonth}-01T00:00:00Z`) - 30_000);
    await authenticate(3, 4);
    await service.setClock(`${nextMonth}-01T00:03:00Z`);
    const alerts = await alertsAfterRun();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.text).toContain(inWords(month));
    expect(await alertsAfterRun()).toHaveLength(1);
  });

  it('sends an e-mail with the maximum MAU of last month’s license if late reports raise last month’s MAU above the threshold', async () => {
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 3);
    await service.setClock(`${nextMonth}-02T10:00:00Z`);
    await service.setLicense(alice.customerId, { type: 'enterprise', endsAt: '2036-01-01T00:00:00Z', maxMau: 777 });
    await late('user-3', `${month}-28T12:00:00Z`);
    await late('user-4', `${month}-28T12:00:00Z`);
    const alerts = await alertsAfterRun();
    expect(alerts).toHaveLength(1);
    expect(alerts[0]?.text).toContain(inWords(month));
    expect(alerts[0]?.text).toContain('maximum of 4');
  });

  it('states the maximum MAU of the license in force at the end of the month, not of a cancelled license', async () => {
    const { customerId } = alice;
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 3);
    const startsAt = `${month}-20T00:00:00Z`;
    await service.setLicense(customerId, { type: 'enterprise', startsAt, endsAt: '2036-01-01T00:00:00Z', maxMau: 777 });
    expect((await service.operate({ command: 'cancel-license', customerId, startsAt })).problem).toBeUndefined();
    await service.setClock(`${nextMonth}-02T10:00:00Z`);
    await service.setLicense(customerId, { type: 'enterprise', endsAt: '2036-01-01T00:00:00Z', maxMau: 888 });
    await late('user-3', `${month}-28T12:00:00Z`);
    expect((await alertsAfterRun())[0]?.text).toContain('maximum of 4');
  });

  it('sends an e-mail for a month that closed less than an hour ago, but not for a month that closed earlier', async () => {
    await set({ enabled: true, threshold: 3 });
    await authenticate(0, 3);
    const closing = Date.parse(`${nextMonth}-04T00:00:00Z`);
    await service.setClock(closing - 30_000);
    await late('user-3', `${month}-28T12:00:00Z`);
    await service.setClock(closing + 2 * HOUR);
    expect(await alertsAfterRun()).toHaveLength(0);
    await service.setClock(closing + 4 * 60_000);
    expect((await alertsAfterRun())[0]?.text).toContain(inWords(month));
  });
});
