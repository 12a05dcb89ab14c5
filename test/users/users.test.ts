import { setTimeout as sleep } from 'node:timers/promises';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { UserView } from '../../functions/contract/users.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { rpKey } from '../../functions/table/keys.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { registerCredentials } from '../support/fido2/credentials.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

/** These tests manage users over HTTP, as an RP's server with an API key and as an administrator with a session. */

let service: TestService;
let table: Table;
let alice: SignedUp;
let rp: string;
let apiKey: string;

beforeAll(async () => {
  service = await startTestService();
  table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
  alice = await service.signUp();
  await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
});
afterAll(async () => {
  table.client.destroy();
  await service.stop();
});

let rps = 0;
/**
 * Registers an RP, and makes it the RP of the test. If `uniqueUserNames`, no two users of it may have the same name.
 */
async function startRp({ uniqueUserNames = false } = {}): Promise<void> {
  ({ id: rp } = await service.newRp(alice.session, `shop-${(rps += 1)}.example.com`));
  if (uniqueUserNames) await setUniqueUserNames(true);
  ({ apiKey } = await service.newApiKey(alice.session, rp));
}

/** Stores whether the RP requires unique names, without the check that the RP has no users. */
async function setUniqueUserNames(isOn: boolean): Promise<void> {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: rpKey(alice.customerId, rp),
      ...(isOn
        ? { UpdateExpression: 'SET uniqueUserNames = :true', ExpressionAttributeValues: { ':true': true } }
        : { UpdateExpression: 'REMOVE uniqueUserNames' }),
    }),
  );
}

beforeEach(() => startRp());

const users = '/v1/rp/users';
const register = (...userIds: string[]) =>
  service.send(`POST ${users}`, { as: apiKey, body: { users: userIds.map((userId) => ({ userId })) } });
const edit = (userId: string, body: object, headers: Record<string, string> = {}) =>
  service.send(`PATCH ${users}/${userId}`, { as: apiKey, body, headers });
