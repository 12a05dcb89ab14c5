import { generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CredentialView } from '../../functions/contract/credentials.ts';
import { getUserContract } from '../../functions/contract/users.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, outcomes, type TestRp } from '../support/fido2/ceremonies.ts';
import {
  coseOf,
  exportAll,
  idOf,
  itemOf,
  passkeyOf,
  resultsOf,
  sendImport,
  spkiOf,
  statusesOf,
  type SentItem,
} from '../support/fido2/moving.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
let users = 0;
let userId: string;
let passkey: SoftPasskey;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
});
afterAll(() => service.stop());
beforeEach(() => {
  userId = `user-${(users += 1)}`;
  passkey = passkeyOf(userId);
});

const send = (...items: readonly unknown[]) => sendImport(service, rp.apiKey, items);
const userOf = async (id: string) =>
  (await service.send(`GET /v1/rp/users/${id}`, { as: rp.apiKey })).read(getUserContract.answer.body);
const credentialOf = async (id: string, of: SoftPasskey) =>
  (await service.send(`GET /v1/rp/users/${id}/credentials/${idOf(of)}`, { as: rp.apiKey })).body as CredentialView;
/** Returns the status, and the pointer and code of each field error, of a refused import. */
async function refusal(...items: readonly unknown[]) {
  const { status, body } = await send(...items);
  const { errors = [] } = body as { errors?: { pointer: string; code: string }[] };
  return [status, ...errors.map(({ pointer, code }) => `${pointer}: ${code}`)];
}
const settledDump = async () => {
  await service.drain();
  return service.dump();
};

