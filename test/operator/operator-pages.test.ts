import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  getOperatorCustomerContract,
  getOperatorOverviewContract,
  listFailedMailsContract,
  listOperatorActivityContract,
  listOperatorCustomersContract,
} from '../../functions/contract/operator-pages.ts';
import { putLicense } from '../../functions/table/licenses.ts';
import { putStatement } from '../../functions/table/metering/statements.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { isDeployed } from '../support/backend.ts';
import { newOperator, signInOperator } from '../support/operators.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { addCustomers, NOW } from '../support/summarized-customers.ts';
import { measure } from '../support/table-faults.ts';

let service: TestService;
let table: Table;
let session: string;
/** The units of the function's calls. They stay 0 on the deployed service, whose processes nobody can look into. */
let used: ReturnType<typeof measure> = { read: 0, write: 0, finder: 0 };
beforeAll(async () => {
  const onTableOpen = (name: string, own: Table) => {
    if (name === 'operator') used = measure(own);
  };
  service = await startTestService(isDeployed ? {} : { onTableOpen });
  await service.setClock(NOW);
  table = openTable(service.tableName, localClientConfig(service.endpoint));
  session = await signInOperator(service, (await newOperator(service)).passkey);
});
afterAll(async () => {
  table.client.destroy();
  await service.stop();
});

