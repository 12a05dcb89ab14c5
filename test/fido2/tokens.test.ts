import { createECDH, createHash } from 'node:crypto';
import { decodeProtectedHeader, type JSONWebKeySet } from 'jose';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { authenticateUserContract, registerCredentialContract } from '../../functions/contract/ceremonies.ts';
import { challengeIn } from '../../functions/domain/webauthn/client-data.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { expectedOf, keySetOf, verifyToken } from '../support/fido2/tokens.ts';
import { startTestService, type TestService } from '../support/service.ts';

const SECOND = 1_000;
const DAY = 86_400 * SECOND;
const [signIn, register] = [authenticateUserContract.answer.body, registerCredentialContract.answer.body];

let service: TestService;
let rp: TestRp;
let passkey: SoftPasskey;
/** The number of calls to the tables' items with keys for tokens. */
let calls = 0;
beforeAll(async () => {
  service = await startTestService({
    onTableUse: (_, { keys }) => {
      calls += keys.filter((key) => key.startsWith('TOKEN-KEYS')).length;
    },
  });
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
  ({ passkey } = await rp.register({ userId: 'user-1' }));
});
afterAll(() => service.stop());
beforeEach(() => {
  calls = 0;
});

/** Signs in with a token. */
const signInFor = async (body: object, headers?: Record<string, string>) => {
  const answer = await rp.end('authentications', { ...body, token: true }, headers);
  return answer.read(signIn).token ?? '';
};
const newToken = async () => signInFor(await rp.use(passkey));
const verify = (token: string, keys: JSONWebKeySet, now = service.now()) =>
  verifyToken(token, keys, expectedOf(service, rp), now);
/** Returns the ID that the token of a ceremony must have. */
const tokenIdOf = (body: { response: unknown }, credentialId: string) => {
  const { response } = body.response as { response: { clientDataJSON: string } };
  return createHash('sha256')
    .update(`${challengeIn(response) ?? ''} ${credentialId}`)
    .digest('base64url');
};

describe('before the first token of an RP', () => {
  it('nobody can read a key set, as with an unknown RP, and asking stores nothing', async () => {
    await service.drain();
    const before = await service.dump();
    for (const id of [rp.rpRef, 'rp_00000000000000000000', 'rp_x', rp.rpId]) {
      const answer = await service.send(`GET /v1/rps/${id}/jwks.json`);
      expectProblem(answer, 404, 'not-found');
      expect(answer.headers.get('cache-control')).toBe('no-store');
    }
    expect(await service.dump()).toEqual(before);
  });

  it('an answer has no token unless the RP asks for one, and a dry run has none', async () => {
    expect(await rp.signIn(passkey)).not.toHaveProperty('token');
    const { body } = await rp.create({ userId: 'user-dry', createUser: true });
    const dry = await rp.end('registrations', { ...body, token: true, dryRun: true });
    expect(dry.read(register)).not.toHaveProperty('token');
    expect(calls).toBe(0);
  });
});