describe('an imported passkey', () => {
  it.each([-7, -257, -8, -35, -36] as const)(
    'signs in with the algorithm %i, with its key as SPKI or in COSE form',
    async (algorithm) => {
      const [first, second] = [passkeyOf(userId, { algorithm }), passkeyOf(userId, { algorithm })];
      const inCose = itemOf(userId, second, { publicKey: undefined, cosePublicKey: coseOf(second), algorithm });
      expect(resultsOf(await send(itemOf(userId, first), inCose))).toEqual([
        { userId, credentialId: idOf(first), status: 'imported' },
        { userId, credentialId: idOf(second), status: 'imported' },
      ]);
      for (const one of [first, second]) {
        expect(await credentialOf(userId, one)).toMatchObject({ algorithm, publicKey: spkiOf(one), lastUsedAt: null });
        expect(await rp.signIn(one)).toMatchObject({ user: { userId, userHandle: one.userHandle } });
        expect(await rp.signIn(one, { userId })).toMatchObject({ credential: { id: idOf(one) } });
      }
    },
  );

  it('counts its user as an active user only at the first sign-in', async () => {
    await send(itemOf(userId, passkey));
    expect((await rp.signIn(passkey)).operation).toMatchObject({ status: 'counted' });
    expect((await rp.signIn(passkey)).operation).toMatchObject({ status: 'already-counted' });
  });

  it('has a BE flag that the first sign-in learns, if it was not known', async () => {
    await send(itemOf(userId, passkey, { backupEligible: null }));
    expect(await credentialOf(userId, passkey)).toMatchObject({ backupEligible: null, backedUp: false });
    const ended = await rp.use(passkey, {}, { invertedFlags: 0x18 });
    expect((await rp.end('authentications', ended)).status).toBe(200);
    expect(await credentialOf(userId, passkey)).toMatchObject({ backupEligible: true, backedUp: true });
  });

  it('is refused if its sign count does not increase beyond the imported one', async () => {
    const counting = passkeyOf(userId, { signCount: 40 });
    await send(itemOf(userId, counting, { signCount: 40 }));
    await rp.signIn(counting);
    expect(await credentialOf(userId, counting)).toMatchObject({ signCount: 41 });
    const again = await rp.end('authentications', await rp.use(counting, {}, { signCount: 41 }));
    expect(outcomes([again])).toEqual({ '403 sign-count-not-increased': 1 });
  });

  it('keeps everything that the RP sends', async () => {
    const user = { userName: 'Änne', displayName: 'Änne Ä.', attributes: { plan: 'gold', n: [1, null] } };
    const credential = {
      ...{ signCount: 7, transports: ['usb', 'made-up', 'nfc'], discoverable: false, userVerified: true },
      ...{ backupEligible: true, backedUp: true, attributes: { room: 7 }, name: '$authenticator, blue' },
      ...{ aaguid: '08987058-CADC-4B81-B6E1-30DE50DCBE96' },
      ...{ createdAt: '2024-02-03T04:05:06.789Z', lastUsedAt: '2025-02-03T04:05:06+09:00' },
    };
    await send(itemOf(userId, passkey, { user, ...credential }));
    expect(await userOf(userId)).toMatchObject({
      ...{ userId, ...user, disabled: false, userHandle: passkey.userHandle },
      credentials: { total: 1, enabled: 1 },
    });
    expect(await credentialOf(userId, passkey)).toMatchObject({
      ...{ signCount: 7, transports: ['usb', 'nfc'], discoverable: false, userVerified: true },
      ...{ backupEligible: true, backedUp: true, attributes: { room: 7 }, name: 'Windows Hello, blue' },
      authenticator: { aaguid: '08987058-cadc-4b81-b6e1-30de50dcbe96', name: 'Windows Hello' },
      ...{ createdAt: '2024-02-03T04:05:06.789Z', lastUsedAt: '2025-02-02T19:05:06Z' },
      attestation: { format: 'none', type: 'none', trusted: false },
    });
  });

  it('cannot sign in if it, or its user, was disabled, until it is enabled', async () => {
    const other = passkeyOf(`${userId}-b`);
    await send(
      itemOf(userId, passkey, { disabled: true }),
      itemOf(`${userId}-b`, other, { user: { disabled: true } }),
      itemOf(`${userId}-b`, passkeyOf(`${userId}-b`), { user: { disabled: true }, disabled: true }),
    );
    expect(await userOf(userId)).toMatchObject({ disabled: false, credentials: { total: 1, enabled: 0 } });
    expect(await userOf(`${userId}-b`)).toMatchObject({ disabled: true, credentials: { total: 2, enabled: 1 } });
    const tries = [passkey, other].map(async (one) => rp.end('authentications', await rp.use(one)));
    expect(outcomes(await Promise.all(tries))).toEqual({ '403 credential-disabled': 1, '403 user-disabled': 1 });
    const enable = { as: rp.apiKey, body: { disabled: false } };
    await service.send(`PATCH /v1/rp/users/${userId}/credentials/${idOf(passkey)}`, enable);
    await service.send(`PATCH /v1/rp/users/${userId}-b`, enable);
    for (const one of [passkey, other]) await rp.signIn(one);
  });

  it('comes to a user who exists, with a handle but no credential, and to a user with other credentials', async () => {
    expect(statusesOf(await send({ user: itemOf(userId, passkey).user, credential: null }))).toEqual(['imported']);
    expect(statusesOf(await send(itemOf(userId, passkey)))).toEqual(['imported']);
    const second = passkeyOf(userId);
    expect(statusesOf(await send(itemOf(userId, second), itemOf(userId, passkey)))).toEqual([
      'imported',
      'already-imported',
    ]);
    const registered = await rp.register({ userId, createUser: false });
    expect(await userOf(userId)).toMatchObject({ credentials: { total: 3, enabled: 3 } });
    for (const one of [passkey, second, registered.passkey]) await rp.signIn(one, { userId });
  });

  it('comes to a disabled user, who stays disabled', async () => {
    await send({ user: { ...itemOf(userId, passkey).user, disabled: true }, credential: null });
    await send(itemOf(userId, passkey));
    const second = passkeyOf(userId);
    await send(itemOf(userId, second));
    expect(await userOf(userId)).toMatchObject({ disabled: true, credentials: { total: 2, enabled: 2 } });
    for (const one of [passkey, second]) {
      expect(outcomes([await rp.end('authentications', await rp.use(one))])).toEqual({ '403 user-disabled': 1 });
    }
  });

  it('comes back after its user was removed, and accepts no earlier response again', async () => {
    await send(itemOf(userId, passkey));
    const used = await rp.use(passkey);
    expect((await rp.end('authentications', used)).status).toBe(200);
    await rp.register({ userId, createUser: false });
    await service.send(`DELETE /v1/rp/users/${userId}`, { as: rp.apiKey });
    expect(statusesOf(await send(itemOf(userId, passkey)))).toEqual(['imported']);
    expect(outcomes([await rp.end('authentications', used)])).toEqual({ '409 ceremony-used': 1 });
    await rp.signIn(passkey, { userId });
    expect(await userOf(userId)).toMatchObject({ credentials: { total: 1, enabled: 1 } });
  });
});