/** The largest numbers of read units that a page took, by route. */
const units: Record<string, number> = {};
/** Requests a page of the operators, and records the read units of the request. */
async function get(path: string) {
  const { read, write } = used;
  const answer = await service.send(`GET /v1/operator/${path}`, { as: session });
  const route = path.replace(/\?.*/, '').replace(/cus_\w+/, '{id}');
  units[route] = Math.max(units[route] ?? 0, used.read - read);
  expect([path, used.write - write]).toEqual([path, 0]);
  return answer;
}
const list = async (query: string) => (await get(`customers?${query}`)).read(listOperatorCustomersContract.answer.body);
const names = async (query: string) => (await list(query)).items.map(({ name }) => name);
/** Returns the names on each page of a list. */
async function namesOnPages(query: string): Promise<string[][]> {
  const pages: string[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof list>> = await list(`${query}${cursor && `&cursor=${cursor}`}`);
    pages.push(page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  }
  return pages;
}
const summarize = () => service.send('POST /_local/schedules/customer-summary');

describe('before the first summary', () => {
  it('the pages are empty and have no time', async () => {
    expect((await get('overview')).body).toEqual({ asOf: null, overview: null });
    for (const query of ['', 'list=mau', 'search=x'])
      expect(await list(query)).toEqual({ asOf: null, items: [], nextCursor: null });
    expect((await get('failed-mails')).body).toEqual({ asOf: null, items: [], nextCursor: null });
  });
});

describe('the pages of the operators', () => {
  const many = Array.from({ length: 120 }, (_, index) => `Shop ${String(index).padStart(3, '0')}`);
  let ids: string[];

  beforeAll(async () => {
    const failed = { month: '2026-11', threshold: 5, status: 'failed', at: NOW } as const;
    ids = await addCustomers(table, [
      {
        ...{ name: 'Ａlpha', mau: 12, createdAt: NOW - 9 },
        mauAlert: { enabled: true, threshold: 5, levels: ['80%'], lastNotification: failed },
      },
      { name: 'alphabet', mau: 99, createdAt: NOW - 8 },
      { name: '会社', createdAt: NOW - 7, representative: { undeliverable: true } },
      ...many.map((name, index) => ({ name, mau: index % 7, createdAt: index })),
      { name: 'Ω'.repeat(200), createdAt: 0 },
      // In the form that the search compares, this name has 3,600 characters.
      { name: 'ﷺ'.repeat(200), createdAt: 0 },
    ]);
    await summarize();
  });

  it('list all customers by name, page by page', async () => {
    const pages = await namesOnPages('list=name');
    expect(pages.length).toBeGreaterThan(2);
    expect(pages.flat()).toEqual(['Ａlpha', 'alphabet', ...many, 'Ω'.repeat(200), 'ﷺ'.repeat(200), '会社']);
  });

  it.each([
    ['ALPHA', ['Ａlpha', 'alphabet']],
    ['alphabe', ['alphabet']],
    ['ｓｈｏｐ 04', many.slice(40, 50)],
    ['shop 119', ['Shop 119']],
    ['会', ['会社']],
    ['ω'.repeat(199), ['Ω'.repeat(200)]],
    ['صلى', ['ﷺ'.repeat(200)]],
    ['zzz', []],
    ['0', []],
    ['\u{10FFFD}', []],
  ])('find customers whose name begins with %s', async (search, expected) => {
    expect((await namesOnPages(`search=${encodeURIComponent(search)}`)).flat()).toEqual(expected);
  });

  it('find each customer by each beginning of its name, wherever a part of the list ends', async () => {
    for (const name of many) {
      expect(await names(`search=${encodeURIComponent(name)}`), name).toEqual([name]);
    }
    expect((await namesOnPages('search=shop')).flat()).toEqual(many);
  });

  it('find a customer by its ID or an administrator’s address, with its present values', async () => {
    const alice = await service.signUp('Newcomer');
    expect(await names('search=Newcomer')).toEqual([]);
    for (const search of [alice.customerId, alice.email, ` ${alice.email.toUpperCase()} `]) {
      expect(await names(`search=${encodeURIComponent(search)}`), search).toEqual(['Newcomer']);
    }
    for (const search of ['cus_00000000000000000000', 'nobody@example.com']) {
      expect(await names(`search=${search}`), search).toEqual([]);
    }
    // Nobody has activated this customer.
    const body = { customer: { name: 'Provisional' }, representative: { name: 'Pia', email: 'pia@example.com' } };
    await service.send('POST /v1/customers', { body });
    expect(await names('search=pia@example.com')).toEqual([]);
  });

  it('refuse a cursor that is no text, whose position would be longer than a key of DynamoDB', async () => {
    const cursor = Buffer.alloc(900, 0xff).toString('base64url');
    for (const path of ['customers', 'customers?list=mau', 'failed-mails'])
      expect((await get(`${path}${path.includes('?') ? '&' : '?'}cursor=${cursor}`)).status, path).toBe(400);
  });

  it('list customers by other orders, page by page', async () => {
    const byMau = await namesOnPages('list=mau');
    expect(byMau.length).toBeGreaterThan(1);
    expect(byMau[0]?.slice(0, 3)).toEqual(['alphabet', 'Ａlpha', 'Shop 006']);
    expect(byMau.flat()).toHaveLength(125);
    expect(new Set(byMau.flat()).size).toBe(125);
    expect((await names('list=signed-up')).slice(0, 3)).toEqual(['会社', 'alphabet', 'Ａlpha']);
    expect(await names('list=over-maximum')).toEqual(['alphabet', 'Ａlpha']);
    expect(await names('list=leaving')).toEqual([]);
  });

  it('continue a list after another summary was stored between two pages', async () => {
    const first = await list('list=name');
    const ranked = await list('list=mau');
    await service.pass(60_000);
    await addCustomers(table, [{ name: 'Aaa' }]);
    await summarize();
    const rest = await list(`list=name&cursor=${first.nextCursor ?? ''}`);
    // The customer before the first page moves no other customer across the position.
    expect(rest.items[0]?.name).toBe('Shop 048');
    expect((await list(`list=mau&cursor=${ranked.nextCursor ?? ''}`)).items).toHaveLength(50);
    expect(Date.parse(rest.asOf ?? '')).toBeGreaterThan(Date.parse(first.asOf ?? ''));
  });

  it('show the overview and the failed e-mails of the summary', async () => {
    const { overview, asOf } = (await get('overview')).read(getOperatorOverviewContract.answer.body);
    expect(overview).toMatchObject({ customers: 127, overMaximum: 2, failedAlerts: { failed: 1 } });
    expect(overview?.now).toBe(asOf);
    const { items } = (await get('failed-mails')).read(listFailedMailsContract.answer.body);
    expect(items.map(({ customerName, status }) => [customerName, status])).toEqual([
      ['Ａlpha', 'failed'],
      ['会社', 'undeliverable'],
    ]);
  });

  it('show a customer at present, and at most 20 licenses and 12 statements', async () => {
    const [customerId = ''] = ids;
    const license = { type: 'free', maxRegisteredRps: 1, maxRegisteredUsers: 100, endsAt: null, setAt: 0 } as const;
    await transact(
      table,
      Object.fromEntries(
        Array.from({ length: 25 }, (_, day) => [
          `license ${day}`,
          putLicense(customerId, { ...license, startsAt: day * 86_400_000, supersededAt: 1 }),
        ]),
      ),
    );
    for (let month = 1; month <= 14; month += 1) {
      const { statement } = putStatement(
        {
          ...{ customerId, month: `20${month < 3 ? 24 : 25}-${String(((month + 9) % 12) + 1).padStart(2, '0')}` },
          ...{ timeZone: 'UTC', closedAt: NOW, license: { type: 'starter', startsAt: 0, endsAt: null } },
          ...{
            rps: 0,
            rpsSize: 0,
            mau: month,
            maxMau: 10,
            overageMau: 0,
            overageFee: { amount: '0', currency: 'USD' },
          },
        },
        [],
      );
      await transact(table, { statement });
    }
    const answer = await get(`customers/${customerId}`);
    const customer = answer.read(getOperatorCustomerContract.answer.body);
    expect(customer).toMatchObject({
      ...{ customerId, name: 'Ａlpha', state: 'active', license: 'starter', mauThisMonth: 12, maxMau: 10 },
      ...{ overageMau: 2, registeredRps: 0, hasMoreLicenses: true, unsubscribedAt: null, pendingUnsubscription: null },
      representative: { name: 'Alice', email: `${customerId}@example.com`, undeliverable: false },
      licenseInForce: { type: 'starter', maxMau: 10 },
      mauAlert: { enabled: true, threshold: 5, levels: ['80%'], lastNotification: { status: 'failed' } },
    });
    expect(customer.licenses).toHaveLength(20);
    expect(customer.licenses[0]).toMatchObject({ startsAt: '1970-01-25T00:00:00Z', state: 'superseded' });
    expect(customer.statements.map(({ month }) => month)).toHaveLength(12);
    expect(customer.statements[0]).toMatchObject({ license: 'starter', mau: 14 });
    for (const id of ['cus_00000000000000000000', 'x']) {
      expect((await get(`customers/${id}`)).status).toBe(404);
      expect((await get(`customers/${id}/activity`)).status).toBe(404);
    }
  });

  it('show the activity of a customer, page by page, and name the operators', async () => {
    const alice = await service.signUp('Active');
    await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
    for (let rp = 0; rp < 30; rp += 1) await service.newRp(alice.session, `shop-${rp}.example.com`);
    const path = `customers/${alice.customerId}/activity`;
    const first = (await get(path)).read(listOperatorActivityContract.answer.body);
    expect(first.items).toHaveLength(25);
    const second = (await get(`${path}?cursor=${first.nextCursor ?? ''}`)).read(
      listOperatorActivityContract.answer.body,
    );
    const all = [...first.items, ...second.items];
    expect(all.filter(({ kind }) => kind === 'rp-registered')).toHaveLength(30);
    expect(all.find(({ kind }) => kind === 'license-set')?.by).toMatchObject({ type: 'operator', name: 'olga' });
    expect((await get(`${path}?month=2026-10`)).read(listOperatorActivityContract.answer.body).items).toEqual([]);
  });

  it.skipIf(isDeployed)('take at most 8 read units each, with the authentication', () => {
    expect(Object.keys(units).sort()).toEqual([
      'customers',
      'customers/x',
      'customers/x/activity',
      'customers/{id}',
      'customers/{id}/activity',
      'failed-mails',
      'overview',
    ]);
    for (const [route, most] of Object.entries(units)) {
      expect(most, route).toBeGreaterThan(0);
      expect(most, route).toBeLessThanOrEqual(8);
    }
  });
});