const read = async (userId: string) => (await service.send(`GET ${users}/${userId}`, { as: apiKey })).body as UserView;
/** Returns the IDs of the users with a name, from all pages of the list. */
async function find(name: string, limit = 50): Promise<string[]> {
  const found: string[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const path = `${users}?userName=${encodeURIComponent(name)}&limit=${limit}${cursor && `&cursor=${cursor}`}`;
    const { body } = await service.send(`GET ${path}`, { as: apiKey });
    const { items, nextCursor } = body as { items: UserView[]; nextCursor: string | null };
    expect(items.length).toBeLessThanOrEqual(limit);
    found.push(...items.map(({ userId }) => userId));
    cursor = nextCursor;
  }
  return found;
}
/** Returns the number of the items of the RP's own partition and of the users' handles and credentials. */
const itemsOfRp = async () =>
  (await service.dump()).filter(({ pk }) => /^(RP|HANDLE|CREDENTIAL-ID)#/.test(String(pk)) && String(pk).includes(rp))
    .length;

describe('a user', () => {
  it('gets a random handle of 32 bytes, and the user ID as the default name', async () => {
    await register('user-1', 'user-2');
    const [first, second] = [await read('user-1'), await read('user-2')];
    expect(first).toMatchObject({
      userId: 'user-1',
      userName: 'user-1',
      displayName: null,
      attributes: null,
      disabled: false,
      credentials: { total: 0, enabled: 0 },
      updatedAt: first.registeredAt,
      version: 1,
    });
    expect(Buffer.from(first.userHandle ?? '', 'base64url')).toHaveLength(32);
    expect(first.userHandle).not.toBe(second.userHandle);
  });

  it('keeps the fields that an edit omits, and loses the values that an edit sets to null', async () => {
    await register('user-1');
    const { userHandle } = await read('user-1');
    const all = { userName: 'alice@example.com', displayName: 'Alice', attributes: { plan: 'gold' }, disabled: true };
    const first = await edit('user-1', all);
    expect([first.status, first.headers.get('etag')]).toEqual([200, '"2"']);
    expect(first.body).toMatchObject({ ...all, userHandle, version: 2 });
    expect((await edit('user-1', { displayName: null, attributes: null })).body).toMatchObject({
      ...all,
      displayName: null,
      attributes: null,
      version: 3,
    });
    const last = await edit('user-1', { userName: 'user-1', disabled: false });
    expect(last.body).toMatchObject({ userName: 'user-1', disabled: false, version: 4 });
    expect(await read('user-1')).toEqual(last.body);
  });

  it('keeps attributes exactly: any number, any name, and 900 levels', async () => {
    await register('user-1');
    const deep = `${'['.repeat(900)}${']'.repeat(900)}`;
    const names = '"":1,"__proto__":{"__proto__":2},"constructor":3';
    const attributes = JSON.parse(`{${names},"large":1e300,"digits":0.1234567890123456,"deep":${deep}}`) as object;
    const { status, text } = await edit('user-1', { attributes });
    expect(status).toBe(200);
    expect(text).toContain(`"attributes":${JSON.stringify(attributes)}`);
    // An edit that changes nothing returns the stored user.
    expect((await edit('user-1', { disabled: false })).text).toBe(text);
  });

  it('does not change with an edit that has the present values', async () => {
    await register('user-1');
    await edit('user-1', { displayName: 'Alice', attributes: { a: 1 } });
    const before = await read('user-1');
    const again = await edit('user-1', {
      userName: 'user-1',
      displayName: 'Alice',
      attributes: { a: 1 },
      disabled: false,
    });
    expect([again.status, again.body]).toEqual([200, before]);
  });

  it('changes only if If-Match, where given, has the current version', async () => {
    await register('user-1');
    await edit('user-1', { displayName: 'A' }, { 'if-match': '"1"' });
    for (const send of [
      () => edit('user-1', { displayName: 'B' }, { 'if-match': '"1"' }),
      () => service.send(`DELETE ${users}/user-1`, { as: apiKey, headers: { 'if-match': '"1"' } }),
    ]) {
      const { status, body } = await send();
      expect([status, body]).toMatchObject([412, { type: '/problems/version-conflict' }]);
    }
    expect(await read('user-1')).toMatchObject({ displayName: 'A', version: 2 });
    const etag = (await service.send(`GET ${users}/user-1`, { as: apiKey })).headers.get('etag') ?? '';
    const removed = await service.send(`DELETE ${users}/user-1`, { as: apiKey, headers: { 'if-match': etag } });
    expect(removed.status).toBe(204);
  });

  it('has every one of 10 edits without If-Match, and one of 10 with the same If-Match', async () => {
    await register('user-1');
    const each = Array.from({ length: 10 }, (_, index) => index);
    const free = await Promise.all(each.map((index) => edit('user-1', { displayName: `A${index}` })));
    expect(free.map(({ status }) => status)).toEqual(each.map(() => 200));
    const { version } = await read('user-1');
    expect(version).toBe(11);
    const bound = await Promise.all(
      each.map((index) => edit('user-1', { displayName: `B${index}` }, { 'if-match': `"${version}"` })),
    );
    expect(bound.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(9).fill(412)]);
  });
});

describe('finding users by name', () => {
  it('ignores the case and compatibility variants of the name, and lists each user once, sorted by ID', async () => {
    await register('user-c', 'user-a', 'user-b', 'alice');
    await edit('user-c', { userName: 'Alice' });
    await edit('user-a', { userName: 'ＡＬＩＣＥ' });
    for (const name of ['alice', 'ALICE', 'Ａlice']) expect(await find(name)).toEqual(['alice', 'user-a', 'user-c']);
    for (const limit of [1, 2, 3]) expect(await find('alice', limit)).toEqual(['alice', 'user-a', 'user-c']);
    expect(await find('bob')).toEqual([]);
  });

  it('finds a user by the ID only while the user has no name of their own', async () => {
    await register('user-1', 'Mixed');
    expect(await find('user-1')).toEqual(['user-1']);
    expect(await find('Mixed')).toEqual(['Mixed']);
    await edit('user-1', { userName: 'bob' });
    expect([await find('user-1'), await find('bob')]).toEqual([[], ['user-1']]);
    await edit('user-1', { userName: 'user-1' });
    expect([await find('user-1'), await find('bob')]).toEqual([['user-1'], []]);
  });

  it('takes names that are long in the form in which they are compared', async () => {
    await register('user-1');
    const name = '\uFDFA'.repeat(200);
    expect((await edit('user-1', { userName: name })).status).toBe(200);
    expect(await find(name)).toEqual(['user-1']);
  });

  it('no longer finds a removed user, and the removal leaves no item', async () => {
    await register('user-1');
    await edit('user-1', { userName: 'bob' });
    await service.send(`DELETE ${users}/user-1`, { as: apiKey });
    expect(await find('bob')).toEqual([]);
    expect(await itemsOfRp()).toBe(0);
  });

  it('shows how many credentials each user has', async () => {
    await register('user-1', 'user-2');
    await registerCredentials(table, rp, 'user-1', 2);
    const { body } = await service.send(`GET ${users}`, { as: apiKey });
    expect((body as { items: UserView[] }).items.map(({ credentials }) => credentials)).toEqual([
      { total: 2, enabled: 2 },
      { total: 0, enabled: 0 },
    ]);
  });
});

