import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  createFido2Client,
  type AuthenticationToBegin,
  type BegunAuthentication,
  type Fido2Client,
} from 'fido2-server-service-sdk';
import { usePasskey, type SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

const SECOND = 1_000;

let service: TestService;
let rp: TestRp;
let fido2: Fido2Client;
let passkey: SoftPasskey;
beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
  fido2 = clientOf(rp.apiKey);
  ({ passkey } = await rp.register({ userId: 'carol' }));
});
// The SDK reads the real clock.
beforeEach(() => service.setClock(Date.now()));
afterAll(() => service.stop());

function clientOf(apiKey: string, { rpId } = rp): Fido2Client {
  return createFido2Client({ apiKey, baseUrl: service.url, rpId });
}
/** Lets the passkey answer the options of an authentication. Returns the body that ends it. */
const respond = ({ ceremony, options }: BegunAuthentication) => ({
  ceremony,
  response: usePasskey(rp.origin, passkey, options),
});
const begin = (wish?: AuthenticationToBegin) => respond(fido2.beginAuthentication(wish));
const codeOf = (call: Promise<unknown>) =>
  call.then(
    () => 'accepted',
    (error: unknown) => (error as { code: string }).code,
  );
/** Returns the routes of the requests that the gateway has passed on during an action. */
async function requestsIn(action: () => Promise<unknown>) {
  const before = service.logged.length;
  await action();
  const lines = service.logged.slice(before).filter(({ message }) => message === 'request');
  return lines.map(({ fields }) => fields['route']);
}

describe('a sign-in', () => {
  it('takes one request if the SDK begins it, and two if the service does', async () => {
    expect(await requestsIn(() => fido2.authenticateUser(begin()))).toEqual(['authenticate-user']);
    expect(
      await requestsIn(async () => fido2.authenticateUser(respond(await fido2.requestAuthenticationOptions()))),
    ).toEqual(['request-authentication-options', 'authenticate-user']);
  });

  it('that the SDK begins signs the user in, and counts the user', async () => {
    const { passkey: phone } = await rp.register({ userId: 'dave' });
    const { ceremony, options } = fido2.beginAuthentication({ userVerification: 'required' });
    const ended = await fido2.authenticateUser({ ceremony, response: usePasskey(rp.origin, phone, options) });

    expect(ended).toMatchObject({
      user: { userId: 'dave' },
      userVerified: true,
      operation: { status: 'already-counted' },
    });
  });

  it('that the SDK begins for autofill is accepted until its end', async () => {
    const [early, late] = [begin({ mediation: 'conditional' }), begin({ mediation: 'conditional' })];
    await service.pass(480 * SECOND);
    expect(await codeOf(fido2.authenticateUser(early))).toBe('accepted');
    await service.pass(75 * SECOND);
    expect(await codeOf(fido2.authenticateUser(late))).toBe('ceremony-expired');
  });

  it('requires the user verification with which the SDK began it', async () => {
    const { ceremony, options } = fido2.beginAuthentication({ userVerification: 'required' });
    const response = usePasskey(rp.origin, passkey, options, { isUserVerified: false });

    expect(await codeOf(fido2.authenticateUser({ ceremony, response }))).toBe('user-verification-required');
  });
});

describe('a ceremony of the SDK', () => {
  it('is refused the second time', async () => {
    const body = begin();
    expect(await codeOf(fido2.authenticateUser(body))).toBe('accepted');
    expect(await codeOf(fido2.authenticateUser(body))).toBe('ceremony-used');
  });

  it('is accepted until its end, and refused after it', async () => {
    const [early, late] = [begin(), begin()];
    await service.pass(300 * SECOND);
    expect(await codeOf(fido2.authenticateUser(early))).toBe('accepted');
    await service.pass(75 * SECOND);
    expect(await codeOf(fido2.authenticateUser(late))).toBe('ceremony-expired');
  });

  it('is refused if it ends more than 600 seconds ahead, because the clock of the server is wrong', async () => {
    await service.setClock(Date.now() - 50 * SECOND);
    expect(await codeOf(fido2.authenticateUser(begin({ timeoutSeconds: 540 })))).toBe('ceremony-invalid');
    // With less time, or for autofill, the clock may be a minute ahead.
    expect(await codeOf(fido2.authenticateUser(begin({ timeoutSeconds: 480 })))).toBe('accepted');
    expect(await codeOf(fido2.authenticateUser(begin({ mediation: 'conditional' })))).toBe('accepted');
    await service.setClock(Date.now() - 90 * SECOND);
    expect(await codeOf(fido2.authenticateUser(begin()))).toBe('ceremony-invalid');
  });

  it('is refused for another RP, even with the same RP ID', async () => {
    const other = await newTestRp(service, { rpId: rp.rpId });
    expect(await codeOf(clientOf(other.apiKey).authenticateUser(begin()))).toBe('ceremony-invalid');
  });

  it('ends with another API key of the RP, until the API key that began it is deleted', async () => {
    const { keyId, apiKey } = await service.newApiKey(rp.owner.session, rp.rpRef);
    const old = clientOf(apiKey);
    const [before, after] = [respond(old.beginAuthentication()), respond(old.beginAuthentication())];
    expect(await codeOf(fido2.authenticateUser(before))).toBe('accepted');

    await service.send(`DELETE /v1/rps/${rp.rpRef}/api-keys/${keyId}`, { as: rp.owner.session });
    await service.pass(15 * SECOND);
    expect(await codeOf(fido2.authenticateUser(after))).toBe('ceremony-invalid');
    expect(await codeOf(old.authenticateUser(after))).toBe('unauthenticated');
  });

  it('needs the context with which it began', async () => {
    const body = begin({ context: 'Zahlung 4711 über 5 €' });
    expect(await codeOf(fido2.authenticateUser(body))).toBe('ceremony-invalid');
    expect(await codeOf(fido2.authenticateUser({ ...body, context: 'Zahlung 4712' }))).toBe('ceremony-invalid');
    expect(await codeOf(fido2.authenticateUser({ ...body, context: 'Zahlung 4711 über 5 €' }))).toBe('accepted');
  });

  it.each([0, 1, 21, 27, 29, 30, 62, 125])('is refused if its byte %i was changed', async (index) => {
    const body = begin();
    const bytes = Buffer.from(body.ceremony, 'base64url');
    bytes.writeUInt8(bytes.readUInt8(index) ^ 1, index);

    expect(await codeOf(fido2.authenticateUser({ ...body, ceremony: bytes.toString('base64url') }))).toBe(
      'ceremony-invalid',
    );
  });

  it('begins no registration', async () => {
    const { body } = await rp.create({ userId: 'carol' });
    const end = { ...body, ceremony: fido2.beginAuthentication().ceremony };

    expect(await codeOf(fido2.registerCredential(end as Parameters<typeof fido2.registerCredential>[0]))).toBe(
      'ceremony-invalid',
    );
  });
});
