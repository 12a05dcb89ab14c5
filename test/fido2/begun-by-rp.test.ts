import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { beginByRp, type BegunByRp } from '../support/fido2/begun-by-rp.ts';
import { newTestRp, outcomes, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

const NOW = Date.parse('2026-11-02T09:00:00Z');
const SECOND = 1_000;

let service: TestService;
let rp: TestRp;
let passkey: SoftPasskey;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:59:00Z');
  rp = await newTestRp(service);
  ({ passkey } = await rp.register({ userId: 'ann' }));
});
afterAll(() => service.stop());
beforeEach(() => service.setClock(new Date(NOW).toISOString()));

/** Begins a ceremony without a call, and lets the authenticator respond. */
function use(given: Partial<BegunByRp> = {}) {
  const begun = beginByRp({ apiKey: rp.apiKey, rpId: rp.rpId, begin: NOW, ...given });
  const response = usePasskey(rp.origin, passkey, begun.options);
  return { ...begun, body: { ceremony: begun.ceremony, response } };
}
const end = async (body: object, apiKey = rp.apiKey) =>
  outcomes([await service.send('POST /v1/rp/authentications', { as: apiKey, body })]);
const ACCEPTED = { '200': 1 };
const INVALID = { '400 ceremony-invalid': 1 };