describe('an RP that requires unique names', () => {
  beforeEach(() => startRp({ uniqueUserNames: true }));

  const taken = (pointer: string) => ({
    type: '/problems/already-exists',
    status: 409,
    errors: [{ pointer, code: 'user-name-taken' }],
  });

  it('has each name once, names that differ only in case included', async () => {
    await register('alice', 'user-2');
    expect((await register('user-3', 'ALICE')).body).toMatchObject(taken('#/users/1/userId'));
    expect((await register('bob', 'BOB')).body).toMatchObject(taken('#/users/1/userId'));
    expect((await edit('user-2', { userName: 'Alice' })).body).toMatchObject(taken('#/userName'));
    expect((await edit('alice', { userName: 'Alice' })).status).toBe(200);
    expect((await edit('alice', { userName: 'Carol' })).status).toBe(200);
    expect((await edit('user-2', { userName: 'Alice' })).status).toBe(200);
    expect([await find('alice'), await find('carol')]).toEqual([['user-2'], ['alice']]);
  });

  it('frees the name of a removed user', async () => {
    await register('alice');
    await service.send(`DELETE ${users}/alice`, { as: apiKey });
    expect(await itemsOfRp()).toBe(0);
    expect((await register('ALICE')).status).toBe(200);
  });

  it('registers at most 49 new users in a request', async () => {
    const many = Array.from({ length: 50 }, (_, index) => `user-${index}`);
    expect((await register(...many)).body).toMatchObject({
      status: 400,
      errors: [{ pointer: '#/users', code: 'too-many', max: 49 }],
    });
    expect((await register(...many.slice(1))).status).toBe(200);
    expect((await register(...many)).status).toBe(200);
  });

  it('gives a name to one of 20 callers', async () => {
    const userIds = Array.from({ length: 20 }, (_, index) => `user-${index}`);
    await register(...userIds);
    const answers = await Promise.all(userIds.map((userId) => edit(userId, { userName: 'alice' })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(409)]);
    expect(await find('alice')).toHaveLength(1);
  });

  it('registers one of 20 users whose IDs differ only in case', async () => {
    const userIds = Array.from({ length: 20 }, (_, index) =>
      Array.from('alice', (letter, at) => ((index >> at) & 1 ? letter.toUpperCase() : letter)).join(''),
    );
    const answers = await Promise.all(userIds.map((userId) => register(userId)));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array<number>(19).fill(409)]);
  });

  it('no longer reserves names that users get after the setting is switched off', async () => {
    await register('alice', 'user-2');
    await setUniqueUserNames(false);
    expect((await edit('user-2', { userName: 'ALICE' })).status).toBe(200);
    expect(await find('alice')).toEqual(['alice', 'user-2']);
    await service.send(`DELETE ${users}/alice`, { as: apiKey });
    expect(await find('alice')).toEqual(['user-2']);
    await edit('user-2', { userName: 'user-2' });
    await service.send(`DELETE ${users}/user-2`, { as: apiKey });
    expect(await itemsOfRp()).toBe(0);
  });
});

