import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { callFss, fssHeaders, newFssKey, sendFss, type TestFssKey } from '../support/fss-client.ts';
import { createPasskey } from '../support/fido2/authenticator.ts';
import { fssUserIdOf, performFssWith } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';
import type { Fault } from '../support/table-faults.ts';
import { injectFaults, throttling } from '../support/table-faults.ts';

let service: TestService;
let key: TestFssKey;
let fault: Fault | undefined;
/** The commands to which `fault` applies. */
let faulty = /./;
const MAX_BODY = 1024 * 1024;
beforeAll(async () => {
  service = await startTestService({
    onTableOpen: (name, table) => {
      if (name === 'fss') injectFaults(table, ({ command }) => (faulty.test(command) ? fault : undefined));
    },
  });
  const { session } = await service.signUp();
  key = await newFssKey(service, session, await service.newRp(session), 'access-key');
});
afterAll(() => service.stop());
const send = (name: string, body: string) => sendFss(service, name, body, fssHeaders(key, { body }));

describe('a call in the FSS format', () => {
  it('is answered with its data and the status OK', async () => {
    const answer = await sendFss(service, 'getNonce', '{}');
    expect([answer.status, answer.headers.get('content-type')]).toEqual([200, 'application/json']);
    expect(answer.body).toEqual({
      appStatus: 'OK',
      data: { nonce: expect.stringMatching(/^[\w-]{72}$/) as string },
    });
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('set-cookie')).toBeNull();
  });

  it('is answered if the client joins the endpoint and the name with two slashes', async () => {
    expect((await sendFss(service, '/getNonce', '{}')).body).toMatchObject({ appStatus: 'OK' });
  });

  it('that is refused has the HTTP status 200, a message, and no code if there is none', async () => {
    const answer = await send('noSuchCall', '{}');
    expect([answer.status, answer.body]).toEqual([
      200,
      { appStatus: 'NOT_FOUND', message: 'There is no call of this name.' },
    ]);
  });

  it.each(['noSuchCall', 'constructor', '__proto__', 'getnonce', 'getNonce/', 'a/b/c', '%67etNonce', '..%2fv1'])(
    'of the unknown name %s needs authentication first',
    async (name) => {
      expect((await sendFss(service, name, '{}')).body).toMatchObject({ appStatus: 'UNAUTHORIZED' });
      expect((await send(name, '{}')).body).toMatchObject({ appStatus: 'NOT_FOUND' });
    },
  );

  it.each(['', '{', 'null,', '{"a":1}}', "{'a':1}", '\u0000'])('with the body %j is no JSON', async (body) => {
    for (const name of ['getNonce', 'noSuchCall']) {
      const answer = await send(name, body);
      expect([answer.status, answer.body]).toMatchObject([200, { appStatus: 'BAD_JSON_FORMAT' }]);
    }
  });

  it('with a body that is not UTF-8 is no JSON', async () => {
    const raw = new Uint8Array([0x22, 0xff, 0x22]);
    const headers = { 'content-type': 'application/octet-stream' };
    expect((await service.send('POST /api/getNonce', { raw, headers })).body).toMatchObject({
      appStatus: 'BAD_JSON_FORMAT',
    });
  });

  it.each(['[]', 'null', '1', '"a"'])('with the body %s has a wrong parameter', async (body) => {
    const answer = await send('getNonce', body);
    expect([answer.status, answer.body]).toMatchObject([200, { appStatus: 'PARAMETER_ERROR' }]);
  });

  it('may have any content type', async () => {
    for (const type of ['application/json; charset=utf-8', 'text/plain', 'application/octet-stream']) {
      const headers = { ...fssHeaders(key, { body: '{}' }), 'content-type': type };
      expect((await sendFss(service, 'getNonce', '{}', headers)).body).toMatchObject({ appStatus: 'OK' });
    }
  });

  it('may have 1 MB, and not a byte more', async () => {
    const bodyOf = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(Buffer.byteLength(bodyOf(MAX_BODY))).toBe(MAX_BODY);
    expect((await send('getNonce', bodyOf(MAX_BODY))).body).toMatchObject({ appStatus: 'OK' });
    const answer = await send('getNonce', bodyOf(MAX_BODY + 1));
    expect([answer.status, answer.body]).toMatchObject([200, { appStatus: 'PARAMETER_ERROR' }]);
    // The limit counts bytes, and not characters.
    expect((await send('getNonce', `{"a":"${'é'.repeat(MAX_BODY / 2)}"}`)).body).toMatchObject({
      appStatus: 'PARAMETER_ERROR',
    });
  });

  it('has the status 503 while the table does not answer', async () => {
    fault = { before: throttling() };
    const other = { ...key, apiAuthId: `key_${'0'.repeat(20)}` };
    const answer = await callFss(service, other, 'noSuchCall', {});
    fault = undefined;
    expect([answer.status, answer.body]).toEqual([
      503,
      { appStatus: 'UNEXPECTED_ERROR', message: 'Try again in a moment.' },
    ]);
    expect(answer.headers.get('retry-after')).toBe('1');
  });

  it('has the status 500 after a fault of the service, and the log says why', async () => {
    fault = { before: new Error('A fault that the test injects') };
    const other = { ...key, apiAuthId: `key_${'1'.repeat(20)}` };
    const answer = await callFss(service, other, 'noSuchCall', {});
    fault = undefined;
    expect([answer.status, answer.body]).toEqual([
      500,
      { appStatus: 'UNEXPECTED_ERROR', message: 'Something went wrong here.' },
    ]);
    expect(answer.text).not.toContain('injects');
    const line = service.logged.findLast(({ fields }) => fields['route'] === 'answer-fss-call');
    expect(line).toMatchObject({ level: 'error', fields: { status: 500, appStatus: 'UNEXPECTED_ERROR' } });
    expect(service.loggedText()).toContain('A fault that the test injects');
  });

  it('that ends a registration is answered although the note of the registration cannot be deleted', async () => {
    const user = { userId: fssUserIdOf(1), userName: 'Alice', userAttributes: { text: 'x'.repeat(1_500) } };
    const options = { createUserIfNotExists: true };
    const started = await performFssWith(service, key, 'registerCredential/start', { user, options });
    const { response } = createPasskey(`https://${key.rpId}`, started.data.creationOptions);
    const body = { createResponse: { attestationResponse: response } };
    [fault, faulty] = [{ before: throttling() }, /^DeleteItem/];
    const finished = await performFssWith(service, key, 'registerCredential/finish', body, started.cookie);
    [fault, faulty] = [undefined, /./];

    expect(finished).toMatchObject({ appStatus: 'OK', data: { user: { userAttributes: user.userAttributes } } });
    expect(service.logged.filter(({ level }) => level === 'warn')).toHaveLength(1);
  });

  it('is logged with the key and the status, but without anything that the caller chose', async () => {
    const seen = service.logged.length;
    await send('secret-user-1', '{"userId":"secret-user-2"}');
    await sendFss(service, 'getNonce', '{}');
    const lines = service.logged.slice(seen);
    expect(lines.map(({ message, fields }) => ({ message, ...fields }))).toEqual([
      {
        message: 'request',
        route: 'answer-fss-call',
        requestId: expect.stringMatching(/./) as string,
        status: 200,
        customerId: expect.stringMatching(/^cus_/) as string,
        keyId: key.keyId,
        appStatus: 'NOT_FOUND',
      },
      {
        message: 'request',
        route: 'answer-fss-call',
        requestId: expect.stringMatching(/./) as string,
        call: 'getNonce',
        status: 200,
        appStatus: 'OK',
      },
    ]);
  });

  it('is only a POST: anything else is no route', async () => {
    for (const method of ['GET', 'PUT', 'DELETE', 'PATCH']) {
      const answer = await service.send(`${method} /api/getNonce`);
      expect([method, answer.status]).toEqual([method, 404]);
    }
    expect((await service.send('POST /api', { body: {} })).status).toBe(404);
  });
});
