import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listCredentialsOfRpContract } from '../../functions/contract/credentials.ts';
import { customerView, mauView } from '../../functions/contract/customers.ts';
import { listRpsContract } from '../../functions/contract/rps.ts';
import { listStatementsContract } from '../../functions/contract/statements.ts';
import { listUsersOfRpContract } from '../../functions/contract/users.ts';
import { createCalendar } from '../../functions/domain/calendar.ts';
import { DAY, MINUTE } from '../../functions/domain/time.ts';
import { parseActiveUserPk } from '../../functions/table/keys.ts';
import type { CustomerSummary } from '../../bin/operator/invoke-operator.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { banner } from '../../local/banner.ts';
import { IncompleteDemoError, provideDemo, type DemoAccess } from '../../local/demo/demo-access.ts';
import { demoCustomers } from '../../local/demo/demo-customers.ts';
import { demoPeopleIn } from '../../local/demo/demo-people.ts';
import type { Person } from '../../local/local-page.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { examplePlans } from '../support/example-plans.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** This time zone is far from UTC, so that months counted in a wrong time zone make a test fail. */
const timeZone = 'Asia/Tokyo';
const calendar = createCalendar(timeZone);

describe('the demo', { timeout: 30_000 }, () => {
  let service: TestService;
  let dir: string;
  let access: DemoAccess | undefined;
  let loaded: number;
  let items: Record<string, unknown>[];
  let customers: CustomerSummary[];

  const provide = (wanted: boolean) =>
    provideDemo({
      url: service.url,
      calendar,
      file: join(dir, 'demo.json'),
      wanted,
      onLoading: () => (loaded += 1),
    });
  const list = async () =>
    ((await service.operate({ command: 'list-customers' })).result as { items: CustomerSummary[] }).items;
  const view = async (session: string | undefined) =>
    (await service.send('GET /v1/customer', { as: session })).read(customerView);

  beforeAll(async () => {
    loaded = 0;
    dir = await mkdtemp(join(tmpdir(), 'demo-'));
    service = await startTestService({ timeZone, unsubscribeGraceHours: 0, verifiesDomains: true });
    access = await provide(true);
    items = await service.dump();
    customers = await list();
  }, 90_000);
  afterAll(async () => {
    await service.stop();
    await rm(dir, { recursive: true });
  });

  it('contains fewer than 3,000 items, and exactly the customers in `demoCustomers`', () => {
    expect(items.length).toBeGreaterThan(500);
    expect(items.length).toBeLessThan(3_000);
    expect(customers.map(({ name }) => name).sort()).toEqual(demoCustomers.map(({ name }) => name).sort());
    expect(customers.every(({ status }) => status === 'active')).toBe(true);
  });

  it('contains each license type, an expired license, a Free customer without users and one with 97 users', () => {
    const licenses = customers.map(({ license, licenseStatus }) => `${license} ${licenseStatus}`);
    expect(licenses.sort()).toEqual([
      'business active',
      'enterprise active',
      'free active',
      'free active',
      'starter active',
      'starter expired',
    ]);
    const registered = customers
      .filter(({ license }) => license === 'free')
      .map(({ registeredRps, registeredUsers }) => [registeredRps, registeredUsers])
      .sort(([a = 0], [b = 0]) => b - a);
    expect(registered).toEqual([
      [1, 97],
      [0, 0],
    ]);
  });

  it.each(demoCustomers)(
    'shows monthly MAU that match the active-user records of the customer $name',
    async (definition) => {
      const session = await service.signIn(definition.representative.email);
      const { months, total, rps, currentMonth } = (
        await service.send('GET /v1/customer/mau?months=12', { as: session })
      ).read(mauView);
      const { customer } = await view(session);
      const records = items.flatMap((item) => {
        const key = item['customerId'] === customer.id ? parseActiveUserPk(String(item['pk'])) : undefined;
        return key ? [key] : [];
      });

      expect(months).toHaveLength(12);
      expect(currentMonth).toBe(calendar.monthOf(Date.now()));
      expect(total).toEqual(months.map((_, index) => rps.reduce((sum, { mau }) => sum + (mau[index] ?? 0), 0)));
      expect(total).toEqual(months.map((month) => records.filter((record) => record.month === month).length));
      for (const { rpId, monthsAgo, mau, removedMonthsAgo } of definition.rps) {
        expect(rps.find((rp) => rp.rpId === rpId)).toMatchObject({
          removed: removedMonthsAgo !== undefined,
          mau: [
            ...Array<number>(11 - monthsAgo).fill(0),
            ...mau,
            ...Array<number>(removedMonthsAgo === undefined ? 0 : removedMonthsAgo + 1).fill(0),
          ],
        });
      }
    },
  );

  it.each(demoCustomers.filter(({ rps }) => rps.length > 0))(
    'shows both measured and reported users of each RP of the customer $name, since users register passkeys',
    async (definition) => {
      const session = await service.signIn(definition.representative.email);
      const { rps } = (await service.send('GET /v1/customer/mau?months=12', { as: session })).read(mauView);
      for (const { rpId, passkeysMonthsAgo } of definition.rps) {
        const { mau = [], measured = [] } = rps.find((rp) => rp.rpId === rpId) ?? {};
        const began = 11 - passkeysMonthsAgo;
        const sum = (users: readonly number[]) => users.slice(began).reduce((total, each) => total + each, 0);
        expect(measured.slice(0, began), rpId).toEqual(Array<number>(began).fill(0));
        expect(sum(measured), rpId).toBeGreaterThan(0);
        expect(sum(measured), rpId).toBeLessThan(sum(mau));
      }
    },
  );

  it('contains passkeys that were used, with the names of their authenticators', async () => {
    const as = await service.signIn(demoCustomers[0].representative.email);
    const [rp] = (await service.send('GET /v1/rps', { as })).read(listRpsContract.answer.body).items;
    const path = `GET /v1/rps/${rp?.id ?? ''}/users`;
    const users = (await service.send(`${path}?limit=100`, { as })).read(listUsersOfRpContract.answer.body).items;
    const withPasskey = users.filter(({ credentials }) => credentials.total > 0);
    expect(withPasskey.length).toBeGreaterThan(0);
    expect(withPasskey.length).toBeLessThan(users.length);
    const lists = await Promise.all(
      withPasskey.map(({ userId }) => service.send(`${path}/${userId}/credentials`, { as })),
    );
    const credentials = lists.flatMap((list) => list.read(listCredentialsOfRpContract.answer.body).items);
    expect(credentials.map(({ name }) => name)).not.toContain('Passkey');
    expect(credentials.some(({ lastUsedAt }) => lastUsedAt !== null)).toBe(true);
  });

  it('contains one customer with an overage fee, and one customer whose license ends within 30 days', async () => {
    const views = await Promise.all(
      demoCustomers.map(async ({ representative }) => view(await service.signIn(representative.email))),
    );
    const licenses = views.map(({ license }) => license);
    expect(licenses.filter((license) => 'overageMau' in license && license.overageMau > 0)).toMatchObject([
      {
        type: 'business',
        mauThisMonth: 36,
        maxMau: 30,
        overageMau: 6,
        overageFee: { amount: '0.30', currency: 'USD' },
      },
    ]);
    const left = licenses.map(({ endsAt }) => (endsAt === null ? Infinity : Date.parse(endsAt) - Date.now()));
    expect(left.filter((time) => time > 0 && time < 30 * DAY)).toHaveLength(1);
  });

  it('contains monthly statements that were created on the 4th of the next month', async () => {
    const session = await service.signIn(demoCustomers[0].representative.email);
    const { items: statements } = (await service.send('GET /v1/customer/statements', { as: session })).read(
      listStatementsContract.answer.body,
    );
    expect(statements.length).toBeGreaterThanOrEqual(10);
    for (const { month, closedAt } of statements) {
      const late = Date.parse(closedAt) - calendar.closingOf(month);
      expect(late, month).toBeGreaterThanOrEqual(0);
      expect(late, month).toBeLessThan(DAY);
    }
  });

  it('sets the service’s clock back to real time after loading', async () => {
    const mails = await service.mailsTo(demoCustomers[0].representative.email);
    const newest = Date.parse(mails.at(-1)?.sentAt ?? '');
    expect(newest).toBeGreaterThan(Date.now() - 5 * MINUTE);
    expect(newest).toBeLessThanOrEqual(Date.now());
  });

  it('returns credentials that work, and a user who is not counted yet', async () => {
    expect(await view(access?.sessionToken)).toMatchObject({ customer: { name: 'Harbor Market' } });
    const body = { operations: [{ userId: access?.userId, type: 'authentication' }] };
    const { body: first } = await service.send('POST /v1/rp/operations', { as: access?.apiKey, body });
    const { body: second } = await service.send('POST /v1/rp/operations', { as: access?.apiKey, body });
    expect([first, second]).toEqual([
      { results: [{ userId: access?.userId, status: 'counted' }] },
      { results: [{ userId: access?.userId, status: 'already-counted' }] },
    ]);
  });

  it('is loaded only once, and each later start returns a session that works', async () => {
    expect(await provide(true)).toEqual(access);
    await service.send('DELETE /v1/sessions/current', { as: access?.sessionToken });
    // The service limits the links to an address, so the test sets the clock to more than an hour after the last links
    // were sent.
    await service.setClock(Date.now() + 2 * 60 * MINUTE);
    const later = await provide(false);
    await service.send('DELETE /_local/clock');

    expect(loaded).toBe(1);
    expect(await list()).toHaveLength(demoCustomers.length);
    expect(later?.sessionToken).not.toBe(access?.sessionToken);
    expect((await service.send('GET /v1/customer', { as: later?.sessionToken })).status).toBe(200);
  });

  it('does not offer a sign-in for a customer that has unsubscribed', async () => {
    const table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
    const offered = async () => (await demoPeopleIn(table)).map(({ email }) => email);
    expect(await offered()).toEqual(demoCustomers.map(({ representative }) => representative.email));
    const { name, representative } = demoCustomers.at(-1) ?? demoCustomers[0];
    // The service limits the links to an address, so the test sets the clock to more than an hour after the last links
    // were sent.
    await service.setClock(Date.now() + 4 * 60 * MINUTE);
    const as = await service.signIn(representative.email);
    const unsubscribed = await service.send('POST /v1/customer/unsubscription', { as, body: { confirmation: name } });
    expect(unsubscribed.status).toBe(202);
    await service.send('DELETE /_local/clock');
    expect(await offered()).toEqual(demoCustomers.slice(0, -1).map((customer) => customer.representative.email));

    const demo = { loadedAt: '', rpId: 'shop.example', userId: 'user-1', email: 'alice@harbor.example' };
    const shown = (people: Person[]) =>
      banner({ url: 'http://localhost:3000', timeZone: 'UTC', dataDir: '.local', demo, people });
    expect(shown([{ email: 'bo@example.com', shows: 'Free' }])).toContain('{"email":"bo@example.com"}');
    expect(shown([])).toContain('Sign up a customer');
  });

  it('stores the credentials in a file that only the current user can read', async () => {
    const file = join(dir, 'demo.json');
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(JSON.parse(await readFile(file, 'utf8'))).toMatchObject({ apiKey: access?.apiKey });
  });

  it('fails to load if an earlier start was killed before the demo was complete', async () => {
    await writeFile(join(dir, 'demo.json'), '{"loading":true}');
    await expect(provide(true)).rejects.toThrow(IncompleteDemoError);
  });
});

it('the demo loads with a plan catalogue with smaller maxima', { timeout: 90_000 }, async () => {
  const { free, starter, business, enterprise } = examplePlans;
  const least = { maxRegisteredRps: 1 };
  const plans = {
    free: { ...free, ...least, maxRegisteredUsers: 1 },
    starter: { ...starter, ...least, maxMau: 1 },
    business: { ...business, ...least, maxMau: 1 },
    enterprise: { ...enterprise, ...least, maxMau: 1 },
  };
  const dir = await mkdtemp(join(tmpdir(), 'demo-'));
  const service = await startTestService({ plans });
  try {
    const calendar = createCalendar('UTC');
    const file = join(dir, 'demo.json');
    await provideDemo({ url: service.url, calendar, file, wanted: true, onLoading: () => undefined });
    const { items } = (await service.operate({ command: 'list-customers' })).result as { items: CustomerSummary[] };

    expect(Math.max(...items.map(({ registeredRps }) => registeredRps))).toBe(3);
    expect(items.find(({ name }) => name === 'Tidepool Studio')).toMatchObject({
      license: 'free',
      registeredUsers: 97,
    });
  } finally {
    await service.stop();
    await rm(dir, { recursive: true });
  }
});
