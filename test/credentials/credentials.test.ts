import { createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialView } from '../../functions/contract/credentials.ts';
import { getUserContract } from '../../functions/contract/users.ts';
import { openTable, type Table } from '../../functions/table/engine/client.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { registerCredential, registerCredentials } from '../support/fido2/credentials.ts';
import { engineEndpoint } from '../support/engine.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

/** These tests manage the credentials of users over HTTP. The tests store the credentials in the table themselves. */

let service: TestService;
let table: Table;
let alice: SignedUp;
let rp: string;
let apiKey: string;
let user: string;
let users = 0;

beforeAll(async () => {
  service = await startTestService();
  table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
  alice = await service.signUp();
  await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  rp = (await service.newRp(alice.session)).id;
  ({ apiKey } = await service.newApiKey(alice.session, rp));
});
afterAll(async () => {
  table.client.destroy();
  await service.stop();
});
beforeEach(async () => {
  user = `user-${(users += 1)}`;
  await service.registerUsers(apiKey, [user]);
});

const pathOf = (id = '', of = user) => `/v1/rp/users/${of}/credentials${id && `/${id}`}`;
const send = (request: string, body?: object, headers: Record<string, string> = {}) =>
  service.send(request, { as: apiKey, body, headers });
const read = async (id: string) => (await send(`GET ${pathOf(id)}`)).body as CredentialView;
const list = async () => ((await send(`GET ${pathOf()}`)).body as { items: CredentialView[] }).items;
const counts = async () => (await send(`GET /v1/rp/users/${user}`)).read(getUserContract.answer.body).credentials;
const unknown = { type: '/problems/credential-unknown', status: 404 };

describe('the credentials of a user', () => {
  it('are listed, the oldest first, with their public keys', async () => {
    expect((await send(`GET ${pathOf()}`)).body).toEqual({ items: [], nextCursor: null });
    const ids: string[] = [];
    for (const now of [3_000, 1_000, 2_000]) ids.push(...(await registerCredentials(table, rp, user, 1, { now })));
    const [third, first, second] = ids;
    const listed = await list();
    expect(listed.map(({ id }) => id)).toEqual([first, second, third]);
    expect(listed[0]).toMatchObject({
      name: 'Passkey',
      attributes: null,
      authenticator: null,
      algorithm: -7,
      discoverable: true,
      disabled: false,
      createdAt: '1970-01-01T00:00:01Z',
      lastUsedAt: null,
      version: 1,
    });
    const der = Buffer.from(listed[0]?.publicKey ?? '', 'base64url');
    expect(createPublicKey({ key: der, format: 'der', type: 'spki' }).asymmetricKeyType).toBe('ec');
    expect(await read(first ?? '')).toEqual(listed[0]);
  });

  it('are renamed and get attributes, and the placeholder $authenticator becomes the name of the authenticator', async () => {
    const authenticator = { aaguid: '08987058-cadc-4b81-b6e1-30de50dcbe96', name: 'Windows Hello' };
    const [known = ''] = await registerCredentials(table, rp, user, 1, { authenticator });
    const [other = ''] = await registerCredentials(table, rp, user, 1);
    const body = { name: '$authenticator of the office', attributes: { room: 7 } };
    const edited = await send(`PATCH ${pathOf(known)}`, body);
    expect([edited.status, edited.headers.get('etag')]).toEqual([200, '"2"']);
    expect(edited.body).toMatchObject({ name: 'Windows Hello of the office', attributes: { room: 7 }, version: 2 });
    expect(await read(known)).toEqual(edited.body);
    expect((await send(`PATCH ${pathOf(other)}`, body)).body).toMatchObject({ name: 'Passkey of the office' });
    expect((await send(`PATCH ${pathOf(other)}`, { attributes: null })).body).toMatchObject({
      name: 'Passkey of the office',
      attributes: null,
      version: 3,
    });
  });

  it('are disabled, enabled and marked as verified, and the counts of the user follow', async () => {
    const [first = '', second = ''] = await registerCredentials(table, rp, user, 2);
    expect((await send(`PATCH ${pathOf(first)}`, { disabled: true })).body).toMatchObject({ disabled: true });
    expect(await counts()).toEqual({ total: 2, enabled: 1 });
    await send(`DELETE ${pathOf(first)}`);
    expect(await counts()).toEqual({ total: 1, enabled: 1 });
    await send(`PATCH ${pathOf(second)}`, { disabled: true, userVerified: true });
    expect(await counts()).toEqual({ total: 1, enabled: 0 });
    expect((await send(`PATCH ${pathOf(second)}`, { disabled: false })).body).toMatchObject({
      disabled: false,
      userVerified: true,
      version: 3,
    });
    expect(await counts()).toEqual({ total: 1, enabled: 1 });
  });

  it('do not change with an edit that has the present values', async () => {
    const [id = ''] = await registerCredentials(table, rp, user, 1);
    const before = await read(id);
    expect((await send(`PATCH ${pathOf(id)}`, { name: '$authenticator', disabled: false })).body).toEqual(before);
  });

  it('change only if If-Match, where given, has the current version', async () => {
    const [id = ''] = await registerCredentials(table, rp, user, 1);
    expect((await send(`PATCH ${pathOf(id)}`, { name: 'A' }, { 'if-match': '"1"' })).status).toBe(200);
    for (const request of [`PATCH ${pathOf(id)}`, `DELETE ${pathOf(id)}`]) {
      const body = request.startsWith('PATCH') ? { name: 'B' } : undefined;
      const answer = await send(request, body, { 'if-match': '"1"' });
      expect(answer.body).toMatchObject({ type: '/problems/version-conflict', status: 412 });
    }
    expect(await read(id)).toMatchObject({ name: 'A', version: 2 });
    expect((await send(`DELETE ${pathOf(id)}`, undefined, { 'if-match': '"2"' })).status).toBe(204);
    expect((await send(`GET ${pathOf(id)}`)).body).toMatchObject(unknown);
  });

  it('have every one of 10 edits at the same time', async () => {
    const ids = await registerCredentials(table, rp, user, 2);
    const edits = Array.from({ length: 10 }, (_, index) =>
      send(`PATCH ${pathOf(ids[index % 2])}`, index % 3 === 0 ? { name: `A${index}` } : { disabled: index % 3 === 1 }),
    );
    expect((await Promise.all(edits)).map(({ status }) => status)).toEqual(edits.map(() => 200));
    const enabled = (await list()).filter(({ disabled }) => !disabled).length;
    expect(await counts()).toEqual({ total: 2, enabled });
  });

  it('can be up to 20, and a user with all of them is disabled, enabled and removed without a rest', async () => {
    await registerCredentials(table, rp, user, 20, { now: 1_000 });
    expect(await registerCredential(table, rp, user)).toBeUndefined();
    for (const disabled of [true, false]) {
      expect((await send(`PATCH /v1/rp/users/${user}`, { disabled, userName: `n-${disabled}` })).status).toBe(200);
      const items = (await service.dump()).filter(({ publicKey, userId }) => publicKey && userId === user);
      expect(items.map(({ userDisabled }) => userDisabled)).toEqual(Array(20).fill(disabled ? true : undefined));
    }
    expect((await send(`DELETE /v1/rp/users/${user}`)).status).toBe(204);
    const left = (await service.dump()).filter((item) => JSON.stringify(item).includes(user));
    expect(left).toEqual([]);
  });
});

