import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createOperatorSessionContract,
  getOperatorSessionContract,
  requestOperatorPasskeyOptionsContract,
  requestOperatorSessionOptionsContract,
} from '../../functions/contract/operators.ts';
import { requestSessionOptionsContract } from '../../functions/contract/sessions.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { usePasskey, type Deviations } from '../support/fido2/authenticator.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import {
  addOperator,
  createOperatorPasskey,
  newOperator,
  operatorAnswerWith,
  signInOperator,
  type TestOperator,
} from '../support/operators.ts';
import { startTestService, type TestService } from '../support/service.ts';

const CURRENT = '/v1/operator/sessions/current';
const DEVIATIONS: readonly (readonly [what: string, Deviations])[] = [
  ['another origin', { origin: 'https://evil.example' }],
  ['another RP ID', { rpId: 'evil.example' }],
  ['a challenge that was never issued', { challenge: 'A'.repeat(43) }],
  ['no proof of user presence', { isUserPresent: false }],
  ['no proof of user verification', { isUserVerified: false }],
  ['crossOrigin: true', { crossOrigin: true }],
];

let service: TestService;
let olga: TestOperator;
const signIn = (passkey: unknown) => service.send('POST /v1/operator/sessions', { body: { passkey } });
const statusOf = async (as: string) => (await service.send(`GET ${CURRENT}`, { as })).status;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  olga = await newOperator(service);
});
afterAll(() => service.stop());

/** Expects that a request changes nothing in the table. */
async function expectUnchanged(request: () => Promise<void>) {
  const before = await service.dump();
  await request();
  expect(await service.dump()).toEqual(before);
}

describe('the sign-in of an operator', () => {
  it('begins with options that name no operator', async () => {
    const answer = await service.send('POST /v1/operator/sessions/options');
    expect(answer.read(requestOperatorSessionOptionsContract.answer.body)).toEqual({
      rpId: new URL(service.origin).hostname,
      challenge: expect.stringMatching(/^[\w-]{43}$/) as string,
      timeout: 300_000,
      userVerification: 'required',
    });
  });

  it('creates a session of 12 hours in a cookie of its own, and logs the operator', async () => {
    const answer = await signIn(await operatorAnswerWith(service, olga.passkey));
    expect(answer.status).toBe(201);
    const { sessionToken, expiresAt, operator } = answer.read(createOperatorSessionContract.answer.body);
    expect(sessionToken).toMatch(/^ops_[\w-]{43}$/);
    expect(operator).toEqual({ id: olga.id, name: 'Olga Ota', email: olga.email });
    expect(answer.headers.getSetCookie()).toEqual([
      service.sessionCookie(sessionToken, 43_200, service.operatorCookieName),
    ]);
    const read = await service.send(`GET ${CURRENT}`, {
      headers: { cookie: `${service.operatorCookieName}=${sessionToken}` },
    });
    const session = read.read(getOperatorSessionContract.answer.body);
    expect(session).toMatchObject({ expiresAt, operator });
    expect(Date.parse(expiresAt) - Date.parse(session.signedInAt)).toBe(12 * HOUR);
    const lines = service.logged.filter(({ fields }) => fields['operatorId'] === olga.id);
    expect(lines.map(({ message, fields }) => [message, fields['route']])).toEqual([
      ['signed in', 'create-operator-session'],
      ['request', 'get-operator-session'],
    ]);
    expect(lines[0]?.fields).toMatchObject({ method: 'passkey', ipAddress: '127.0.0.1' });
    expect(lines[0]?.fields).not.toHaveProperty('customerId');
  });

  it.each([
    ...DEVIATIONS,
    ['no user handle', { userHandle: null }],
    ['a user handle that nobody has', { userHandle: Buffer.from('nobody').toString('base64url') }],
    ['the ID of no operator', { userHandle: Buffer.from(`opr_${'0'.repeat(20)}`).toString('base64url') }],
  ] as const)('is refused in the same words, and changes nothing, with %s', async (_, deviations) => {
    const { challenge } = (await service.send('POST /v1/operator/sessions/options')).read(
      requestOperatorSessionOptionsContract.answer.body,
    );
    await expectUnchanged(async () => {
      const refused = await signIn(usePasskey(service.origin, olga.passkey, { challenge }, deviations));
      expectProblem(refused, 401, 'unauthenticated');
      expect(refused.body).toMatchObject({ detail: 'The passkey was not accepted. Try again, or ask for a new link.' });
      expect(refused.headers.getSetCookie()).toEqual([]);
    });
    expect((await signIn(usePasskey(service.origin, olga.passkey, { challenge }))).status).toBe(201);
  });

  it('is refused with a response that was used already', async () => {
    const response = await operatorAnswerWith(service, olga.passkey);
    expect((await signIn(response)).status).toBe(201);
    expectProblem(await signIn(response), 401, 'unauthenticated');
  });

  it('is refused after 5 minutes', async () => {
    const response = await operatorAnswerWith(service, olga.passkey);
    await service.pass(5 * MINUTE);
    expectProblem(await signIn(response), 401, 'unauthenticated');
  });

  it('is refused with the passkey of another operator under the own user handle', async () => {
    const other = await newOperator(service);
    const response = await operatorAnswerWith(service, olga.passkey, { userHandle: other.passkey.userHandle });
    expectProblem(await signIn(response), 401, 'unauthenticated');
  });

  it('is refused with the passkey of an administrator, and that of an administrator with an operator’s', async () => {
    const alice = await service.signUp();
    const { passkey } = await service.addPasskey(alice.session);
    // Each passkey signs the challenge of the other kind of sign-in, and of its own.
    const ofOperators = await operatorAnswerWith(service, passkey);
    const ofAdministrators = await service.answerWith(olga.passkey);
    for (const response of [ofOperators, await service.answerWith(passkey)])
      expectProblem(await signIn(response), 401, 'unauthenticated');
    for (const response of [ofAdministrators, await operatorAnswerWith(service, olga.passkey)])
      expectProblem(await service.send('POST /v1/sessions', { body: { passkey: response } }), 401, 'unauthenticated');
    // Even the right passkey cannot use the challenge of the other kind of sign-in.
    const { challenge } = (await service.send('POST /v1/sessions/options')).read(
      requestSessionOptionsContract.answer.body,
    );
    expectProblem(await signIn(usePasskey(service.origin, olga.passkey, { challenge })), 401, 'unauthenticated');
  });
});

