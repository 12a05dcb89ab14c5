import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { MINUTE, SECOND } from '../../functions/domain/time.ts';
import { callFss, fssHeaders, fssKeyTypes, fssNonce, newFssKey, sendFss, signatureOf } from '../support/fss-client.ts';
import type { FssKeyType, TestFssKey } from '../support/fss-client.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let owner: SignedUp;
const keys = {} as Record<FssKeyType, TestFssKey>;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T12:00:00Z');
  owner = await service.signUp();
  await service.setLicense(owner.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  const rp = await service.newRp(owner.session);
  for (const type of fssKeyTypes) keys[type] = await newFssKey(service, owner.session, rp, type);
});
afterAll(() => service.stop());

type Headers = Record<string, string>;
const statusIn = (answer: Answer) => answer.read(z.object({ appStatus: z.string() })).appStatus;
/** The service has no such call, so it answers `NOT_FOUND` if it accepts the proof of the caller. */
const send = async (headers: Headers, body = '{}', name = 'noSuchCall') =>
  statusIn(await sendFss(service, name, body, headers));
const ACCEPTED = 'NOT_FOUND';
const REFUSED = 'UNAUTHORIZED';

let later = 0;
/** Returns a time that no earlier call of this test file has signed. */
const newTime = (offset = 0) => new Date(service.now() + offset + (later += 1)).toISOString();
const saltFor = (type: FssKeyType) => (type === 'nonce-signature' ? fssNonce(service) : Promise.resolve(newTime()));
/** Returns the headers of a call that the service accepts. */
async function good(type: FssKeyType, body = '{}'): Promise<Headers> {
  return fssHeaders(keys[type], { body, salt: await saltFor(type) });
}
const without = (headers: Headers, name: string): Headers =>
  Object.fromEntries(Object.entries(headers).filter(([header]) => header !== name));
/** Returns another text that Node decodes to the same bytes: the unused bits of the last character are not 0. */
function notCanonical(text: string): string {
  const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  const other = text.slice(0, -1) + (alphabet[alphabet.indexOf(text.at(-1) ?? '') + 1] ?? '');
  expect(Buffer.from(other, 'base64url')).toEqual(Buffer.from(text, 'base64url'));
  return other;
}

describe.each(fssKeyTypes)('a call with a key of the type %s', (type) => {
  it('is accepted', async () => {
    expect(await send(await good(type))).toBe(ACCEPTED);
    expect(statusIn(await callFss(service, keys[type], 'noSuchCall', { userId: 'YQ' }))).toBe(ACCEPTED);
  });

  it('is refused without any one of its headers, and with the same message', async () => {
    const messages = new Set<string>();
    const names = Object.keys(await good(type));
    expect(names).toHaveLength(type === 'access-key' ? 3 : 5);
    for (const name of names) {
      const headers = await good(type);
      for (const changed of [without(headers, name), { ...headers, [name]: 'x' }, { ...headers, [name]: '' }]) {
        const answer = await sendFss(service, 'noSuchCall', '{}', changed);
        expect([name, answer.status, statusIn(answer)]).toEqual([name, 200, REFUSED]);
        messages.add(answer.text);
      }
    }
    expect(messages.size).toBe(1);
  });

  it('is refused with the RP ID of another RP', async () => {
    await service.newRp(owner.session, `${type}.example.com`);
    for (const rpId of [`${type}.example.com`, 'SHOP.example.com', 'unknown.example.com']) {
      expect(await send({ ...(await good(type)), 'x-fss-rp-id': rpId })).toBe(REFUSED);
    }
  });

  it('is refused with a key of another RP, and of an RP of another customer that has the same RP ID', async () => {
    const stranger = await service.signUp();
    const same = await newFssKey(service, stranger.session, await service.newRp(stranger.session), type);
    const own = await service.newRp(owner.session, `own-${type}.example.com`);
    const other = await newFssKey(service, owner.session, own, type);
    for (const foreign of [same, other]) {
      const proof = fssHeaders(foreign, { body: '{}', salt: await saltFor(type) });
      expect(await send({ ...proof, 'x-fss-api-auth-id': keys[type].apiAuthId, 'x-fss-rp-id': keys[type].rpId })).toBe(
        REFUSED,
      );
    }
    // The other key of the same RP ID belongs to the other customer's RP.
    expect(await send(fssHeaders(same, { body: '{}', salt: await saltFor(type) }))).toBe(ACCEPTED);
  });

  it('is refused with an unknown or malformed ID of a key', async () => {
    for (const id of [`key_${'0'.repeat(20)}`, 'key_', `${keys[type].apiAuthId}0`, '#', 'RP#rp_1']) {
      expect(await send({ ...(await good(type)), 'x-fss-api-auth-id': id })).toBe(REFUSED);
    }
  });
});

