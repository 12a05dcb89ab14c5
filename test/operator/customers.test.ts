import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FailedMails } from '../../bin/operator/list-failed-mails.ts';
import type { CustomerLine } from '../../bin/operator/list-customers.ts';
import type { Overview } from '../../bin/operator/read-overview.ts';
import { widthOf } from '../../bin/operator/layout.ts';
import { runOperator } from '../support/operator-command-line.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

/**
 * Customers with different plans, at the time 2026-11-25. In October, `over` and `other` had 3 MAU above their maximum
 * of 1, and in November, `over` has 3 MAU and `other` has none.
 */
describe('the operator’s view of all customers', { timeout: 60_000 }, () => {
  let service: TestService;
  let over: SignedUp;
  let other: SignedUp;
  let wide: SignedUp;
  let renewed: SignedUp;
  let expired: SignedUp;
  let leaving: SignedUp;
  let discarding: SignedUp;
  const run = async (...args: string[]) => {
    const { exitCode, stdout, stderr } = await runOperator(args, new URL(service.url).port);
    expect([exitCode, stderr]).toEqual([0, '']);
    return stdout;
  };
  const list = async (...args: string[]) =>
    JSON.parse(await run('customer', 'list', ...args, '--json')) as CustomerLine[];
  const namesOf = (customers: readonly CustomerLine[]) => customers.map(({ name }) => name);

  beforeAll(async () => {
    service = await startTestService();
    await service.setClock('2026-10-10T00:00:00Z');
    over = await service.signUp('Over Corporation');
    other = await service.signUp('Other Corporation');
    expired = await service.signUp('Expired Corporation');
    const starter = { type: 'starter', maxMau: 1 } as const;
    await service.setLicense(over.customerId, { ...starter, endsAt: '2026-12-10T00:00:00Z' });
    await service.setLicense(other.customerId, { ...starter, endsAt: '2027-10-10T00:00:00Z' });
    await service.setLicense(expired.customerId, { ...starter, endsAt: '2026-11-01T00:00:00Z' });
    const users = ['user-1', 'user-2', 'user-3', 'user-4'];
    const keys = new Map<string, string>();
    for (const { session, customerId } of [over, other]) {
      const { id } = await service.newRp(session);
      const { apiKey } = await service.newApiKey(session, id);
      keys.set(customerId, apiKey);
      await service.registerUsers(apiKey, users);
      await service.authenticateUsers(apiKey, users);
    }
    await service.drain();
    await service.setClock('2026-11-03T00:00:00Z');
    wide = await service.signUp('株式会社サンプル ＡＢＣ');
    renewed = await service.signUp('Renewed Corporation');
    leaving = await service.signUp('Leaving Corporation');
    discarding = await service.signUp('Discarding Corporation');
    const business = { type: 'business', maxMau: 7 } as const;
    await service.setLicense(renewed.customerId, { ...business, endsAt: '2026-12-01T00:00:00Z' });
    const follows = { startsAt: '2026-12-01T00:00:00Z', endsAt: '2027-12-01T00:00:00Z' };
    await service.setLicense(renewed.customerId, { ...business, ...follows });
    await service.setLicense(discarding.customerId, { ...business, endsAt: '2026-12-02T00:00:00Z' });
    await service.authenticateUsers(keys.get(over.customerId) ?? '', users);
    await service.drain();
  }, 60_000);
  afterAll(() => service.stop());

  describe('before the last month is closed', () => {
    it('contains the fees of both open months, from the MAU counters', async () => {
      const overview = JSON.parse(await run('overview', '--json')) as Overview;
      expect(overview).toMatchObject({
        thisMonth: { month: '2026-11', fees: [{ amount: '0.24', currency: 'USD' }], customers: 1, open: 7 },
        lastMonth: { month: '2026-10', fees: [{ amount: '0.48', currency: 'USD' }], customers: 2, open: 3 },
        customers: 7,
      });
      expect(await run('overview')).toMatch(/2026-10 has no statement yet for 3 customers, so its fees can change\./);
    });
  });

  describe('after the last month was closed', () => {
    beforeAll(async () => {
      await service.setClock('2026-11-04T00:06:00Z');
      await service.send('POST /_local/schedules/month-close');
      // The license of October stays in the statement, so this license changes no fee of October.
      await service.setLicense(other.customerId, {
        ...{ type: 'enterprise', startsAt: '2026-11-04T00:00:00Z', endsAt: '2027-10-10T00:00:00Z' },
      });
      await service.setClock('2026-11-25T00:00:00Z');
      await service.send('POST /v1/customer/unsubscription', {
        as: await service.signIn(leaving.email),
        body: { confirmation: 'Leaving Corporation' },
      });
      await service.operate({
        ...{ command: 'end-customer', customerId: discarding.customerId, confirmation: 'Discarding Corporation' },
      });
    });

    it('has one word for the state of each customer, in all commands', async () => {
      const words = Object.fromEntries((await list()).map(({ name, state }) => [name, state]));
      expect(words).toEqual({
        'Over Corporation': 'active',
        'Other Corporation': 'active',
        'Expired Corporation': 'expired',
        '株式会社サンプル ＡＢＣ': 'active',
        'Renewed Corporation': 'active',
        'Leaving Corporation': 'leaving',
        'Discarding Corporation': 'discarding',
      });
      for (const { customerId, name, state } of await list()) {
        expect([name, await run('customer', 'show', customerId)]).toEqual([
          name,
          expect.stringMatching(new RegExp(`^ {2}State +${state}$`, 'm')),
        ]);
      }
      const help = (await run('customer', 'list', '--help')).split('\n');
      for (const word of [...new Set(Object.values(words)), 'discarded']) {
        expect(help).toContainEqual(expect.stringMatching(new RegExp(`^ {2,4}${word} {2,}\\S`)));
      }
    });

    it('lists MAU, maximum, fee so far, end and representative of each customer', async () => {
      const [line] = await list('--search', over.customerId);
      expect(line).toMatchObject({
        customerId: over.customerId,
        state: 'active',
        license: 'starter',
        mauThisMonth: 4,
        maxMau: 1,
        overageMau: 3,
        overageFee: { amount: '0.24', currency: 'USD' },
        licenseEndsAt: '2026-12-10T00:00:00Z',
        expiresAt: '2026-12-10T00:00:00Z',
        representative: { name: 'Alice Arai', email: over.email },
      });
      expect(await run('customer', 'list', '--search', over.customerId)).toMatch(
        new RegExp(
          `^${over.customerId}  active  starter +4 +1 +0\\.24 USD  2026-12-10  Over Corporation  Alice Arai <${over.email}>$`,
          'm',
        ),
      );
      const [free] = await list('--search', wide.email);
      expect(free).toMatchObject({ maxMau: null, overageMau: 0, overageFee: null, licenseEndsAt: null });
    });

    it('aligns the columns beside Japanese names, which take two columns for each character', async () => {
      const lines = (await run('customer', 'list')).trimEnd().split('\n');
      const columns = lines.map((text) => widthOf(text.slice(0, Math.max(text.indexOf('Alice Arai'), 0))));
      expect(new Set(columns.slice(1)).size).toBe(1);
      expect(lines.map((text) => text.split(/ {2}(?=株式会社|\w+ Corporation|NAME)/)[0]?.length ?? 0)).toSatisfy(
        (widths: number[]) => widths.every((width) => width <= 100),
      );
    });

    it.each([
      ['a part of the name, in another case', 'oTHER corp', ['Other Corporation']],
      ['half-width characters for full-width ones', 'ABC', ['株式会社サンプル ＡＢＣ']],
      ['half-width katakana', 'ｻﾝﾌﾟﾙ', ['株式会社サンプル ＡＢＣ']],
      ['full-width characters for half-width ones', 'ＲＥＮＥＷＥＤ', ['Renewed Corporation']],
      ['a text that matches nothing', 'nobody', []],
    ])('finds customers by %s', async (_, text, names) => {
      expect(namesOf(await list('--search', text))).toEqual(names);
    });

    it('finds customers by a part of the ID or of the e-mail address of the representative', async () => {
      const part = leaving.customerId.slice(8).toUpperCase();
      expect(namesOf(await list('--search', part))).toEqual(['Leaving Corporation']);
      expect(namesOf(await list('--search', expired.email.toUpperCase()))).toEqual(['Expired Corporation']);
      expect(namesOf(await list('--search', 'EXAMPLE.COM'))).toHaveLength(7);
    });

    it('finds the customers above their maximum, and those whose license expires soon', async () => {
      expect(namesOf(await list('--over-maximum'))).toEqual(['Over Corporation']);
      expect(namesOf(await list('--expiring', '30d'))).toEqual(['Over Corporation']);
      expect(namesOf(await list('--expiring', '15d'))).toEqual(['Over Corporation']);
      expect(namesOf(await list('--expiring', '14d'))).toEqual([]);
      const soon = await list('--expiring', '400d', '--sort', 'ends');
      expect(namesOf(soon)).toEqual(['Renewed Corporation', 'Over Corporation', 'Other Corporation']);
    });

    it('combines the filters', async () => {
      expect(namesOf(await list('--over-maximum', '--expiring', '30d', '--search', 'over'))).toEqual([
        'Over Corporation',
      ]);
      expect(await run('customer', 'list', '--over-maximum', '--search', 'renewed')).toBe('No customer matches.\n');
    });

    it('sorts the customers', async () => {
      const first = async (sort: string) => namesOf(await list('--sort', sort)).slice(0, 3);
      expect(await first('signed-up')).toEqual(['Over Corporation', 'Other Corporation', 'Expired Corporation']);
      expect(await first('name')).toEqual(['Discarding Corporation', 'Expired Corporation', 'Leaving Corporation']);
      expect((await first('mau'))[0]).toBe('Over Corporation');
      expect(await first('fee')).toEqual(['Over Corporation', 'Other Corporation', 'Expired Corporation']);
      expect(await first('ends')).toEqual(['Expired Corporation', 'Renewed Corporation', 'Discarding Corporation']);
      expect(await first('plan')).toEqual(['株式会社サンプル ＡＢＣ', 'Leaving Corporation', 'Over Corporation']);
      expect(namesOf(await list('--sort', 'state')).slice(-3)).toEqual([
        'Expired Corporation',
        'Leaving Corporation',
        'Discarding Corporation',
      ]);
    });

    it.each([
      [['--expiring', '30x'], '30x', 'It must be a number of days, such as 30d.'],
      [['--expiring', '0d'], '0d', 'It must be a number of days, such as 30d.'],
      [['--search', ' '], ' ', 'It must not be empty.'],
      [['--sort', 'size'], 'size', 'Allowed choices are signed-up, name, state, plan, mau, fee, ends.'],
    ])('explains why the options %j are wrong', async (options, value, message) => {
      const { exitCode, stdout, stderr } = await runOperator(['customer', 'list', ...options], '1');
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain(`argument '${value}' is invalid. ${message}`);
      expect(stderr).toContain('--help');
    });

    it('has an overview with the fees of a closed month from its statements', async () => {
      const overview = JSON.parse(await run('overview', '--json')) as Overview;
      expect(overview).toEqual({
        now: expect.stringMatching(/^2026-11-25T00:00:/) as unknown,
        timeZone: 'UTC',
        thisMonth: { month: '2026-11', fees: [{ amount: '0.24', currency: 'USD' }], customers: 1, open: 7 },
        lastMonth: { month: '2026-10', fees: [{ amount: '0.48', currency: 'USD' }], customers: 2, open: 0 },
        customers: 7,
        states: { active: 4, expired: 1, leaving: 1, discarding: 1 },
        plans: { free: 2, starter: 2, business: 2, enterprise: 1 },
        newThisMonth: 4,
        overMaximum: 1,
        expiring: 1,
        failedAlerts: {},
        unreachableRepresentatives: 0,
      });
      const text = await run('overview');
      expect(text).toMatch(/^ {2}2026-11 +so far +0\.24 USD +1\n {2}2026-10 +closed +0\.48 USD +2$/m);
      expect(text).toMatch(/^ {2}Over their maximum +1 \(customer list --over-maximum\)$/m);
      expect(text).toMatch(/^ {2}Unsubscribing +2 \(1 leaving, 1 discarding\)$/m);
      expect(Math.max(...text.split('\n').map(widthOf))).toBeLessThanOrEqual(100);
    });

    it('lists the alerts that bounced and the addresses that e-mails do not reach', async () => {
      expect(await run('mail', 'failed')).toMatch(/^No stored e-mail failed\.\n/);
      const session = await service.signIn(over.email);
      const view = await service.send('GET /v1/customer', { as: session });
      await service.send('PUT /v1/customer/mau-alert', {
        as: session,
        headers: { 'if-match': view.headers.get('etag') ?? '' },
        body: { enabled: true, threshold: 2 },
      });
      await service.send('POST /_local/schedules/mau-alerts');
      const alert = (await service.mailsTo(over.email)).at(-1);
      await service.send(`POST /_local/mail/${alert?.id ?? ''}/events`, { body: { type: 'bounce' } });

      const mails = JSON.parse(await run('mail', 'failed', '--json')) as FailedMails;
      const about = {
        ...{ customerId: over.customerId, customerName: 'Over Corporation' },
        ...{ administratorId: over.administratorId, address: over.email },
      };
      expect(mails).toEqual([
        {
          ...about,
          ...{ kind: 'mau-alert', status: 'bounced', month: '2026-11' },
          at: expect.stringMatching(/^2026-11-25T00:/) as unknown,
        },
        { ...about, kind: 'any', status: 'undeliverable', month: null, at: null },
      ]);
      expect(await run('mail', 'failed')).toMatch(
        new RegExp(`^${over.customerId}  any e-mail +undeliverable +- +${over.email} +Over Corporation$`, 'm'),
      );
      const overview = JSON.parse(await run('overview', '--json')) as Overview;
      expect(overview).toMatchObject({ failedAlerts: { bounced: 1 }, unreachableRepresentatives: 1 });
      expect(await run('overview')).toMatch(/^ {2}MAU alerts not delivered +1 \(mail failed\)$/m);
    });
  });
});