describe('the session of an operator', () => {
  it('ends after 36 minutes without use, and 12 hours after the sign-in', async () => {
    const idle = await signInOperator(service, olga.passkey);
    await service.pass(36 * MINUTE);
    expect(await statusOf(idle)).toBe(401);

    const used = await signInOperator(service, olga.passkey);
    for (let passed = 25 * MINUTE; passed < 12 * HOUR; passed += 25 * MINUTE) {
      await service.pass(25 * MINUTE);
      expect(await statusOf(used)).toBe(200);
    }
    await service.pass(25 * MINUTE);
    expect(await statusOf(used)).toBe(401);
  });

  it('ends at once when the operator signs out, and the cookie too', async () => {
    const [session, other] = [await signInOperator(service, olga.passkey), await signInOperator(service, olga.passkey)];
    const answer = await service.send(`DELETE ${CURRENT}`, { as: session });
    expect(answer.status).toBe(204);
    expect(answer.headers.getSetCookie()).toEqual([service.sessionCookie('', 0, service.operatorCookieName)]);
    expect([await statusOf(session), await statusOf(other)]).toEqual([401, 200]);
    const [change] = service.logged.filter(({ fields }) => fields['what'] === 'operator-session');
    expect(change?.fields).toMatchObject({ actor: { operatorId: olga.id }, before: { operatorId: olga.id } });
  });

  it('is refused in a cookie when another origin sends the request', async () => {
    const cookie = `${service.operatorCookieName}=${await signInOperator(service, olga.passkey)}`;
    const sent = (headers: Record<string, string>) =>
      service.send(`GET ${CURRENT}`, { headers: { cookie, ...headers } });
    for (const origin of ['https://evil.example', 'http://localhost:1', 'null'])
      expectProblem(await sent({ origin }), 403, 'forbidden');
    expect((await sent({ origin: service.origin })).status).toBe(200);
  });
});

describe('registering the passkey of an operator', () => {
  it('requires user verification and a discoverable passkey, whose name says that it is an operator’s', async () => {
    const { id, email, token } = await addOperator(service);
    const options = await service.send('POST /v1/operator/passkeys/options', { body: { token } });
    expect(options.read(requestOperatorPasskeyOptionsContract.answer.body)).toMatchObject({
      user: {
        id: Buffer.from(id).toString('base64url'),
        name: `${email} (operator)`,
        displayName: 'Olga Ota (operator)',
      },
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
      excludeCredentials: [],
    });
  });

  it('answers with the operator, opens no session, and logs the change', async () => {
    const { id, email, token } = await addOperator(service);
    const { response } = await createOperatorPasskey(service, token);
    const answer = await service.send('POST /v1/operator/passkeys', { body: { token, passkey: response } });
    expect([answer.status, answer.body]).toEqual([201, { id, email, name: 'Olga Ota' }]);
    expect(answer.headers.getSetCookie()).toEqual([]);
    const change = service.logged.findLast(({ fields }) => fields['what'] === 'operator-passkey');
    expect(change?.fields).toMatchObject({ actor: { operatorId: id }, after: { operatorId: id } });
  });

  it.each(DEVIATIONS)('is refused, and leaves the link usable, with %s', async (_, deviations) => {
    const { token } = await addOperator(service);
    const { response } = await createOperatorPasskey(service, token, deviations);
    await expectUnchanged(async () => {
      const answer = await service.send('POST /v1/operator/passkeys', { body: { token, passkey: response } });
      expectProblem(answer, 400, 'validation');
    });
    const { response: right } = await createOperatorPasskey(service, token);
    const answer = await service.send('POST /v1/operator/passkeys', { body: { token, passkey: right } });
    expect(answer.status).toBe(201);
  });

  it('is refused with the challenge of another operator, and without a valid link', async () => {
    const [one, other] = [await addOperator(service), await addOperator(service)];
    const { response } = await createOperatorPasskey(service, other.token);
    const register = (token: string) =>
      service.send('POST /v1/operator/passkeys', { body: { token, passkey: response } });
    expectProblem(await register(one.token), 400, 'validation', '#/passkey/response/clientDataJSON');
    const alice = await service.signUp();
    await service.send('POST /v1/sign-in-links', { body: { email: alice.email } });
    for (const token of [`opl_${'x'.repeat(43)}`, 'x', await service.linkTo(alice.email)])
      expectProblem(await register(token), 401, 'unauthenticated');
    expectProblem(await service.send('POST /v1/sessions', { body: { token: one.token } }), 401, 'unauthenticated');
  });
});
