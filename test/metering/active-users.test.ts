import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { listActiveUsersContract, type ActiveUserView } from '../../functions/contract/active-users.ts';
import { listStatementsContract } from '../../functions/contract/statements.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { bucketOf, rpMauKey } from '../../functions/table/keys.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { testRpOf } from '../support/fido2/ceremonies.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../support/service.ts';

const LICENSE = { type: 'business', endsAt: '2036-01-01T00:00:00Z', maxMau: 60 } as const;
const idsOf = (prefix: string, count: number) => Array.from({ length: count }, (_, index) => `${prefix}-${index}`);
const userIdsIn = (users: readonly ActiveUserView[]) => users.map(({ userId }) => userId).sort();
const cursorOf = (text: string) => Buffer.from(text).toString('base64url');

interface TestRp {
  readonly id: string;
  readonly apiKey: string;
}

describe('the list of the active users of a month', () => {
  let service: TestService;
  let table: Table;
  let alice: SignedUp;
  let bob: SignedUp;
  let shop: TestRp;
  let blog: TestRp;
  let old: TestRp;
  const shopUsers = idsOf('shopper', 70);
  /** The sessions of the customers, by e-mail address. A session ends when the clock advances. */
  const sessions = new Map<string, string>();

  async function get(path: string, { email }: SignedUp = alice, headers = {}): Promise<Answer> {
    const answer = await service.send(`GET ${path}`, { as: sessions.get(email), headers });
    if (answer.status !== 401) return answer;
    sessions.set(email, await service.signIn(email));
    return service.send(`GET ${path}`, { as: sessions.get(email), headers });
  }
  const list = async (query: string, as?: SignedUp) => get(`/v1/customer/mau/users?${query}`, as);
  /** Reads a list page by page. Calls `between` after each page. */
  async function allPages(query: string, between: () => Promise<unknown> = () => Promise.resolve()) {
    const pages: ActiveUserView[][] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const answer: Answer = await list(`${query}${cursor && `&cursor=${cursor}`}`);
      const { items, nextCursor } = answer.read(listActiveUsersContract.answer.body);
      pages.push(items);
      cursor = nextCursor;
      await between();
    }
    return { pages, users: pages.flat() };
  }
  /** Reads the CSV and returns its rows without the header row. */
  async function csvRows(query: string): Promise<string[][]> {
    const answer = await get(`/v1/customer/mau/users?${query}`, alice, { accept: 'text/csv' });
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.headers.get('link')).toBeNull();
    const [header, ...rows] = answer.text.trimEnd().split('\r\n');
    expect(header).toBe('month,timeZone,id,rpId,userId,firstOperationAt,source');
    return rows.map((row) => row.split(','));
  }
  async function problemOf(query: string, as?: SignedUp) {
    const { status, body } = await list(query, as);
    const { type, errors } = body as { type: string; errors?: { pointer: string; code: string }[] };
    return [status, type, ...(errors ?? []).map(({ pointer, code }) => `${pointer}: ${code}`)];
  }
  async function newRp(rpId: string, userIds: readonly string[]): Promise<TestRp> {
    const session = sessions.get(alice.email) ?? '';
    const { id } = await service.newRp(session, rpId);
    const { apiKey } = await service.newApiKey(session, id);
    await service.registerUsers(apiKey, userIds);
    return { id, apiKey };
  }
  async function report({ apiKey }: TestRp, userId: string, occurredAt: string) {
    const body = { operations: [{ userId, type: 'authentication', occurredAt }] };
    const answer = await service.send('POST /v1/rp/operations', { as: apiKey, body });
    return (answer.body as { results: { status: string; reason?: string }[] }).results[0];
  }

  beforeAll(async () => {
    service = await startTestService({ timeZone: 'Asia/Tokyo' });
    table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
    await service.setClock('2026-10-20T00:00:00+09:00');
    [alice, bob] = [await service.signUp(), await service.signUp()];
    for (const { email, session } of [alice, bob]) sessions.set(email, session);
    await service.setLicense(alice.customerId, LICENSE);
    shop = await newRp('shop.example.com', [...shopUsers, 'later']);
    blog = await newRp('blog.example.com', idsOf('reader', 4));
    old = await newRp('old.example.com', ['shopper-1', 'guest']);
    await service.authenticateUsers(shop.apiKey, shopUsers);
    await service.authenticateUsers(blog.apiKey, idsOf('reader', 3));
    await service.authenticateUsers(old.apiKey, ['shopper-1', 'guest']);
    await service.pass(1_000);
    const ofShop = { owner: alice, rpRef: shop.id, rpId: 'shop.example.com', apiKey: shop.apiKey };
    await testRpOf(service, ofShop).register({ userId: 'measured-user' });
    await service.drain();
  });
  afterAll(async () => {
    table.client.destroy();
    await service.stop();
  });

  it('says who was counted at which RP, when, and whether the service measured the user or the RP reported them', async () => {
    const { users } = await allPages('month=2026-10');
    expect(users).toHaveLength(70 + 1 + 3 + 2);
    expect(users.filter(({ rp }) => rp.id === old.id)).toHaveLength(2);
    expect(users).toContainEqual({
      userId: 'reader-1',
      firstOperationAt: expect.stringMatching(/^2026-10-19T15:00:\d\d/) as string,
      source: 'reported',
      rp: { id: blog.id, rpId: 'blog.example.com' },
    });
    expect(users.filter(({ source }) => source === 'measured')).toEqual([
      {
        userId: 'measured-user',
        firstOperationAt: expect.stringMatching(/^2026-10-19T15:00:\d\d/) as string,
        source: 'measured',
        rp: { id: shop.id, rpId: 'shop.example.com' },
      },
    ]);
  });

  it('contains the users of one RP if the request names it, including a removed one', async () => {
    await service.send(`DELETE /v1/rps/${old.id}`, { as: alice.session });
    const ofOld = await allPages(`month=2026-10&rp=${old.id}`);
    expect(userIdsIn(ofOld.users)).toEqual(['guest', 'shopper-1']);
    expect(ofOld.users[0]?.rp).toEqual({ id: old.id, rpId: 'old.example.com' });
    expect((await allPages('month=2026-10')).users.filter(({ rp }) => rp.id === old.id)).toEqual(ofOld.users);
    expect(userIdsIn((await allPages(`month=2026-10&rp=${blog.id}`)).users)).toEqual(idsOf('reader', 3));
  });

  it('contains each user once if it is read in pages while users become active, and the users of 16 buckets', async () => {
    expect(new Set(shopUsers.map(bucketOf)).size).toBe(16);
    const before = userIdsIn((await allPages(`month=2026-10&rp=${shop.id}&limit=100`)).users);
    let added = 0;
    const { pages, users } = await allPages(`month=2026-10&rp=${shop.id}&limit=7`, async () => {
      const newUsers = idsOf(`new-${(added += 1)}`, 3);
      await service.registerUsers(shop.apiKey, newUsers);
      await service.authenticateUsers(shop.apiKey, newUsers);
    });
    expect(Math.max(...pages.map(({ length }) => length))).toBe(7);
    const read = userIdsIn(users);
    expect(new Set(read).size).toBe(read.length);
    expect(read.filter((userId) => !userId.startsWith('new-'))).toEqual(before);
    const after = userIdsIn((await allPages(`month=2026-10&rp=${shop.id}`)).users);
    expect(after).toHaveLength(before.length + 3 * added);
  });

  it('ends a page after 32 queries, so that no page of many small RPs is expensive', async () => {
    await service.drain();
    const { pages, users } = await allPages('month=2026-10&limit=100');
    // Three RPs take 16 queries each.
    expect(pages.length).toBeGreaterThanOrEqual(2);
    expect(pages.slice(0, -1).every(({ length }) => length > 0)).toBe(true);
    expect(users.map(({ rp }) => rp.id)).toEqual(users.map(({ rp }) => rp.id).toSorted());
  });

  it('is the same as CSV', async () => {
    for (const query of ['month=2026-10', `month=2026-10&rp=${shop.id}`]) {
      const { users } = await allPages(query);
      expect(await csvRows(query)).toEqual(
        users.map(({ userId, firstOperationAt, source, rp }) => [
          ...['2026-10', 'Asia/Tokyo', rp.id, rp.rpId, userId, firstOperationAt, source],
        ]),
      );
    }
  });

  it('still contains users who were removed, because the month includes them', async () => {
    expect((await service.send('DELETE /v1/rp/users/shopper-0', { as: shop.apiKey })).status).toBe(204);
    expect(userIdsIn((await allPages(`month=2026-10&rp=${shop.id}`)).users)).toContain('shopper-0');
  });

  it('is empty for a month without active users', async () => {
    for (const month of ['2026-09', '2025-12', '2026-11', '2099-01']) {
      expect((await list(`month=${month}`)).body).toEqual({ items: [], nextCursor: null });
      expect((await list(`month=${month}&rp=${shop.id}`)).body).toEqual({ items: [], nextCursor: null });
      expect(await csvRows(`month=${month}`)).toEqual([]);
    }
  });

  it('shows nobody else’s users', async () => {
    const notFound = [404, '/problems/not-found'];
    expect(await problemOf(`month=2026-10&rp=${shop.id}`, bob)).toEqual(notFound);
    expect(await problemOf(`month=2026-10&rp=${old.id}`, bob)).toEqual(notFound);
    expect(await problemOf(`month=2026-10&rp=rp_${'0'.repeat(20)}`)).toEqual(notFound);
    for (const cursor of [
      '',
      `&cursor=${cursorOf(`2026-10/${shop.id}/`)}`,
      `&cursor=${cursorOf(`2026-10/rp_${'0'.repeat(20)}/`)}`,
    ]) {
      expect((await list(`month=2026-10${cursor}`, bob)).body).toEqual({ items: [], nextCursor: null });
    }
  });

  it('refuses the cursor of another list', async () => {
    const first = await list(`month=2026-10&rp=${shop.id}&limit=1`);
    const cursor = first.read(listActiveUsersContract.answer.body).nextCursor ?? '';
    const notACursor = [400, '/problems/validation', '#/cursor: not-a-cursor'];
    expect(await problemOf(`month=2026-09&cursor=${cursor}`)).toEqual(notACursor);
    expect(await problemOf(`month=2026-10&rp=${blog.id}&cursor=${cursor}`)).toEqual(notACursor);
    expect((await list(`month=2026-10&rp=${shop.id}&cursor=${cursor}`)).status).toBe(200);
  });

  it('contains exactly the users that the statement of the closed month counts, at each RP and in total', async () => {
    // An RP without a counter is not listed while the month is open, unless the request names it.
    await table.client.send(
      new DeleteCommand({ TableName: table.name, Key: rpMauKey(alice.customerId, '2026-10', blog.id) }),
    );
    expect((await allPages('month=2026-10')).users.filter(({ rp }) => rp.id === blog.id)).toEqual([]);
    expect((await allPages(`month=2026-10&rp=${blog.id}`)).users).toHaveLength(3);

    await service.setClock('2026-11-03T23:59:00+09:00');
    expect(await report(shop, 'later', '2026-10-31T23:59:59+09:00')).toMatchObject({ status: 'counted' });
    expect(await report(shop, 'later', '2026-11-01T00:00:00+09:00')).toMatchObject({ status: 'counted' });
    await service.setClock('2026-11-04T00:00:00+09:00');
    expect(await report(blog, 'reader-3', '2026-10-31T00:00:00+09:00')).toMatchObject({ reason: 'month-closed' });
    await service.setClock('2026-11-04T00:05:00+09:00');
    expect((await service.send('POST /_local/schedules/month-close')).body).toMatchObject({ through: '2026-10' });
    expect(await report(blog, 'reader-3', '2026-10-31T00:00:00+09:00')).toMatchObject({ reason: 'month-closed' });
    await service.drain();

    const [statement] = (await get('/v1/customer/statements')).read(listStatementsContract.answer.body).items;
    const { users } = await allPages('month=2026-10');
    const isMeasured = ({ source }: ActiveUserView) => source === 'measured';
    expect(statement).toMatchObject({ month: '2026-10', mau: users.length, measured: users.filter(isMeasured).length });
    expect(statement?.overageMau).toBe(users.length - LICENSE.maxMau);
    const listed = Map.groupBy(users, ({ rp }) => rp.id);
    expect(Object.fromEntries([...listed].map(([id, of]) => [id, [of.length, of.filter(isMeasured).length]]))).toEqual(
      Object.fromEntries((statement?.rps ?? []).map(({ id, mau, measured }) => [id, [mau, measured]])),
    );
    expect(listed.size).toBe(3);
    expect(await csvRows('month=2026-10')).toHaveLength(statement?.mau ?? 0);
    for (const { id, mau } of statement?.rps ?? []) {
      expect((await allPages(`month=2026-10&rp=${id}`)).users).toHaveLength(mau);
    }
    expect(userIdsIn(users)).toContain('later');
    expect(userIdsIn((await allPages('month=2026-11')).users)).toEqual(['later']);
  });

  it('of a closed month is empty for an RP without active users, and a removed RP without any is not found', async () => {
    const [empty, removed] = [await newRp('empty.example.com', []), await newRp('removed.example.com', [])];
    await service.send(`DELETE /v1/rps/${removed.id}`, { as: sessions.get(alice.email) });
    expect((await list(`month=2026-10&rp=${empty.id}`)).body).toEqual({ items: [], nextCursor: null });
    expect(await problemOf(`month=2026-10&rp=${removed.id}`)).toEqual([404, '/problems/not-found']);
    expect((await list(`month=2026-11&rp=${removed.id}`)).body).toEqual({ items: [], nextCursor: null });
    expect(await problemOf(`month=2026-10&rp=${empty.id}`, bob)).toEqual([404, '/problems/not-found']);
  });

  it('is refused as soon as DynamoDB may delete records of the month, rather than too short', async () => {
    await service.setClock('2027-11-30T23:59:00+09:00');
    expect((await allPages('month=2026-10')).users.length).toBeGreaterThan(LICENSE.maxMau);
    await service.setClock('2027-12-01T00:00:00+09:00');
    const noLongerKept = [400, '/problems/validation', '#/month: no-longer-kept'];
    expect(await problemOf('month=2026-10')).toEqual(noLongerKept);
    expect(await problemOf(`month=2026-10&rp=${shop.id}&cursor=${cursorOf(`2026-10/${shop.id}/`)}`)).toEqual(
      noLongerKept,
    );
    const { body } = await list('month=2026-10');
    expect((body as { errors: object[] }).errors[0]).toMatchObject({ earliest: '2026-11' });
    expect(userIdsIn((await allPages('month=2026-11')).users)).toEqual(['later']);
  });
});