describe('the token of a ceremony', () => {
  it('tells another service who signed in, how, where and when', async () => {
    const body = await rp.use(passkey);
    const token = await signInFor(body);
    const keys = await keySetOf(service, rp.rpRef);
    const claims = await verify(token, keys);
    const credentialId = passkey.credentialId.toString('base64url');
    const time = Math.floor(service.now() / SECOND);
    expect(claims).toEqual({
      iss: `${service.origin}/v1/rps/${rp.rpRef}`,
      aud: 'shop.example.com',
      sub: 'user-1',
      iat: claims['auth_time'],
      exp: (claims['auth_time'] as number) + 60,
      jti: tokenIdOf(body, credentialId),
      auth_time: expect.closeTo(time, -1) as number,
      amr: ['pop', 'user', 'mfa'],
      ceremony: 'authentication',
      credential_id: credentialId,
      user_verified: true,
      backup_eligible: false,
      backed_up: false,
      origin: 'https://shop.example.com',
    });
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'ES256', typ: 'JWT', kid: keys.keys[0]?.kid });
  });

  it('says that the authenticator did not verify the user, and that the passkey is backed up', async () => {
    // The flags BE and BS.
    const synced = { invertedFlags: 0x18 };
    const { passkey: syncedPasskey } = await rp.register({ userId: 'user-synced' }, synced);
    const body = await rp.use(syncedPasskey, {}, { ...synced, isUserVerified: false });
    expect(await verify(await signInFor(body), await keySetOf(service, rp.rpRef))).toMatchObject({
      ...{ sub: 'user-synced', amr: ['pop', 'user'], user_verified: false },
      ...{ backup_eligible: true, backed_up: true },
    });
  });

  it('of a registration says so', async () => {
    const { body } = await rp.create({ userId: 'user-2', createUser: true });
    const { token = '', credential } = (await rp.end('registrations', { ...body, token: true })).read(register);
    expect(await verify(token, await keySetOf(service, rp.rpRef))).toMatchObject({
      ...{ ceremony: 'registration', sub: 'user-2', credential_id: credential.id, user_verified: true },
      ...{ jti: tokenIdOf(body, credential.id), aud: 'shop.example.com', origin: 'https://shop.example.com' },
    });
  });

  it('ends after 60 seconds, and is refused for another audience, another issuer and with other keys', async () => {
    const token = await newToken();
    const keys = await keySetOf(service, rp.rpRef);
    const now = service.now();
    await verify(token, keys, now + 58 * SECOND);
    await expect(verify(token, keys, now + 61 * SECOND)).rejects.toThrow('"exp" claim timestamp check failed');
    const expected = expectedOf(service, rp);
    await expect(verifyToken(token, keys, { ...expected, audience: 'other.example.com' }, now)).rejects.toThrow(
      '"aud"',
    );
    await expect(verifyToken(token, keys, { ...expected, issuer: service.url }, now)).rejects.toThrow('"iss"');

    const other = await newTestRp(service, { rpId: 'other.example.com' });
    const { body } = await other.create({ userId: 'user-1', createUser: true });
    await other.end('registrations', { ...body, token: true });
    const foreign = await keySetOf(service, other.rpRef);
    await expect(verify(token, foreign)).rejects.toThrow('no applicable key found');
    // A verifier that ignores the ID of the key refuses the token too.
    const [key] = foreign.keys;
    const renamed = { keys: [{ ...key, kty: 'EC', kid: keys.keys[0]?.kid ?? '' }] };
    await expect(verify(token, renamed)).rejects.toThrow('signature verification failed');
  });

  it('of a repeated request has the same claims, so that it ends at the same time', async () => {
    const body = await rp.use(passkey);
    const headers = { 'idempotency-key': 'sign-in-1' };
    const first = await signInFor(body, headers);
    const keys = await keySetOf(service, rp.rpRef);
    const claims = await verify(first, keys);
    await service.pass(30 * SECOND);
    const second = await signInFor(body, headers);
    expect(await verify(second, keys)).toEqual(claims);
    await service.pass(31 * SECOND);
    await expect(verify(await signInFor(body, headers), keys)).rejects.toThrow('"exp"');

    const created = await rp.create({ userId: 'user-3', createUser: true });
    const register1 = async () =>
      (await rp.end('registrations', { ...created.body, token: true }, headers)).read(register).token ?? '';
    const registered = await verify(await register1(), keys);
    // The state of the credential changes, and the claims do not.
    const path = `/v1/rp/users/user-3/credentials/${String(registered['credential_id'])}`;
    await service.send(`PATCH ${path}`, { as: rp.apiKey, body: { userVerified: false } });
    expect(await verify(await register1(), keys)).toEqual(registered);
  });

  it('is missing if the service refuses the ceremony', async () => {
    const body = await rp.use(passkey, {}, { challenge: 'AAAA' });
    const answer = await rp.end('authentications', { ...body, token: true });
    expect([answer.status, answer.body]).toEqual([
      400,
      expect.not.objectContaining({ token: expect.anything() as unknown }),
    ]);
  });
});