it('a process that does not know yet that names must be unique reserves them all the same', async () => {
  await service.send(`GET ${users}`, { as: apiKey }); // The process now remembers the settings for 10 seconds.
  await setUniqueUserNames(true);
  expect((await register('alice')).status).toBe(200);
  expect((await register('ALICE')).status).toBe(409);
});

describe('an administrator', () => {
  const asAlice = (request: string, body?: object) => service.send(request, { as: alice.session, body });

  it('reads, edits and removes the users of an RP', async () => {
    await register('user-1', 'user-2');
    const path = `/v1/rps/${rp}/users`;
    const edited = await asAlice(`PATCH ${path}/user-1`, { userName: 'bob', disabled: true });
    expect([edited.status, edited.headers.get('etag')]).toEqual([200, '"2"']);
    expect((await asAlice(`GET ${path}/user-1`)).body).toEqual(edited.body);
    expect((await asAlice(`GET ${path}?userName=BOB`)).body).toEqual({ items: [edited.body], nextCursor: null });
    expect((await asAlice(`DELETE ${path}/user-1`)).status).toBe(204);
    expect((await asAlice(`GET ${path}`)).body).toMatchObject({ items: [{ userId: 'user-2' }] });
    const rps_ = (await asAlice(`GET /v1/rps/${rp}`)).body;
    expect(rps_).toMatchObject({ registeredUsers: 1 });
  });

  it('without privileges removes a user without signing in again', async () => {
    await register('user-1');
    const bob = await service.addAdministrator(alice.session, 'administrator');
    await service.addPasskey(bob.session);
    await service.pass(6 * 60_000);
    const { status } = await service.send(`DELETE /v1/rps/${rp}/users/user-1`, { as: bob.session });
    expect(status).toBe(204);
  });
});

describe('a stranger', () => {
  it('finds no user of another RP or of another customer', async () => {
    await register('user-1');
    await registerCredentials(table, rp, 'user-1', 1);
    const before = await read('user-1');
    const other = await service.newRp(alice.session, `other-${rps}.example.com`);
    const otherKey = (await service.newApiKey(alice.session, other.id)).apiKey;
    const mallory = await service.signUp();
    for (const [as, path] of [
      [otherKey, `${users}/user-1`],
      [mallory.session, `/v1/rps/${rp}/users/user-1`],
      [alice.session, `/v1/rps/${other.id}/users/user-1`],
    ] as const) {
      for (const request of [`GET ${path}`, `PATCH ${path}`, `DELETE ${path}`, `GET ${path}/credentials`]) {
        const body = request.startsWith('PATCH') ? { disabled: true } : undefined;
        const answer = await service.send(request, { as, body });
        expect({ request, status: answer.status }).toEqual({ request, status: 404 });
      }
    }
    expect((await service.send(`GET /v1/rps/${rp}/users`, { as: mallory.session })).status).toBe(404);
    expect((await service.send(`GET ${users}?userName=user-1`, { as: otherKey })).body).toMatchObject({ items: [] });
    expect(await read('user-1')).toEqual(before);
  });
});

it('changes of users are logged without IDs, names and values', async () => {
  await register('u5er-secret');
  await registerCredentials(table, rp, 'u5er-secret', 1);
  const from = service.logged.length;
  await edit('u5er-secret', { userName: 'n4me-secret', displayName: 'd1splay', attributes: { a: 'v4lue' } });
  await edit('u5er-secret', { userName: 'n4me-secret', disabled: true });
  await service.send(`GET ${users}?userName=n4me-secret`, { as: apiKey });
  await service.send(`DELETE /v1/rps/${rp}/users/u5er-secret`, { as: alice.session });
  await sleep(0);
  const lines = service.logged.slice(from);
  expect(lines.filter(({ message }) => message === 'change').map(({ fields }) => fields)).toMatchObject([
    { actor: {}, what: 'user', after: { rpRef: rp, changed: ['userName', 'displayName', 'attributes'] } },
    { actor: {}, what: 'user', after: { rpRef: rp, changed: ['disabled'] } },
    { actor: { administratorId: alice.administratorId }, what: 'user', before: { rpRef: rp, users: 1 }, after: null },
  ]);
  expect(JSON.stringify(lines)).not.toMatch(/u5er|n4me|d1splay|v4lue/);
});