it('a credential ID may have 1,023 bytes', async () => {
  const id = Buffer.alloc(1_023, 7).toString('base64url');
  expect((await send(`GET ${pathOf(id)}`)).body).toMatchObject(unknown);
  expect((await send(`GET ${pathOf(Buffer.alloc(1_024, 7).toString('base64url'))}`)).body).toMatchObject({
    status: 400,
    errors: [{ pointer: '#/id', code: 'too-long' }],
  });
});

it('an administrator lists, edits and removes the credentials of a user who lost a device', async () => {
  const [id = ''] = await registerCredentials(table, rp, user, 1);
  const path = `/v1/rps/${rp}/users/${user}/credentials`;
  const as = { as: alice.session };
  const edited = await service.send(`PATCH ${path}/${id}`, { ...as, body: { disabled: true } });
  expect([edited.status, edited.headers.get('etag')]).toEqual([200, '"2"']);
  expect((await service.send(`GET ${path}`, as)).body).toEqual({ items: [edited.body], nextCursor: null });
  expect((await service.send(`DELETE ${path}/${id}`, as)).status).toBe(204);
  expect((await service.send(`GET ${path}`, as)).body).toEqual({ items: [], nextCursor: null });
});

it('a stranger finds no credential of another user, RP or customer', async () => {
  const [id = ''] = await registerCredentials(table, rp, user, 1);
  const before = await list();
  await service.registerUsers(apiKey, ['neighbour']);
  await registerCredentials(table, rp, 'neighbour', 1);
  const other = await service.newRp(alice.session, `other-${users}.example.com`);
  const otherKey = (await service.newApiKey(alice.session, other.id)).apiKey;
  await service.registerUsers(otherKey, [user]);
  const mallory = await service.signUp();
  for (const [as, path] of [
    [apiKey, pathOf(id, 'neighbour')],
    [otherKey, pathOf(id)],
    [mallory.session, `/v1/rps/${rp}/users/${user}/credentials/${id}`],
    [alice.session, `/v1/rps/${other.id}/users/${user}/credentials/${id}`],
  ] as const) {
    for (const [method, body] of [['PATCH', { disabled: true }], ['DELETE']] as const) {
      const answer = await service.send(`${method} ${path}`, { as, body });
      expect({ method, path, status: answer.status }).toEqual({ method, path, status: 404 });
    }
  }
  expect(await list()).toEqual(before);
});

it('changes of credentials are logged without IDs, names and values', async () => {
  const [id = ''] = await registerCredentials(table, rp, user, 1);
  const from = service.logged.length;
  await send(`PATCH ${pathOf(id)}`, { name: 'n4me-secret', attributes: { a: 'v4lue' } });
  await send(`DELETE ${pathOf(id)}`);
  const lines = service.logged.slice(from);
  expect(lines.filter(({ message }) => message === 'change').map(({ fields }) => fields)).toMatchObject([
    { what: 'credential', before: { rpRef: rp }, after: { rpRef: rp, changed: ['name', 'attributes'] } },
    { what: 'credential', before: { rpRef: rp, credentials: 1 }, after: null },
  ]);
  const text = JSON.stringify(lines);
  for (const secret of [id, `"${user}"`, 'n4me', 'v4lue']) expect(text).not.toContain(secret);
});