describe('users without a credential', () => {
  it('are imported with or without a handle, and can register a credential', async () => {
    const handle = Buffer.from(`handle of ${userId}`).toString('base64url');
    const items = [{ userId, userHandle: handle }, { userId: `${userId}-b` }].map((user) => ({
      user,
      credential: null,
    }));
    expect(statusesOf(await send(...items))).toEqual(['imported', 'imported']);
    expect(statusesOf(await send(...items))).toEqual(['already-imported', 'already-imported']);
    expect(await userOf(userId)).toMatchObject({ userHandle: handle, credentials: { total: 0, enabled: 0 } });
    expect(await userOf(`${userId}-b`)).toMatchObject({ userHandle: null });
    const { passkey: registered } = await rp.register({ userId, createUser: false });
    expect(registered.userHandle).toBe(handle);
    for (const one of [registered, (await rp.register({ userId: `${userId}-b`, createUser: false })).passkey]) {
      await rp.signIn(one);
    }
    const other = { user: { userId: `${userId}-c`, userHandle: handle }, credential: null };
    expect(await refusal(other)).toEqual([409, '#/items/0/user/userHandle: user-handle-taken']);
  });
});

describe('a repeated import', () => {
  it('changes nothing, even after sign-ins and edits', async () => {
    const item = itemOf(userId, passkey, { name: 'Blue', transports: ['usb'] });
    await send(item);
    await rp.signIn(passkey);
    const edit = { as: rp.apiKey, body: { name: 'Green', disabled: true } };
    await service.send(`PATCH /v1/rp/users/${userId}/credentials/${idOf(passkey)}`, edit);
    await service.send(`PATCH /v1/rp/users/${userId}`, { as: rp.apiKey, body: { userName: 'Renamed' } });
    const before = await settledDump();
    expect(statusesOf(await send(item))).toEqual(['already-imported']);
    expect(await settledDump()).toEqual(before);
  });

  it('is recognized if the export returns the content now', async () => {
    const { passkey: registered } = await rp.register({ userId });
    await rp.signIn(registered);
    const exported = (await exportAll(service, rp.apiKey)).filter(({ user }) => user.userId === userId);
    expect(statusesOf(await send(...exported))).toEqual(['already-imported']);
  });

  it('is refused if a credential has other content', async () => {
    await send(itemOf(userId, passkey));
    const before = await settledDump();
    const taken = [409, '#/items/1/credential/id: credential-id-taken'];
    const fine = itemOf(`${userId}-c`, passkeyOf(`${userId}-c`));
    expect(await refusal(fine, itemOf(userId, passkey, { name: 'Other' }))).toEqual(taken);
    expect(await refusal(fine, itemOf(userId, passkey, { publicKey: spkiOf(passkeyOf(userId)) }))).toEqual(taken);
    const another = itemOf(`${userId}-b`, { ...passkey, userHandle: passkeyOf(`${userId}-b`).userHandle });
    expect(await refusal(fine, another)).toEqual(taken);
    expect(await settledDump()).toEqual(before);
  });
});

