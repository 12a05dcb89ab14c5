import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { jsonBodyOf } from '../../functions/http/json-body.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const body = JSON.stringify({ email: 'nobody@example.com' });
const withMark = Buffer.concat([Buffer.from([0xef, 0xbb, 0xbf]), Buffer.from(body)]);

describe('a JSON body', () => {
  it.each([
    'application/json',
    'Application/JSON',
    'application/json;charset=UTF-8',
    'application/json ;charset=utf-8',
    'application/json; charset="utf-8"',
    'application/problem+json',
  ])('is accepted with the content type %s', async (contentType) => {
    const headers = { 'content-type': contentType };
    expect(await service.send('POST /v1/sign-in-links', { raw: body, headers })).toMatchObject({ status: 202 });
  });

  it('is accepted with a byte order mark', async () => {
    expect(await service.send('POST /v1/sign-in-links', { raw: new Uint8Array(withMark) })).toMatchObject({
      status: 202,
    });
    const event = { ...httpEvent('POST /v1/sign-in-links', { now: 0 }), isBase64Encoded: true };
    expect(jsonBodyOf({ ...event, body: withMark.toString('base64') })).toEqual({ email: 'nobody@example.com' });
  });

  it.each(['application/jsonp', 'application/x-json', 'text/json', 'json', '+json', 'application/json,text/plain'])(
    'is refused with the content type %s',
    async (contentType) => {
      const { status, body: problem } = await service.send('POST /v1/sign-in-links', {
        raw: body,
        headers: { 'content-type': contentType },
      });
      expect({ status, problem }).toMatchObject({ status: 400, problem: { errors: [{ code: 'wrong-content-type' }] } });
    },
  );

  it('is refused if a second byte order mark follows the first', async () => {
    const { body: problem } = await service.send('POST /v1/sign-in-links', { raw: `\uFEFF\uFEFF${body}` });
    expect(problem).toMatchObject({ errors: [{ code: 'not-json' }] });
  });
});
