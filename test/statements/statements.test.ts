import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { mauView } from '../../functions/contract/customers.ts';
import { listStatementsContract } from '../../functions/contract/statements.ts';
import { rpMauKey, totalMauKey } from '../../functions/table/keys.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { putStatement, sizeOfRps, type Statement } from '../../functions/table/metering/statements.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startTestService, type Request, type SignedUp, type TestService } from '../support/service.ts';

const services = new Set<TestService>();
async function start(now: string, timeZone = 'UTC'): Promise<TestService> {
  const service = await startTestService({ timeZone });
  services.add(service);
  await service.setClock(now);
  return service;
}
afterAll(() => Promise.all([...services].map((service) => service.stop())));

const ids = (count: number) => Array.from({ length: count }, (_, index) => `user-${index}`);
const close = (service: TestService) => service.send('POST /_local/schedules/month-close');
const LICENSE = { type: 'business', endsAt: '2036-01-01T00:00:00Z' } as const;

async function newRp(service: TestService, session: string, rpId: string, name: string) {
  const { id } = await service.newRp(session, rpId, name);
  const { apiKey } = await service.newApiKey(session, id);
  await service.registerUsers(apiKey, ids(12));
  // The next RP is registered at least 1 s later, because the time of the registration decides the order of the RPs.
  await service.pass(1_000);
  return { id, apiKey };
}
/**
 * Returns functions that send requests as the representative of a customer. The tests advance the clock by months, so
 * the functions sign in again when the session has expired.
 */
function customerOf(service: TestService, { email, ...signedUp }: SignedUp) {
  let { session } = signedUp;
  async function send(request: string, options: Omit<Request, 'as'> = {}) {
    const answer = await service.send(request, { as: session, ...options });
    if (answer.status !== 401) return answer;
    session = await service.signIn(email);
    return service.send(request, { as: session, ...options });
  }
  return {
    send,
    statements: async (query = '') =>
      (await send(`GET /v1/customer/statements${query}`)).read(listStatementsContract.answer.body),
  };
}