describe('a refused import', () => {
  const weak = generateKeyPairSync('rsa', { modulusLength: 1_024 }).publicKey;
  const x25519 = generateKeyPairSync('x25519').publicKey;
  const secp256k1 = generateKeyPairSync('ec', { namedCurve: 'secp256k1' }).publicKey;
  const der = (key: typeof weak) => key.export({ type: 'spki', format: 'der' }).toString('base64url');
  const other = passkeyOf('other');
  const loose = (good: string) =>
    Buffer.concat([Buffer.from(good, 'base64url'), Buffer.alloc(1)]).toString('base64url');
  const credentialOf = (fields: object) => (item: SentItem) => ({
    ...item,
    credential: { ...item.credential, ...fields },
  });
  const withUser = (fields: object) => (item: SentItem) => ({ ...item, user: { ...item.user, ...fields } });

  it.each<[what: string, change: (item: SentItem) => unknown, ...errors: string[]]>([
    ['no user', ({ credential }) => ({ credential }), '#/items/1/user: required'],
    ['no credential', ({ user }) => ({ user }), '#/items/1/credential: required'],
    ['a malformed user ID', withUser({ userId: 'a b' }), '#/items/1/user/userId: not-a-user-id'],
    ['no handle', withUser({ userHandle: null }), '#/items/1/user/userHandle: required'],
    ['a handle of 65 bytes', withUser({ userHandle: 'A'.repeat(87) }), '#/items/1/user/userHandle: too-long'],
    ['an unknown field', credentialOf({ counter: 1 }), '#/items/1/credential/counter: unknown-field'],
    ['a malformed ID', credentialOf({ id: 'a+b=' }), '#/items/1/credential/id: not-base64url'],
    ['no key', credentialOf({ publicKey: undefined }), '#/items/1/credential: at-least-one-required'],
    ['a weak key', credentialOf({ publicKey: der(weak) }), '#/items/1/credential/publicKey: not-a-public-key'],
    ['X25519', credentialOf({ publicKey: der(x25519) }), '#/items/1/credential/publicKey: not-a-public-key'],
    ['secp256k1', credentialOf({ publicKey: der(secp256k1) }), '#/items/1/credential/publicKey: not-a-public-key'],
    [
      'bytes after the key',
      credentialOf({ publicKey: loose(spkiOf(other)) }),
      '#/items/1/credential/publicKey: not-a-public-key',
    ],
    ['no COSE', credentialOf({ cosePublicKey: 'AAAA' }), '#/items/1/credential/cosePublicKey: not-a-public-key'],
    [
      'bytes after COSE',
      credentialOf({ publicKey: undefined, cosePublicKey: loose(coseOf(other)) }),
      '#/items/1/credential/cosePublicKey: not-a-public-key',
    ],
    [
      'two keys',
      credentialOf({ cosePublicKey: coseOf(other) }),
      '#/items/1/credential/cosePublicKey: not-the-same-key',
    ],
    ['another algorithm', credentialOf({ algorithm: -257 }), '#/items/1/credential/algorithm: not-the-algorithm'],
    ['a sign count of 33 bits', credentialOf({ signCount: 2 ** 32 }), '#/items/1/credential/signCount: too-large'],
    [
      'a backup without eligibility',
      credentialOf({ backedUp: true }),
      '#/items/1/credential/backedUp: not-backup-eligible',
    ],
    ['no AAGUID', credentialOf({ aaguid: 'yubikey' }), '#/items/1/credential/aaguid: not-an-aaguid'],
    ['no time', credentialOf({ createdAt: '2026-13-01' }), '#/items/1/credential/createdAt: not-a-time'],
    [
      'large attributes',
      credentialOf({ attributes: { a: 'x'.repeat(2_048) } }),
      '#/items/1/credential/attributes: too-large',
    ],
  ])('has %s', async (_, change, ...errors) => {
    const before = await settledDump();
    const fine = itemOf(`${userId}-fine`, passkeyOf(`${userId}-fine`));
    expect(await refusal(fine, change(itemOf(userId, passkey)))).toEqual([400, ...errors]);
    expect(await settledDump()).toEqual(before);
  });

  it('has items that contradict each other', async () => {
    const before = await settledDump();
    const item = itemOf(userId, passkey);
    expect(await refusal(item, item)).toEqual([400, '#/items/1/credential/id: duplicate']);
    const renamed = itemOf(userId, passkeyOf(userId), { user: { userName: 'Other' } });
    expect(await refusal(item, renamed)).toEqual([400, '#/items/1/user: not-the-same-user']);
    const sharing = itemOf(`${userId}-b`, passkeyOf(userId));
    expect(await refusal(item, sharing)).toEqual([400, '#/items/1/user/userHandle: duplicate']);
    const sameKey = itemOf(userId, { ...passkey, credentialId: Buffer.alloc(16, 7) });
    expect(await refusal(item, sameKey)).toEqual([409, '#/items/1/credential/publicKey: public-key-taken']);
    expect(await settledDump()).toEqual(before);
  });

  it('has another handle than the user, the handle of another user, or the key of another credential', async () => {
    const [first, second] = [itemOf(userId, passkey), itemOf(userId, passkeyOf('another handle'))];
    await send(first);
    const before = await settledDump();
    expect(await refusal(second)).toEqual([409, '#/items/0/user/userHandle: not-the-user-handle']);
    expect(await refusal(itemOf(`${userId}-b`, passkeyOf(userId)))).toEqual([
      409,
      '#/items/0/user/userHandle: user-handle-taken',
    ]);
    const again = { ...passkey, credentialId: Buffer.alloc(16, 8) };
    const inCose = itemOf(userId, again, { publicKey: undefined, cosePublicKey: coseOf(again) });
    expect(await refusal(inCose)).toEqual([409, '#/items/0/credential/cosePublicKey: public-key-taken']);
    expect(await settledDump()).toEqual(before);
  });

  it('has a 21st credential of a user', async () => {
    const passkeys = Array.from({ length: 21 }, () => passkeyOf(userId));
    expect(statusesOf(await send(...passkeys.slice(0, 19).map((one) => itemOf(userId, one)))).length).toBe(19);
    const before = await settledDump();
    const tooMany = [409, '#/items/1/credential: too-many-credentials'];
    expect(await refusal(...passkeys.slice(19).map((one) => itemOf(userId, one)))).toEqual(tooMany);
    expect(await settledDump()).toEqual(before);
    expect(statusesOf(await send(...passkeys.slice(0, 20).map((one) => itemOf(userId, one))))).toHaveLength(20);
  });

  it('has more than 25 items, or more than 32 users and credentials', async () => {
    const items = Array.from({ length: 26 }, (_, index) => {
      const id = `${userId}-${index}`;
      return itemOf(id, passkeyOf(id), { user: { userName: `Name of ${id}` } });
    });
    expect(await refusal(...items)).toEqual([400, '#/items: too-many']);
    const answer = await send(...items.slice(0, 25));
    expect(answer.body).toMatchObject({ errors: [{ pointer: '#/items', code: 'too-many', max: 16 }] });
    expect(statusesOf(await send(...items.slice(0, 16)))).toEqual(Array(16).fill('imported'));
    const withoutCredentials = items.slice(0, 25).map(({ user }) => ({ user, credential: null }));
    expect(statusesOf(await send(...withoutCredentials))).toHaveLength(25);
  });
});