describe.each(['date-signature', 'nonce-signature'] as const)('a signed call with a key of the type %s', (type) => {
  it('is refused with another body', async () => {
    const headers = await good(type, '{"userId":"YQ"}');
    expect(await send(headers, '{"userId":"Yg"}')).toBe(REFUSED);
    const ofOther = createHash('sha256').update('{"userId":"Yg"}').digest('base64url');
    expect(await send({ ...headers, 'x-fss-auth-body-hash': ofOther }, '{"userId":"Yg"}')).toBe(REFUSED);
    expect(await send(headers, '{"userId":"YQ"}')).toBe(ACCEPTED);
  });

  it('is accepted only once, even for another call, and with a signature that was changed into another right one', async () => {
    const headers = await good(type);
    expect(await send(headers)).toBe(ACCEPTED);
    expect(await send(headers)).toBe(REFUSED);
    expect(await send(headers, '{}', 'anotherCall')).toBe(REFUSED);
    expect(await send({ ...headers, 'x-fss-auth-signature': malleated(headers['x-fss-auth-signature'] ?? '') })).toBe(
      REFUSED,
    );
  });

  it('is accepted with the other right signature of a message that was not used', async () => {
    const headers = await good(type);
    const other = malleated(headers['x-fss-auth-signature'] ?? '');
    expect(await send({ ...headers, 'x-fss-auth-signature': other })).toBe(ACCEPTED);
    expect(await send(headers)).toBe(REFUSED);
  });

  it('is accepted once if 20 callers send it at the same time', async () => {
    const headers = await good(type);
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(headers)));
    expect(answers.filter((status) => status === ACCEPTED)).toHaveLength(1);
    expect(answers.filter((status) => status === REFUSED)).toHaveLength(19);
  });

  it('is refused if a text in base64url is not canonical', async () => {
    for (const name of ['x-fss-auth-body-hash', 'x-fss-auth-signature']) {
      const headers = await good(type);
      const text = headers[name] ?? '';
      for (const wrong of [notCanonical(text), `${text}=`, `${text}==`, `${text} A`, `.${text}`]) {
        expect([name, wrong, await send({ ...headers, [name]: wrong })]).toEqual([name, wrong, REFUSED]);
      }
    }
    const standard = await good(type);
    const base64 = Buffer.from(standard['x-fss-auth-body-hash'] ?? '', 'base64url').toString('base64');
    expect(await send({ ...standard, 'x-fss-auth-body-hash': base64 })).toBe(REFUSED);
  });

  it('is refused with a signature in DER, one of another length, or one of zeros', async () => {
    const headers = await good(type);
    const signature = Buffer.from(headers['x-fss-auth-signature'] ?? '', 'base64url');
    for (const wrong of [signature.subarray(1), Buffer.concat([signature, Buffer.alloc(1)]), Buffer.alloc(64)]) {
      expect(await send({ ...headers, 'x-fss-auth-signature': wrong.toString('base64url') })).toBe(REFUSED);
    }
  });

  it('is refused if it signs the hash of the body as text', async () => {
    const headers = await good(type);
    const salt = headers['x-fss-auth-request-time'] ?? headers['x-fss-auth-nonce'] ?? '';
    const content = Buffer.from(`${salt}${headers['x-fss-auth-body-hash'] ?? ''}`);
    const signature = signatureOf(keys[type].secretKey, content);
    expect(await send({ ...headers, 'x-fss-auth-signature': signature })).toBe(REFUSED);
  });

  it('of a stranger writes nothing', async () => {
    await send(await good(type)); // the service has noted the last use of the key
    const before = await service.dump();
    const headers = await good(type);
    await send({ ...headers, 'x-fss-auth-signature': Buffer.alloc(64, 1).toString('base64url') });
    await send({ ...headers, 'x-fss-rp-id': 'unknown.example.com' });
    expect(await service.dump()).toEqual(before);
  });
});

/** Returns the signature (r, n − s), which is right too. */
function malleated(signature: string): string {
  const n = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;
  const bytes = Buffer.from(signature, 'base64url');
  const s = n - BigInt(`0x${bytes.subarray(32).toString('hex')}`);
  return Buffer.concat([bytes.subarray(0, 32), Buffer.from(s.toString(16).padStart(64, '0'), 'hex')]).toString(
    'base64url',
  );
}

