import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { registerCredentialContract } from '../../functions/contract/ceremonies.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, outcomes, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

let users = 0;
let passkey: SoftPasskey;
let userId: string;
beforeEach(async () => {
  await service.setClock('2026-11-02T09:00:00Z');
  userId = `user-${(users += 1)}`;
  ({ passkey } = await rp.register({ userId }));
});

const signIn = (body: object, headers?: Record<string, string>) => rp.end('authentications', body, headers);
const begin = async (count: number) => {
  const begun = [];
  for (let index = 0; index < count; index += 1) begun.push(await rp.use(passkey));
  return begun;
};
const records = async (month: string) =>
  (await service.dump()).filter(
    ({ pk, sk }) => String(pk).startsWith(`ACTIVE#${rp.rpRef}#${month}`) && sk === `USER#${userId}`,
  ).length;

describe('authentications at the same time', () => {
  it('accept a response once if 50 callers send it', async () => {
    const [body = {}] = await begin(1);
    const answers = await Promise.all(Array.from({ length: 50 }, () => signIn(body)));
    expect(outcomes(answers)).toEqual({ '200': 1, '409 ceremony-used': 49 });
  });

  it('give one answer to 20 callers with the same Idempotency-Key', async () => {
    await service.setClock('2026-12-02T08:00:00Z');
    const [body = {}] = await begin(1);
    const headers = { 'idempotency-key': 'the-same' };
    const answers = await Promise.all(Array.from({ length: 20 }, () => signIn(body, headers)));
    expect(outcomes(answers)).toEqual({ '200': 20 });
    expect(new Set(answers.map(({ body }) => JSON.stringify((body as { operation: object }).operation))).size).toBe(1);
    expect(answers[0]?.body).toMatchObject({ operation: { month: '2026-12', status: 'counted' } });
    expect(await records('2026-12')).toBe(1);
  });

  it('accept 50 ceremonies of one credential, and count the user once in a new month', async () => {
    await service.setClock('2026-12-02T08:00:00Z');
    const answers = await Promise.all((await begin(50)).map((body) => signIn(body)));
    expect(outcomes(answers)).toEqual({ '200': 50 });
    const counted = answers.filter(
      ({ body }) => (body as { operation: { status: string } }).operation.status === 'counted',
    );
    expect(counted).toHaveLength(1);
    expect(await records('2026-12')).toBe(1);
  });

  it('count a user with two credentials once', async () => {
    const { passkey: second } = await rp.register({ userId, createUser: false });
    await service.setClock('2026-12-02T08:00:00Z');
    const bodies = [];
    for (let index = 0; index < 25; index += 1) bodies.push(await rp.use(passkey), await rp.use(second));
    const answers = await Promise.all(bodies.map((body) => signIn(body)));
    expect(outcomes(answers)).toEqual({ '200': 50 });
    expect(answers.filter(({ text }) => text.includes('"status":"counted"'))).toHaveLength(1);
    expect(await records('2026-12')).toBe(1);
  });
});

it('registrations at the same time give one answer to 20 callers with the same Idempotency-Key', async () => {
  const unique = await newTestRp(service);
  const body = { settings: { uniqueUserNames: true } };
  await service.send(`PATCH /v1/rps/${unique.rpRef}`, { as: unique.owner.session, body });
  for (const name of ['Alice', 'Bob', 'Carol']) {
    const begun = await unique.create({ userId: name, createUser: true, user: { userName: `${name}@example.com` } });
    const headers = { 'idempotency-key': `registration-of-${name}` };
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => unique.end('registrations', begun.body, headers)),
    );
    expect(outcomes(answers)).toEqual({ '201': 20 });
    const stored = answers.map((answer) => answer.read(registerCredentialContract.answer.body));
    expect(new Set(stored.map(({ credential }) => credential.id)).size).toBe(1);
    for (const { user, credential } of stored) expect(user.registeredAt).toBe(credential.createdAt);
  }
});
