import { createPrivateKey, createPublicKey } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { listApiKeysContract } from '../../functions/contract/rps.ts';
import { SECOND } from '../../functions/domain/time.ts';
import { callFss, fssHeaders, fssKeyTypes, newFssKey, sendFss, type TestFssKey } from '../support/fss-client.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let owner: SignedUp;
let rp: { id: string; rpId: string };
beforeAll(async () => {
  service = await startTestService();
  owner = await service.signUp();
  rp = await service.newRp(owner.session);
});
afterAll(() => service.stop());

const statusOf = async (answer: ReturnType<typeof sendFss>) =>
  (await answer).read(z.object({ appStatus: z.string() })).appStatus;
/** A call that does not exist, with a proof that the service accepts, is `NOT_FOUND`. */
const ACCEPTED = 'NOT_FOUND';
const REFUSED = 'UNAUTHORIZED';

describe('a new API key', () => {
  it('is a bearer key by default, as before', async () => {
    const created = await service.send(`POST /v1/rps/${rp.id}/api-keys`, { as: owner.session, body: { name: 'A' } });
    expect(created.status).toBe(201);
    expect(created.body).toMatchObject({ type: 'bearer', apiKey: expect.stringMatching(/^fido2_/) as string });
    expect(Object.keys(created.body as object).sort()).toEqual(
      ['apiKey', 'createdAt', 'createdBy', 'keyId', 'lastUsedAt', 'name', 'type'].sort(),
    );
  });

  it.each(fssKeyTypes)('of the type %s shows its secret only once, and the table does not contain it', async (type) => {
    const key = await newFssKey(service, owner.session, rp, type);
    expect(key.apiAuthId).toBe(key.keyId);
    const list = await service.send(`GET /v1/rps/${rp.id}/api-keys`, { as: owner.session });
    const { items } = list.read(listApiKeysContract.answer.body);
    expect(items.find(({ keyId }) => keyId === key.keyId)).toMatchObject({ type, name: `FSS ${type}` });
    expect(list.text).not.toContain(key.secretKey);
    const dump = JSON.stringify(await service.dump());
    expect(dump).toContain(key.keyId);
    expect(dump).not.toContain(key.secretKey);
    expect(service.loggedText()).not.toContain(key.secretKey);
  });

  it.each(fssKeyTypes.slice(1))('of the type %s has a private key on P-256 of its own', async (type) => {
    const keys = [await newFssKey(service, owner.session, rp, type), await newFssKey(service, owner.session, rp, type)];
    const publicKeys = keys.map(({ secretKey }) => {
      const privateKey = createPrivateKey({ key: Buffer.from(secretKey, 'base64url'), format: 'der', type: 'pkcs8' });
      expect(privateKey.asymmetricKeyDetails).toEqual({ namedCurve: 'prime256v1' });
      return createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).toString('base64url');
    });
    expect(publicKeys[0]).not.toBe(publicKeys[1]);
    const dump = JSON.stringify(await service.dump());
    for (const publicKey of publicKeys) expect(dump).toContain(publicKey);
  });

  it('of an unknown type is refused', async () => {
    const body = { name: 'A', type: 'basic' };
    const answer = await service.send(`POST /v1/rps/${rp.id}/api-keys`, { as: owner.session, body });
    expect([answer.status, answer.body]).toMatchObject([
      400,
      { errors: [{ pointer: '#/type', code: 'unknown-value' }] },
    ]);
  });

  it('of each type counts to the maximum of an RP', async () => {
    const { session } = await service.signUp();
    const { id } = await service.newRp(session, 'many.example.com');
    for (let made = 0; made < 25; made += 1) {
      await newFssKey(service, session, { id, rpId: 'many.example.com' }, fssKeyTypes[made % 3] ?? 'access-key');
    }
    const body = { name: 'A', type: 'access-key' };
    expect((await service.send(`POST /v1/rps/${id}/api-keys`, { as: session, body })).status).toBe(403);
  });
});

describe.each(fssKeyTypes)('a key of the type %s', (type) => {
  let key: TestFssKey;
  let session: string;
  let path: string;
  beforeAll(async () => {
    ({ session } = await service.signUp());
    const own = await service.newRp(session, 'types.example.com');
    path = `/v1/rps/${own.id}/api-keys`;
    key = await newFssKey(service, session, own, type);
  });

  it('authenticates calls in the FSS format, and shows when it was used', async () => {
    expect(await statusOf(callFss(service, key, 'noSuchCall', {}))).toBe(ACCEPTED);
    const keys = await service.send(`GET ${path}`, { as: session });
    expect(keys.read(listApiKeysContract.answer.body).items[0]?.lastUsedAt).not.toBeNull();
  });

  it('is no bearer key, whatever a caller makes of it', async () => {
    const id = key.keyId.slice('key_'.length);
    const secret = key.secretKey.replace(/^fss_/, '');
    for (const as of [secret, key.secretKey, `fido2_${id}_${secret}`, `fido2_${id}_${secret.slice(0, 43)}`]) {
      expect((await service.send('GET /v1/rp', { as })).status).toBe(401);
    }
  });

  it.each(fssKeyTypes.filter((other) => other !== type))('is not accepted as a key of the type %s', async (other) => {
    const asOther: TestFssKey = { ...key, type: other };
    // A secret of an access key is no private key, so such a caller signs with another key of the type.
    const signing = type === 'access-key' ? await keyLike(other) : key;
    const salt = new Date(service.now()).toISOString();
    const headers: Record<string, string> = {
      ...fssHeaders({ ...signing, type: other }, { body: '{}', salt }),
      'x-fss-rp-id': key.rpId,
    };
    headers['x-fss-api-auth-id'] = asOther.apiAuthId;
    expect(await statusOf(sendFss(service, 'noSuchCall', '{}', headers))).toBe(REFUSED);
  });

  it('is refused 10 seconds after it was deleted', async () => {
    expect(await statusOf(callFss(service, key, 'noSuchCall', {}))).toBe(ACCEPTED);
    expect((await service.send(`DELETE ${path}/${key.keyId}`, { as: session })).status).toBe(204);
    await service.pass(10 * SECOND);
    expect(await statusOf(callFss(service, key, 'noSuchCall', {}))).toBe(REFUSED);
  });
});

async function keyLike(type: TestFssKey['type']): Promise<TestFssKey> {
  const { session } = await service.signUp();
  return newFssKey(service, session, await service.newRp(session, 'like.example.com'), type);
}

describe('a bearer key', () => {
  it('is no key of the FSS format', async () => {
    const { keyId, apiKey } = await service.newApiKey(owner.session, rp.id);
    const head = { 'x-fss-rp-id': rp.rpId, 'x-fss-api-auth-id': keyId };
    for (const secret of [apiKey, apiKey.slice(-43), `fss_${apiKey.slice(-43)}`]) {
      const headers = { ...head, 'x-fss-auth-access-key': secret };
      expect(await statusOf(sendFss(service, 'noSuchCall', '{}', headers))).toBe(REFUSED);
    }
    const bearer = { ...head, authorization: `Bearer ${apiKey}` };
    expect(await statusOf(sendFss(service, 'noSuchCall', '{}', bearer))).toBe(REFUSED);
    expect((await service.send('GET /v1/rp', { as: apiKey })).status).toBe(200);
  });
});
