import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, testRpOf, type TestRp } from '../support/fido2/ceremonies.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
/** Two RPs of one customer, and an RP of another customer with the same RP ID as the first one. */
let mine: TestRp;
let sibling: TestRp;
let stranger: TestRp;
let passkey: SoftPasskey;
beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
  mine = await newTestRp(service);
  sibling = await newTestRp(service, { owner: mine.owner, rpId: 'other.example.com' });
  stranger = await newTestRp(service);
  ({ passkey } = await mine.register({ userId: 'user-1', user: { userHandle: 'AAAA' } }));
});
afterAll(() => service.stop());

const outcome = async (rp: TestRp, kind: 'registrations' | 'authentications', body: object) => {
  const answer = await rp.end(kind, body);
  return `${answer.status} ${(answer.body as { type?: string }).type ?? 'accepted'}`;
};
const others = () => [sibling, stranger];

describe('another RP, of the same customer or of another one with the same RP ID', () => {
  it('cannot end a ceremony', async () => {
    const authentication = await mine.use(passkey);
    const { body: registration } = await mine.create({ userId: 'user-2', createUser: true });
    for (const rp of others()) {
      expect(await outcome(rp, 'authentications', authentication)).toBe('400 /problems/ceremony-invalid');
      expect(await outcome(rp, 'registrations', registration)).toBe('400 /problems/ceremony-invalid');
    }
    expect(await outcome(mine, 'authentications', authentication)).toBe('200 accepted');
    expect(await outcome(mine, 'registrations', registration)).toBe('201 accepted');
  });

  it('does not know the credential and the user handle', async () => {
    for (const rp of others()) {
      const begun = await rp.use({ ...passkey, rpId: rp.rpId });
      expect(await outcome(rp, 'authentications', begun)).toBe('404 /problems/credential-unknown');
      await rp.register({ userId: 'user-1' });
      const named = await rp.use({ ...passkey, rpId: rp.rpId }, { userId: 'user-1' });
      expect(await outcome(rp, 'authentications', named)).toBe('400 /problems/response-invalid');
    }
  });

  it('may have a user with the same ID, user handle and credential ID, and each signs in for itself', async () => {
    const { credentialId } = passkey;
    const { passkey: theirs } = await stranger.register(
      { userId: 'user-same', user: { userHandle: 'AAAA' } },
      { credentialId },
    );
    expect((await stranger.signIn(theirs)).user.userId).toBe('user-same');
    expect((await mine.signIn(passkey)).user.userId).toBe('user-1');
    // The keys differ, so neither passkey signs in at the other RP.
    expect(await outcome(stranger, 'authentications', await stranger.use(passkey))).toBe(
      '400 /problems/response-invalid',
    );
  });

  it('cannot use the user handle with a credential of its own', async () => {
    const { passkey: named, answer } = await mine.register({ userId: 'user-3' });
    const { userHandle } = answer.user;
    for (const rp of others()) {
      const { passkey: own } = await rp.register({ userId: 'user-3' });
      const unnamed = await rp.end('authentications', await rp.use(own, {}, { userHandle }));
      expectProblem(unnamed, 404, 'credential-unknown');
      // The credential exists, so the browser must not forget it.
      expect(unnamed.body).not.toHaveProperty('signals');
      const refused = await rp.end('authentications', await rp.use(own, { userId: 'user-3' }, { userHandle }));
      expectProblem(refused, 400, 'response-invalid');
      expect(refused.body).toMatchObject({ step: 'user-handle' });
      expect((await rp.signIn(own)).user.userId).toBe('user-3');
    }
    expect((await mine.signIn(named)).user.userHandle).toBe(userHandle);
  });

  it('does not know the user', async () => {
    await mine.register({ userId: 'user-4' });
    for (const rp of others()) {
      expectProblem(await rp.beginAuthentication({ userId: 'user-4' }), 404, 'not-found');
      expectProblem(await rp.beginRegistration({ userId: 'user-4' }), 404, 'not-found');
    }
  });

  it('cannot use the credentials of a user in its options', async () => {
    const credentialIds = [passkey.credentialId.toString('base64url')];
    for (const rp of others()) {
      const answer = await rp.beginAuthentication({ userId: 'user-1', credentialIds });
      expect([rp.rpRef, answer.status]).toEqual([rp.rpRef, 409]);
    }
  });
});

it('another API key of the RP ends a ceremony, but gets no answer to a request of the first key', async () => {
  const { apiKey } = await service.newApiKey(mine.owner.session, mine.rpRef);
  const second = testRpOf(service, { ...mine, apiKey });
  const begun = await mine.use(passkey);
  const headers = { 'idempotency-key': 'the-same' };
  expect((await second.end('authentications', begun, headers)).status).toBe(200);
  expectProblem(await mine.end('authentications', begun, headers), 409, 'ceremony-used');
  expect((await second.end('authentications', begun, headers)).status).toBe(200);
});
