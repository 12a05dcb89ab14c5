import { afterAll, beforeAll, expect, it } from 'vitest';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

it('does nothing that a page of another website asks for, of the local routes and of the operator’s function', async () => {
  const { customerId, email } = await service.signUp();
  const operate = (headers: Record<string, string>) =>
    service.send('POST /2015-03-31/functions/operator/invocations', {
      headers,
      body: { command: 'set-representative-email', operator: 'olga', customerId, email: `new-${email}` },
    });
  const setClock = (headers: Record<string, string>) =>
    service.send('PUT /_local/clock', { headers, body: { now: '2030-01-01T00:00:00Z' } });
  const before = await service.dump();
  for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'null']) {
    expect((await operate({ origin })).status, origin).toBe(403);
    expect((await setClock({ origin })).status, origin).toBe(403);
  }
  expect(await service.dump()).toEqual(before);
  expect(service.now()).toBeLessThan(Date.parse('2030-01-01T00:00:00Z'));

  expect((await setClock({ origin: new URL(service.url).origin })).status).toBe(200);
  expect((await operate({})).status).toBe(200);
});