describe('the time of a call', () => {
  const at = (time: string) => send(fssHeaders(keys['date-signature'], { body: '{}', salt: time }));

  it('may be up to 2 minutes before or after the time of the service', async () => {
    // The test's clock may be some milliseconds ahead of the service's.
    expect(await at(newTime(2 * MINUTE - SECOND))).toBe(ACCEPTED);
    expect(await at(newTime(-2 * MINUTE + SECOND))).toBe(ACCEPTED);
    expect(await at(newTime(2 * MINUTE + SECOND))).toBe(REFUSED);
    expect(await at(newTime(-2 * MINUTE - SECOND))).toBe(REFUSED);
  });

  it('may have another time zone, and none or many digits of a second', async () => {
    const utc = newTime();
    expect(await at(utc.replace(/\.\d+Z$/, 'Z'))).toBe(ACCEPTED);
    expect(await at(utc.replace('Z', '123Z'))).toBe(ACCEPTED);
    const local = new Date(Date.parse(utc) + 9 * 60 * MINUTE).toISOString().replace('Z', '+09:00');
    expect(await at(local)).toBe(ACCEPTED);
    expect(await at(new Date(Date.parse(utc)).toISOString().replace('Z', '+09:00'))).toBe(REFUSED);
  });

  it('must be in ISO 8601', async () => {
    const time = service.now();
    for (const wrong of [String(time), new Date(time).toUTCString(), new Date(time).toISOString().slice(0, -1), '']) {
      expect([wrong, await at(wrong)]).toEqual([wrong, REFUSED]);
    }
  });

  it('keeps a call from being repeated as long as the time is accepted', async () => {
    const time = newTime(2 * MINUTE - SECOND);
    expect(await at(time)).toBe(ACCEPTED);
    for (let minutes = 0; minutes < 6; minutes += 1) {
      await service.pass(MINUTE);
      expect(await at(time)).toBe(REFUSED);
    }
  });
});

describe('a nonce', () => {
  const key = () => keys['nonce-signature'];
  const withNonce = (nonce: string, body = '{}', by = key()) => send(fssHeaders(by, { body, salt: nonce }), body);

  it('needs no authentication, and is another one each time', async () => {
    const before = await service.dump();
    const nonces = await Promise.all(Array.from({ length: 20 }, () => fssNonce(service)));
    expect(new Set(nonces).size).toBe(20);
    expect(await service.dump()).toEqual(before);
  });

  it('is used up by one call, with whatever body', async () => {
    const nonce = await fssNonce(service);
    expect(await withNonce(nonce, '{"userId":"YQ"}')).toBe(ACCEPTED);
    expect(await withNonce(nonce, '{"userId":"Yg"}')).toBe(REFUSED);
  });

  it('is used by one of 20 callers with different bodies at the same time', async () => {
    const nonce = await fssNonce(service);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => withNonce(nonce, `{"a":${index}}`)));
    expect(answers.filter((status) => status === ACCEPTED)).toHaveLength(1);
  });

  it('is not used up by a call that is refused', async () => {
    const nonce = await fssNonce(service);
    expect(await withNonce(nonce, '{}', { ...key(), rpId: 'unknown.example.com' })).toBe(REFUSED);
    expect(await withNonce(nonce)).toBe(ACCEPTED);
  });

  it('lasts 2 minutes', async () => {
    const [first, second] = [await fssNonce(service), await fssNonce(service)];
    await service.pass(2 * MINUTE - SECOND);
    expect(await withNonce(first)).toBe(ACCEPTED);
    await service.pass(2 * SECOND);
    expect(await withNonce(second)).toBe(REFUSED);
    await service.pass(5 * MINUTE);
    expect(await withNonce(first)).toBe(REFUSED);
  });

  it('is refused if the service did not create it', async () => {
    const nonce = await fssNonce(service);
    const bytes = Buffer.from(nonce, 'base64url');
    const forged = [0, 6, 22, bytes.length - 1].map((at) => {
      const changed = Buffer.from(bytes);
      changed[at] = (changed[at] ?? 0) ^ 1;
      return changed.toString('base64url');
    });
    for (const wrong of [...forged, nonce.slice(0, -4), `${nonce}AAAA`, `${nonce}=`, `${nonce}.`, '', 'nonce']) {
      expect([wrong, await withNonce(wrong)]).toEqual([wrong, REFUSED]);
    }
    expect(await withNonce(nonce)).toBe(ACCEPTED);
  });
});