describe('the statements of a customer', () => {
  let service: TestService;
  let table: Table;
  let signedUp: SignedUp;
  let customer: ReturnType<typeof customerOf>;
  let shop: { id: string; apiKey: string };
  let blog: { id: string; apiKey: string };
  let old: { id: string; apiKey: string };

  beforeAll(async () => {
    service = await start('2026-09-10T00:00:00Z');
    table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
    signedUp = await service.signUp();
    customer = customerOf(service, signedUp);
    const { session, customerId } = signedUp;
    await service.setLicense(customerId, { ...LICENSE, maxMau: 4 });
    shop = await newRp(service, session, 'shop.example.com', 'Shop, "Example"');
    blog = await newRp(service, session, 'blog.example.com', '=Blog');
    old = await newRp(service, session, 'old.example.com', 'Old');
    await service.authenticateUsers(shop.apiKey, ids(5));
    await service.authenticateUsers(old.apiKey, ids(2));
    await service.send(`DELETE /v1/rps/${old.id}`, { as: session });
    await service.setClock('2026-10-20T00:00:00Z');
    await service.authenticateUsers(blog.apiKey, ids(3));
    await service.drain();
    await service.setClock('2026-11-04T00:05:00Z');
    expect((await close(service)).body).toEqual({ through: '2026-10', closed: 2, complete: true });
  });
  afterAll(() => {
    table.client.destroy();
  });

  it('show the MAU of each RP, the license and the fee for each closed month', async () => {
    const { items, nextCursor } = await customer.statements();
    expect(nextCursor).toBeNull();
    const license = {
      type: 'business',
      startsAt: expect.stringMatching(/^2026-09-10T/) as string,
      endsAt: LICENSE.endsAt,
    };
    const common = { timeZone: 'UTC', closedAt: expect.stringMatching(/^2026-11-04T00:05:/) as string, license };
    expect(items).toEqual([
      {
        ...common,
        month: '2026-10',
        mau: 3,
        measured: 0,
        maxMau: 4,
        overageMau: 0,
        overageFee: { amount: '0.00', currency: 'USD' },
        rps: [{ id: blog.id, rpId: 'blog.example.com', name: '=Blog', removed: false, mau: 3, measured: 0 }],
      },
      {
        ...common,
        month: '2026-09',
        mau: 7,
        measured: 0,
        maxMau: 4,
        overageMau: 3,
        overageFee: { amount: '0.15', currency: 'USD' },
        rps: [
          { id: shop.id, rpId: 'shop.example.com', name: 'Shop, "Example"', removed: false, mau: 5, measured: 0 },
          { id: old.id, rpId: 'old.example.com', name: 'Old', removed: true, mau: 2, measured: 0 },
        ],
      },
    ]);
  });

  it('are available as CSV with a row for each RP and a total row with the fee', async () => {
    const answer = await customer.send('GET /v1/customer/statements?limit=1', {
      headers: { accept: 'text/csv' },
    });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('vary')).toBe('accept');
    const { items } = await customer.statements();
    const [october = '', september = ''] = items.map(({ month, closedAt, license }) =>
      [month, 'UTC', closedAt, 'business', license.startsAt, LICENSE.endsAt].join(','),
    );
    expect(answer.text.split('\r\n')).toEqual([
      'month,timeZone,closedAt,license,licenseStartsAt,licenseEndsAt,id,rpId,name,removed,mau,maxMau,overageMau,overageFee,currency,measured',
      `${october},${blog.id},blog.example.com,'=Blog,false,3,,,,,0`,
      `${october},total,,,,3,4,0,0.00,USD,0`,
      `${september},${shop.id},shop.example.com,"Shop, ""Example""",false,5,,,,,0`,
      `${september},${old.id},old.example.com,Old,true,2,,,,,0`,
      `${september},total,,,,7,4,3,0.15,USD,0`,
      '',
    ]);
  });

  it('determine the MAU that customers and the operator see for closed months, even if the MAU counters differ', async () => {
    for (const [month, key] of [
      ['2026-09', shop.id],
      ['2026-10', blog.id],
      ['2026-11', blog.id],
    ] as const) {
      for (const Key of [rpMauKey(signedUp.customerId, month, key), totalMauKey(signedUp.customerId, month)]) {
        await table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key,
            UpdateExpression: 'SET mau = :wrong, #month = :month, rp = if_not_exists(rp, :rp)',
            ...(Key.sk.endsWith('TOTAL') && { UpdateExpression: 'SET mau = :wrong, #month = :month' }),
            ExpressionAttributeNames: { '#month': 'month' },
            ExpressionAttributeValues: {
              ':wrong': 99,
              ':month': month,
              ...(!Key.sk.endsWith('TOTAL') && { ':rp': key }),
            },
          }),
        );
      }
    }
    const view = (await customer.send('GET /v1/customer/mau')).read(mauView);
    expect(view.months).toEqual(['2026-09', '2026-10', '2026-11']);
    expect(view.rps.map(({ id, removed, mau }) => [id, removed, mau])).toEqual([
      [shop.id, false, [5, 0, 0]],
      [blog.id, false, [0, 3, 99]],
      [old.id, true, [2, 0, 0]],
    ]);
    expect(view.total).toEqual([7, 3, 99]);
    const csv = await customer.send('GET /v1/customer/mau', { headers: { accept: 'text/csv' } });
    expect(csv.text).toContain('total,,,,7,3,99,0,0,0\r\n');
    const shown = await service.operate({ command: 'show-customer', customerId: signedUp.customerId });
    expect(shown.result).toMatchObject({ mau: { '2026-09': 7, '2026-10': 3, '2026-11': 99 } });
  });

  it('do not change when RPs, users and licenses change, but show the current names of RPs that are not removed', async () => {
    const before = (await customer.statements()).items;
    await service.setLicense(signedUp.customerId, { ...LICENSE, startsAt: '2026-09-01T00:00:00Z', maxMau: 1 });
    await service.send('DELETE /v1/rp/users/user-0', { as: shop.apiKey });
    await customer.send(`PATCH /v1/rps/${shop.id}`, { body: { name: 'New name' } });
    await customer.send(`DELETE /v1/rps/${shop.id}`);
    await customer.send(`PATCH /v1/rps/${blog.id}`, { body: { name: 'New blog' } });
    await service.pass(40 * 24 * 60 * 60 * 1_000);
    await close(service);
    const { items } = await customer.statements();
    expect(items.map(({ month }) => month)).toEqual(['2026-11', '2026-10', '2026-09']);
    const [october] = before;
    expect(items[1]).toEqual({ ...october, rps: october?.rps.map((rp) => ({ ...rp, name: 'New blog' })) });
    const { rps = [] } = before[1] ?? {};
    expect(items[2]).toEqual({
      ...before[1],
      rps: rps.map((rp) => (rp.id === shop.id ? { ...rp, removed: true } : rp)),
    });
  });

  it.each([1, 2, 3, 100])('contain each month once when the page size is %i', async (limit) => {
    const months: string[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const page = await customer.statements(`?limit=${limit}${cursor && `&cursor=${cursor}`}`);
      expect(page.items.length).toBeLessThanOrEqual(limit);
      months.push(...page.items.map(({ month }) => month));
      cursor = page.nextCursor;
    }
    expect(months).toEqual(['2026-11', '2026-10', '2026-09']);
  });

  it('are an empty list until the first month is closed, even if other customers have statements', async () => {
    const other = await service.signUp('Another Corporation');
    expect(await customerOf(service, other).statements()).toEqual({ items: [], nextCursor: null });
  });

  it('are listed in smaller pages when they contain hundreds of RPs', async () => {
    const other = await service.signUp();
    const rps = Array.from({ length: 150 }, (_, index) => ({
      id: `rp_${index}`,
      rpId: 'a.example',
      name: 'A',
      mau: 1,
    }));
    for (const month of ['2025-01', '2025-02', '2025-03', '2025-04', '2025-05']) {
      const statement: Statement = {
        ...{ customerId: other.customerId, month, timeZone: 'UTC', closedAt: 0 },
        ...{ license: { type: 'free', startsAt: 0, endsAt: null }, maxMau: null, overageMau: 0, overageFee: null },
        ...{ rps: 150, rpsSize: sizeOfRps(rps), mau: 150 },
      };
      await transact(table, putStatement(statement, rps));
    }
    const pages: unknown[] = [];
    let cursor: string | null = '';
    while (cursor !== null) {
      const answer = await service.send(`GET /v1/customer/statements${cursor && `?cursor=${cursor}`}`, {
        as: other.session,
      });
      const page = answer.body as { items: { month: string; rps: object[] }[]; nextCursor: string | null };
      pages.push(page.items.map(({ month }) => month));
      for (const item of page.items) expect(item.rps).toHaveLength(150);
      cursor = page.nextCursor;
    }
    expect(pages).toEqual([
      ['2025-05', '2025-04', '2025-03'],
      ['2025-02', '2025-01'],
    ]);
  });
});
