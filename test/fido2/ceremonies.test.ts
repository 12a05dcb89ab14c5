import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { newTestRp, type TestRp } from '../support/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
});
afterAll(() => service.stop());

describe('a registration', () => {
  it('creates a user with a first credential, and counts the user', async () => {
    const { answer, passkey } = await rp.register({ userId: 'alice', user: { displayName: 'Alice' } });
    expect(answer).toMatchObject({
      user: { userId: 'alice', userName: 'alice', displayName: 'Alice', credentials: { total: 1, enabled: 1 }, version: 1 },
      credential: { id: passkey.credentialId.toString('base64url'), name: 'Passkey', algorithm: -7, disabled: false },
      operation: { month: '2026-11', status: 'counted' },
    });
    const signedIn = await rp.signIn(passkey);
    expect(signedIn).toMatchObject({
      user: answer.user,
      credential: { id: answer.credential.id },
      userVerified: true,
      operation: { month: '2026-11', status: 'already-counted' },
    });
    const named = await rp.signIn(passkey, { userId: 'alice' });
    expect(named.user.userId).toBe('alice');
  });
});