describe('imports at the same time', () => {
  it('of the same 16 items by 10 callers store them once', async () => {
    const fresh = await newTestRp(service, { rpId: 'ten.example.com' });
    const items = Array.from({ length: 16 }, (_, index) => itemOf(`user-${index}`, passkeyOf(`user-${index}`)));
    const answers = await Promise.all(Array.from({ length: 10 }, () => sendImport(service, fresh.apiKey, items)));
    const statuses = answers.flatMap(statusesOf);
    expect(statuses.filter((status) => status === 'imported')).toHaveLength(16);
    expect(statuses.filter((status) => status === 'already-imported')).toHaveLength(144);
    const counted = await service.send(`GET /v1/rps/${fresh.rpRef}`, { as: fresh.owner.session });
    expect(counted.body).toMatchObject({ registeredUsers: 16 });
  });

  it('and a registration of the same credential ID store one of the two', async () => {
    for (let round = 0; round < 8; round += 1) {
      const id = `${userId}-${round}`;
      const created = await rp.create({ userId: `${id}-r`, createUser: true }, { credentialId: passkey.credentialId });
      const [registered, imported] = await Promise.all([
        rp.end('registrations', created.body),
        send(itemOf(`${id}-i`, { ...passkeyOf(id), credentialId: passkey.credentialId })),
      ]);
      expect([registered.status, imported.status].sort()).toEqual(registered.status === 201 ? [201, 409] : [200, 409]);
      const kept = registered.status === 201 ? `${id}-r` : `${id}-i`;
      expect(await userOf(kept)).toMatchObject({ credentials: { total: 1 } });
      await service.send(`DELETE /v1/rp/users/${kept}`, { as: rp.apiKey });
    }
  });

  it('and the removal of the user leave the user with the credential, or nothing', async () => {
    for (let round = 0; round < 8; round += 1) {
      const id = `${userId}-${round}`;
      const [first, second] = [passkeyOf(id), passkeyOf(id)];
      await send(itemOf(id, first));
      const [imported] = await Promise.all([
        send(itemOf(id, second)),
        service.send(`DELETE /v1/rp/users/${id}`, { as: rp.apiKey }),
      ]);
      expect(imported.status).toBe(200);
      const items = (await exportAll(service, rp.apiKey)).filter(({ user }) => user.userId === id);
      const { status } = await service.send(`GET /v1/rp/users/${id}`, { as: rp.apiKey });
      expect([
        [404, 0],
        [200, 1],
      ]).toContainEqual([status, items.length]);
      for (const { credential } of items) expect(credential?.id).toBe(idOf(second));
    }
  });
});