describe('the key set of an RP', () => {
  it('contains only public keys, and may be cached for 5 minutes', async () => {
    await newToken();
    const answer = await service.send(`GET /v1/rps/${rp.rpRef}/jwks.json`);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=300');
    const coordinate = expect.stringMatching(/^[\w-]{43}$/) as string;
    const [x, y, kid] = [coordinate, coordinate, coordinate];
    expect(answer.body).toEqual({ keys: [{ kty: 'EC', crv: 'P-256', x, y, use: 'sig', alg: 'ES256', kid }] });
  });

  it('needs no call to the table in a process that has signed before', async () => {
    await newToken();
    calls = 0;
    for (let count = 0; count < 3; count += 1) await newToken();
    expect(calls).toBe(0);
  });

  it('publishes a key a day before it signs, and the key before it for an hour after', async () => {
    const moving = await newTestRp(service, { rpId: 'moving.example.com' });
    const { passkey: moved } = await moving.register({ userId: 'user-1' });
    const token = async () =>
      (await moving.end('authentications', { ...(await moving.use(moved)), token: true })).read(signIn).token ?? '';
    const check = (signed: string, keys: JSONWebKeySet) =>
      verifyToken(signed, keys, expectedOf(service, moving), service.now());
    const set = () => keySetOf(service, moving.rpRef);
    const kidsOf = ({ keys }: JSONWebKeySet) => keys.map(({ kid }) => kid);
    const kidOf = (signed: string) => decodeProtectedHeader(signed).kid;

    const started = service.now();
    const at = (time: number) => service.setClock(started + time);
    const first = kidOf(await token());
    const early = await set();
    expect(kidsOf(early)).toEqual([first]);

    // The key is not due before day 29.
    await at(29 * DAY - 60 * SECOND);
    await token();
    expect(kidsOf(await set())).toEqual([first]);

    // On day 29, the next key is published. It does not sign yet.
    await at(29 * DAY + 60 * SECOND);
    const published = await token();
    expect(kidOf(published)).toBe(first);
    const both = await set();
    expect(kidsOf(both)).toEqual([first, expect.stringMatching(/^[\w-]{43}$/)]);
    const [, second] = kidsOf(both);
    for (const keys of [early, both]) await check(published, keys);

    // Just before the change, tokens verify with a key set of any age, and with one that was read after the change.
    await at(30 * DAY);
    const last = await token();
    expect(kidOf(last)).toBe(first);
    for (const keys of [early, both]) await check(last, keys);
    await at(30 * DAY + 50 * SECOND);
    await check(last, await set());

    // After the change, tokens verify with a key set that was read up to a day before.
    await at(30 * DAY + 120 * SECOND);
    const changed = await token();
    expect(kidOf(changed)).toBe(second);
    for (const keys of [both, await set()]) await check(changed, keys);
    await expect(check(changed, early)).rejects.toThrow('no applicable key found');
    expect(kidsOf(await set())).toEqual([first, second]);

    // An hour later, the first key is gone, and the second one signs for a month.
    await at(30 * DAY + 3_700 * SECOND);
    expect(kidsOf(await set())).toEqual([second]);
    await at(58 * DAY);
    expect(kidOf(await token())).toBe(second);
    expect(kidsOf(await set())).toEqual([second]);

    // An RP that asked for no token for months still signs with the key that verifiers know.
    await at(200 * DAY);
    expect(kidOf(await token())).toBe(second);
    const [, third] = kidsOf(await set());
    await at(202 * DAY);
    expect(kidOf(await token())).toBe(third);
  });
});

describe('the private key', () => {
  it('is neither in the log nor, in clear, in the table', async () => {
    const token = await newToken();
    await service.drain();
    const items = (await service.dump()).filter(({ pk }) => pk === `TOKEN-KEYS#${rp.rpRef}`);
    const [key] = (items[0] as { keys: { x: string; sealed: Uint8Array }[] }).keys;
    const sealed = Buffer.from(key?.sealed ?? []);
    // No 32 bytes of the item are the private key: their public key would be the one in the item.
    const numbers = Array.from({ length: sealed.length - 31 }, (_, index) => sealed.subarray(index, index + 32));
    expect(numbers.length).toBeGreaterThan(100);
    expect(numbers.map(publicKeyOf).filter((x) => x === key?.x)).toEqual([]);
    expect(service.loggedText()).not.toContain(token);
    expect(JSON.stringify(items)).not.toMatch(/"d":|PRIVATE KEY/);
  });

  it('is deleted with the RP, and with the customer', async () => {
    const removed = await newTestRp(service, { rpId: 'removed.example.com' });
    const leaving = await newTestRp(service, { rpId: 'leaving.example.com', isFree: true });
    for (const one of [removed, leaving]) {
      const { body } = await one.create({ userId: 'user-1', createUser: true });
      await one.end('registrations', { ...body, token: true });
      await keySetOf(service, one.rpRef);
    }
    await service.send(`DELETE /v1/rps/${removed.rpRef}`, { as: removed.owner.session });
    await service.send('POST /v1/customer/unsubscription', {
      as: leaving.owner.session,
      body: { confirmation: 'Example Corporation' },
    });
    await service.pass(3 * DAY);
    await service.send('POST /_local/schedules/begin-discarding');
    await service.pass(3_600 * SECOND);
    for (const { rpRef } of [removed, leaving]) {
      await vi.waitFor(
        async () => {
          expect((await service.dump()).filter((item) => JSON.stringify(item).includes(`TOKEN-KEYS#${rpRef}`))).toEqual(
            [],
          );
        },
        { timeout: 60_000, interval: 500 },
      );
      expectProblem(await service.send(`GET /v1/rps/${rpRef}/jwks.json`), 404, 'not-found');
    }
  });
});

/** Returns the coordinate x of the public key whose private key is the given number. */
function publicKeyOf(number: Buffer): string {
  const key = createECDH('prime256v1');
  key.setPrivateKey(number);
  return key.getPublicKey().subarray(1, 33).toString('base64url');
}