describe('an authentication that the server of an RP begins', () => {
  it('is accepted once if 20 callers send the response', async () => {
    const { body } = use();
    const answers = await Promise.all(Array.from({ length: 20 }, () => rp.end('authentications', body)));
    expect(outcomes(answers)).toEqual({ '200': 1, '409 ceremony-used': 19 });
  });

  it('gets the same answer again with the same Idempotency-Key', async () => {
    const { body } = use();
    const headers = { 'idempotency-key': 'again' };
    const answers = [await rp.end('authentications', body, headers), await rp.end('authentications', body, headers)];
    expect(outcomes(answers)).toEqual({ '200': 2 });
  });

  it('does not accept the response of an earlier ceremony with the same random bytes', async () => {
    const random = Buffer.alloc(32, 7);
    const change = (signed: Buffer) => random.copy(signed, 30);
    const earlier = use({ change, lasts: 60 });
    expect(await end(earlier.body)).toEqual(ACCEPTED);
    // The service has forgotten the challenge of the earlier ceremony after the next sign-in.
    const later = NOW + 20 * 60 * SECOND;
    await service.setClock(new Date(later).toISOString());
    expect(await end(use({ begin: later }).body)).toEqual(ACCEPTED);
    const again = use({ change, begin: later });
    expect(await end({ ...again.body, response: earlier.body.response })).toEqual({ '400 response-invalid': 1 });
  });

  it('is refused after its end, and accepted just before', async () => {
    const [late, early] = [use({ lasts: 300 }), use({ lasts: 300 })];
    await service.setClock(new Date(NOW + 301 * SECOND).toISOString());
    expect(await end(late.body)).toEqual({ '400 ceremony-expired': 1 });
    await service.setClock(new Date(NOW + 295 * SECOND).toISOString());
    expect(await end(early.body)).toEqual(ACCEPTED);
  });

  it('is refused if it ends more than 600 seconds ahead', async () => {
    expect(await end(use({ lasts: 600 }).body)).toEqual(ACCEPTED);
    expect(await end(use({ begin: NOW + 5 * SECOND, lasts: 600 }).body)).toEqual(INVALID);
    // Even when the rest of a longer ceremony is less than 600 seconds.
    expect(await end(use({ begin: NOW - 300 * SECOND, lasts: 601 }).body)).toEqual(INVALID);
  });

  it('is refused if it begins more than a minute ahead', async () => {
    expect(await end(use({ begin: NOW + 60 * SECOND, lasts: 60 }).body)).toEqual(ACCEPTED);
    expect(await end(use({ begin: NOW + 65 * SECOND, lasts: 60 }).body)).toEqual(INVALID);
  });

  it('needs the context with which it began, and only then', async () => {
    const bound = use({ context: 'cart 7' });
    expect(await end(bound.body)).toEqual(INVALID);
    expect(await end({ ...bound.body, context: 'cart 8' })).toEqual(INVALID);
    expect(await end({ ...use().body, context: 'cart 7' })).toEqual(INVALID);
    expect(await end({ ...bound.body, context: 'cart 7' })).toEqual(ACCEPTED);
  });

  it('is refused with any changed byte, and with a byte more or less', async () => {
    const { bytes, body } = use();
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed.writeUInt8(changed.readUInt8(index) ^ 1, index);
      expect(await end({ ...body, ceremony: changed.toString('base64url') }), `byte ${index}`).toEqual(INVALID);
    }
    for (const text of [bytes.subarray(0, -1), Buffer.concat([bytes, Buffer.of(0)]), bytes.subarray(0, 1)]) {
      expect(await end({ ...body, ceremony: text.toString('base64url') })).toEqual(INVALID);
    }
    expect(await end(body)).toEqual(ACCEPTED);
  });

  it('needs a known value for the user verification', async () => {
    expect(await end(use({ userVerification: 3 }).body)).toEqual(INVALID);
  });

  it('cannot ask for less user verification than the settings of the RP', async () => {
    const strict = await newTestRp(service);
    await service.send(`PATCH /v1/rps/${strict.rpRef}`, {
      as: strict.owner.session,
      body: { settings: { userVerification: 'required' } },
    });
    const user = await strict.register({ userId: 'bob' });
    const { ceremony, options } = beginByRp({ apiKey: strict.apiKey, rpId: strict.rpId, begin: NOW });
    const response = usePasskey(strict.origin, user.passkey, options, { isUserVerified: false });
    expect(await end({ ceremony, response }, strict.apiKey)).toEqual({ '403 user-verification-required': 1 });
  });

  it('does not begin a registration', async () => {
    const { ceremony } = use();
    const created = await rp.create({ userId: 'ann' });
    const answer = await rp.end('registrations', { ...created.body, ceremony });
    expect(outcomes([answer])).toEqual(INVALID);
  });

  it('ends with another API key of the RP until the first API key is deleted', async () => {
    const first = await service.newApiKey(rp.owner.session, rp.rpRef);
    const [one, two, three] = [use(first), use(first), use(first)];
    expect(await end(one.body)).toEqual(ACCEPTED);
    await service.send(`DELETE /v1/rps/${rp.rpRef}/api-keys/${first.keyId}`, { as: rp.owner.session });
    // A process may remember the API key for 10 seconds.
    await service.setClock(new Date(NOW + 15 * SECOND).toISOString());
    expect(await end(two.body)).toEqual(INVALID);
    expect(await end(three.body, first.apiKey)).toEqual({ '401 unauthenticated': 1 });
  });

  it('is refused for another RP, even of the same customer and with the same RP ID', async () => {
    const { body } = use();
    const sibling = await service.newRp(rp.owner.session, 'other.example.com');
    const keys = [
      (await service.newApiKey(rp.owner.session, sibling.id)).apiKey,
      (await newTestRp(service, { rpId: rp.rpId })).apiKey,
    ];
    for (const apiKey of keys) expect(await end(body, apiKey)).toEqual(INVALID);
    expect(await end(body)).toEqual(ACCEPTED);
  });

  it('is refused when another API key has signed it', async () => {
    const other = await service.newApiKey(rp.owner.session, rp.rpRef);
    const own = beginByRp({ ...other, rpId: rp.rpId, begin: NOW }).bytes;
    const change = (signed: Buffer) => own.copy(signed, 1, 1, 21);
    expect(await end(use({ change }).body)).toEqual(INVALID);
  });

  it('is refused when its API key is unknown or has another type', async () => {
    const body = { name: 'FSS', type: 'access-key' };
    const made = await service.send(`POST /v1/rps/${rp.rpRef}/api-keys`, { as: rp.owner.session, body });
    const { keyId } = made.body as { keyId: string };
    for (const id of ['0'.repeat(20), 'Ä'.repeat(20), keyId.slice('key_'.length)]) {
      const change = (signed: Buffer) => Buffer.from(id, 'latin1').copy(signed, 1);
      expect(await end(use({ change }).body), id).toEqual(INVALID);
    }
  });

  it('signs the user in and counts the user', async () => {
    // The session of the customer has ended then.
    await service.setClock('2026-12-02T09:00:00Z');
    const { body } = use({ begin: Date.parse('2026-12-02T09:00:00Z') });
    const answer = await rp.end('authentications', body);
    expect([answer.status, answer.body]).toMatchObject([
      200,
      { user: { userId: 'ann' }, userVerified: true, operation: { month: '2026-12', status: 'counted' } },
    ]);
  });
});
