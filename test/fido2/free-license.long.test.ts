import { afterAll, beforeAll, describe, it, expect } from 'vitest';
import { newTestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());

describe('a Free license', () => {
  it('lets one of 100 registrations at the last free place succeed, and keeps no credential of the others', async () => {
    const free = await newTestRp(service, { isFree: true });
    await service.registerUsers(
      free.apiKey,
      Array.from({ length: 99 }, (_, index) => `free-${index}`),
    );
    const known = await free.create({ userId: 'free-0' });
    const created = [];
    for (let index = 0; index < 100; index += 1) {
      created.push(await free.create({ userId: `new-${index}`, createUser: true }));
    }
    const answers = await Promise.all(created.map(({ body }) => free.end('registrations', body)));
    expect(answers.filter(({ status }) => status === 201)).toHaveLength(1);
    const refused = answers.filter(({ status }) => status !== 201);
    for (const answer of refused) expectProblem(answer, 403, 'license-limit-reached');
    const left = (await service.dump()).filter(({ pk }) => String(pk).includes(free.rpRef));
    expect(left.filter(({ pk }) => String(pk).startsWith('CREDENTIAL-ID#'))).toHaveLength(1);
    expect(left.filter(({ sk }) => String(sk).startsWith('CREDENTIAL#'))).toHaveLength(2);
    expectProblem(await free.beginRegistration({ userId: 'late', createUser: true }), 403, 'license-limit-reached');
    // A user who exists may add credentials and sign in, whatever the license says.
    expect((await free.end('registrations', known.body)).status).toBe(201);
    expect((await free.signIn(known.passkey)).user.userId).toBe('free-0');
  });
});
