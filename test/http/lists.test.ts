import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;
let rp: string;
let apiKey: string;

beforeAll(async () => {
  service = await startTestService();
  alice = await service.signUp();
  await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  rp = (await service.newRp(alice.session)).id;
  ({ apiKey } = await service.newApiKey(alice.session, rp));
});
afterAll(() => service.stop());

/** Reads all pages of a list. Returns, for each page, the field `name` of every item. */
async function pages(path: string, as: string, limit: number, name: string): Promise<unknown[][]> {
  const read: unknown[][] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const answer = await service.send(`GET ${path}?limit=${limit}${cursor && `&cursor=${cursor}`}`, { as });
    const page = answer.body as { items: Record<string, unknown>[]; nextCursor: string | null };
    expect(page.items.length).toBeLessThanOrEqual(limit);
    read.push(page.items.map((item) => item[name]));
    cursor = page.nextCursor;
  }
  return read;
}

describe('a paged list of RPs', () => {
  let session: string;
  let left: string[];

  beforeAll(async () => {
    const owner = await service.signUp();
    ({ session } = owner);
    await service.setLicense(owner.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
    const registered: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      registered.push((await service.newRp(session, `rp-${index}.example.com`)).id);
    }
    const removed = registered.sort().filter((_, index) => [1, 2, 3, 6].includes(index));
    for (const id of removed) await service.send(`DELETE /v1/rps/${id}`, { as: session });
    left = registered.filter((id) => !removed.includes(id));
  });

  it.each([1, 2, 3, 7, 100])('contains every RP once and no removed RP, with a page limit of %i', async (limit) => {
    const listed = await pages('/v1/rps', session, limit, 'id');
    expect(listed.flat()).toEqual(left);
  });
});

describe('a paged list of API keys', () => {
  let other: string;
  const created: string[] = [];

  beforeAll(async () => {
    other = (await service.newRp(alice.session, 'with-keys.example.com')).id;
    for (let index = 0; index < 7; index += 1) {
      created.push((await service.newApiKey(alice.session, other)).keyId);
      if (index < 5) await service.newApiKey(alice.session, rp);
    }
  });

  it.each([1, 2, 5, 100])(
    'contains every API key of the RP once and no API key of another RP, with a page limit of %i',
    async (limit) => {
      const listed = await pages(`/v1/rps/${other}/api-keys`, alice.session, limit, 'keyId');
      expect(listed.flat().sort()).toEqual(created.toSorted());
      expect(listed[0]).toHaveLength(Math.min(limit, 7));
    },
  );
});

describe('a paged list', () => {
  it.each([1, 4, 6, 100])(
    'contains every user of the RP once, in the order of the user IDs, with a page limit of %i',
    async (limit) => {
      const userIds = ['-', '0', 'A', 'Z~:@+=', '_', 'a'];
      await service.registerUsers(apiKey, userIds);
      const listed = await pages('/v1/rp/users', apiKey, limit, 'userId');
      expect(listed.flat()).toEqual(userIds);
    },
  );

  it('has 50 items per page by default', async () => {
    const id = (await service.newRp(alice.session, 'many.example.com')).id;
    const many = await service.newApiKey(alice.session, id);
    await service.registerUsers(
      many.apiKey,
      Array.from({ length: 60 }, (_, index) => `user-${index}`),
    );
    const { body } = await service.send('GET /v1/rp/users', { as: many.apiKey });
    expect((body as { items: unknown[] }).items).toHaveLength(50);
    expect((body as { nextCursor: unknown }).nextCursor).toMatch(/^[\w-]+$/);
  });

  it('shows an RP only its own users, even with a cursor from the list of another RP', async () => {
    const other = (await service.newRp(alice.session, 'cursor.example.com')).id;
    const { apiKey: othersKey } = await service.newApiKey(alice.session, other);
    const { body } = await service.send('GET /v1/rp/users?limit=1', { as: apiKey });
    const { nextCursor } = body as { nextCursor: string };
    const answer = await service.send(`GET /v1/rp/users?cursor=${nextCursor}`, { as: othersKey });
    expect(answer.body).toEqual({ items: [], nextCursor: null });
  });
});
