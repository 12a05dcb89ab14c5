import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { networkOf } from '../../functions/domain/customers/network-of.ts';
import { limitSignUps, SIGN_UP_LIMITS } from '../../functions/domain/customers/limit-sign-ups.ts';
import { TooManyRequestsError } from '../../functions/domain/errors.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import { mailServices } from '../support/mail-services.ts';
import { startTestService, type TestService } from '../support/service.ts';

describe('the limits of sign-ups', () => {
  let service: TestService;
  beforeAll(async () => {
    service = await startTestService({ limitsSignUps: true });
  });
  afterAll(() => service.stop());
  let day = 0;
  /** Each test begins on another day, so that no earlier sign-up counts towards the limits. */
  beforeEach(() => service.setClock(Date.parse('2026-11-22T09:20:00Z') + (day += 1) * DAY));

  const signUp = (email = service.newEmail()) =>
    service.send('POST /v1/customers', {
      body: { customer: { name: 'Example Corporation' }, representative: { name: 'Alice Arai', email } },
    });

  const countCustomers = async () => (await service.dump()).filter(({ sk }) => sk === 'CUSTOMER').length;

  it('refuse the eleventh sign-up from a network in an hour, for known and unknown addresses alike', async () => {
    const known = service.newEmail();
    expect((await signUp(known)).status).toBe(202);
    for (let times = 0; times < 9; times += 1) expect((await signUp()).status).toBe(202);
    const sent = (await service.mailsTo(known)).length;
    const customers = await countCustomers();

    const refused = [await signUp(known), await signUp()];
    for (const { status, body, headers } of refused) {
      expect(status).toBe(429);
      expect(body).toMatchObject({ type: '/problems/too-many-requests', status: 429 });
      const seconds = Number(headers.get('retry-after'));
      expect(seconds).toBeGreaterThan(0);
      expect(seconds).toBeLessThanOrEqual(40 * 60);
    }
    const [first, second] = refused.map(({ body }) => ({ ...(body as object), requestId: '' }));
    expect(first).toEqual(second);
    expect(await countCustomers()).toBe(customers);
    expect(await service.mailsTo(known)).toHaveLength(sent);
    expect(service.loggedText()).toContain('RefusedSignUps');
  });

  it('allow sign-ups again in the next hour', async () => {
    for (let times = 0; times < 10; times += 1) await signUp();
    expect((await signUp()).status).toBe(429);

    await service.pass(40 * MINUTE);
    expect((await signUp()).status).toBe(202);
  });

  it('store no IP address', async () => {
    await signUp();
    const items = JSON.stringify((await service.dump()).filter(({ pk }) => String(pk).startsWith('SIGN-UP-LIMIT#')));

    expect(items).toContain('signUps');
    expect(items).not.toMatch(/127\.0|example\.com/);
  });
});

it('the local service does not limit sign-ups unless the limits are switched on', async () => {
  const service = await startTestService();
  for (let times = 0; times < 11; times += 1) {
    const representative = { name: 'Alice Arai', email: service.newEmail() };
    const answer = await service.send('POST /v1/customers', {
      body: { customer: { name: 'Example' }, representative },
    });
    expect(answer.status).toBe(202);
  }
  await service.stop();
});

describe('a sign-up', () => {
  let table: TestTable['table'];
  let mail: ReturnType<typeof mailServices>;
  beforeEach(async () => {
    ({ table } = await openTestTable());
    mail = mailServices(table);
  });
  const count = (callerAddress: string, email: string) =>
    limitSignUps({ ...mail.services, signUpLimits: SIGN_UP_LIMITS }, { callerAddress, email });
  const ipv4 = (network: number) => `198.51.${network}.7`;

  it('counts toward the 100 sign-ups in an hour of its e-mail domain, from whatever network', async () => {
    for (let network = 0; network < 100; network += 1) await count(ipv4(network), `person-${network}@Example.com`);

    await expect(count(ipv4(100), 'another@example.com')).rejects.toThrow(TooManyRequestsError);
    await count(ipv4(100), 'another@example.net');
  });

  it('that is refused counts toward neither limit', async () => {
    for (let times = 0; times < 10; times += 1) await count(ipv4(1), `person-${times}@one.example`);
    for (let times = 0; times < 10; times += 1)
      await expect(count(ipv4(1), 'person@two.example')).rejects.toThrow(TooManyRequestsError);

    for (let network = 2; network < 102; network += 1) await count(ipv4(network), 'person@two.example');
    await expect(count(ipv4(200), 'person@two.example')).rejects.toThrow(TooManyRequestsError);
  });

  it('is allowed exactly 10 times when 30 sign-ups come from a network at the same time', async () => {
    const outcomes = await Promise.allSettled(
      Array.from({ length: 30 }, (_, index) => count(ipv4(1), `person@${index}.example`)),
    );

    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(10);
  });

  it('is refused with the time until the next full hour', async () => {
    mail.clock.time = Date.parse('2026-11-22T09:45:00Z');
    for (let times = 0; times < 10; times += 1) await count(ipv4(1), `person@${times}.example`);

    await expect(count(ipv4(1), 'person@last.example')).rejects.toMatchObject({ retryAfter: (15 * MINUTE) / 1_000 });
    mail.clock.time += HOUR / 4;
    await count(ipv4(1), 'person@last.example');
  });
});

describe('the network', () => {
  it.each([
    ['192.0.2.1', '192.0.2.0/24'],
    ['192.0.2.254', '192.0.2.0/24'],
    ['::ffff:192.0.2.1', '192.0.2.0/24'],
    ['::FFFF:c000:0201', '192.0.2.0/24'],
    ['2001:db8:12:3456:789a:bcde:f012:3456', '2001:db8:12::/48'],
    ['2001:0DB8:0012::1', '2001:db8:12::/48'],
    ['2001:db8::1', '2001:db8:0::/48'],
    ['::1', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0::/48'],
    ['not an address', 'not an address'],
  ])('of %s is %s', (address, network) => {
    expect(networkOf(address)).toBe(network);
  });
});