describe('the license', () => {
  it('of a Free customer lets an import fill the maximum exactly, and counts nobody as active', async () => {
    const free = await newTestRp(service, { isFree: true, rpId: 'free.example.com' });
    await service.setLicense(free.owner.customerId, { type: 'free', maxRegisteredUsers: 5 });
    const items = Array.from({ length: 6 }, (_, index) => itemOf(`user-${index}`, passkeyOf(`user-${index}`)));
    // The first request with an API key notes that the key was used.
    await exportAll(service, free.apiKey);
    const before = await settledDump();
    const refused = await sendImport(service, free.apiKey, items);
    expect(refused.body).toMatchObject({ type: '/problems/license-limit-reached', max: 5, current: 0 });
    expect(await settledDump()).toEqual(before);
    expect(statusesOf(await sendImport(service, free.apiKey, items.slice(0, 5)))).toHaveLength(5);
    expect((await sendImport(service, free.apiKey, items.slice(5))).status).toBe(403);
    // Further credentials of registered users need no room.
    expect(statusesOf(await sendImport(service, free.apiKey, [itemOf('user-0', passkeyOf('user-0'))]))).toEqual([
      'imported',
    ]);
    const customer = await service.send('GET /v1/customer', { as: free.owner.session });
    expect(customer.body).toMatchObject({ license: { registeredUsers: 5 } });
    await service.drain();
    expect(JSON.stringify(await service.dump())).not.toContain(`ACTIVE#${free.rpRef}`);
  });
});

describe('an RP that requires unique user names', () => {
  it('refuses a name that another user has, and a repeated name', async () => {
    const unique = await newTestRp(service, { rpId: 'unique.example.com' });
    const settings = { settings: { uniqueUserNames: true } };
    const path = `/v1/rps/${unique.rpRef}`;
    const etag = (await service.send(`GET ${path}`, { as: unique.owner.session })).headers.get('etag') ?? '';
    const headers = { 'if-match': etag };
    await service.send(`PATCH ${path}`, { as: unique.owner.session, body: settings, headers });
    const named = (id: string, userName: string) => itemOf(id, passkeyOf(id), { user: { userName } });
    expect(statusesOf(await sendImport(service, unique.apiKey, [named('a', 'Alice')]))).toEqual(['imported']);
    const taken = await sendImport(service, unique.apiKey, [named('b', 'Bob'), named('c', 'ALICE')]);
    expect(taken.body).toMatchObject({ errors: [{ pointer: '#/items/1/user/userName', code: 'user-name-taken' }] });
    const repeated = await sendImport(service, unique.apiKey, [named('b', 'Bob'), named('c', 'bob')]);
    expect(repeated.body).toMatchObject({ errors: [{ pointer: '#/items/1/user/userName', code: 'user-name-taken' }] });
    expect([taken.status, repeated.status]).toEqual([409, 409]);
    expect(statusesOf(await sendImport(service, unique.apiKey, [named('b', 'Bob'), named('c', 'Carol')]))).toHaveLength(
      2,
    );
  });
});
