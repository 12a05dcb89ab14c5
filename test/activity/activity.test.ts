import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { getActivityContract, type RefusalView } from '../../functions/contract/activity.ts';
import { DAY, SECOND } from '../../functions/domain/time.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { performFss } from '../support/fss.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

/** Registers a new RP, so that each test sees only its own refusals. */
async function openRp(): Promise<TestRp> {
  await service.setClock('2026-11-02T08:00:00Z');
  rp = await newTestRp(service);
  return rp;
}
/** Advances the clock, because the service stores at most one refusal of an RP a second. */
const nextSecond = () => service.pass(2 * SECOND);
const activity = async (of = rp, session = of.owner.session): Promise<RefusalView[]> =>
  (await service.send(`GET /v1/rps/${of.rpRef}/activity`, { as: session })).read(getActivityContract.answer.body).items;
const stored = async (of = rp) => (await service.dump()).filter(({ pk }) => pk === `REFUSAL#${of.rpRef}`);

describe('the activity of an RP', () => {
  it('is empty before the first refusal, and stays empty after accepted ceremonies', async () => {
    await openRp();
    const { passkey } = await rp.register({ userId: 'user-1' });
    await rp.signIn(passkey);
    expect(await activity()).toEqual([]);
  });

  it('lists what the RP’s server was told, the last refusal first', async () => {
    await openRp();
    const { passkey } = await rp.register({ userId: 'user-1' });
    const refused = [
      await rp.beginRegistration({ userId: 'nobody' }),
      (await nextSecond(), await rp.beginRegistration({ userId: 'user-1', createUser: true })),
      (await nextSecond(), await rp.beginAuthentication({ userId: 'user-1', timeoutSeconds: 1 })),
      (await nextSecond(),
      await rp.end('registrations', { ceremony: 'AAAA', response: (await rp.use(passkey)).response })),
      (await nextSecond(),
      await rp.end('authentications', await rp.use(passkey, {}, { origin: 'https://evil.example' }))),
      (await nextSecond(), await rp.end('authentications', await rp.use(passkey, {}, { challenge: 'AAAA' }))),
    ];
    const items = await activity();
    expect(items.map(({ kind, code, step }) => [kind, code, step])).toEqual([
      ['authentication', 'response-invalid', 'challenge'],
      ['authentication', 'origin-not-allowed', 'origin'],
      ['registration', 'validation', null],
      ['authentication', 'validation', null],
      ['registration', 'already-exists', null],
      ['registration', 'not-found', null],
    ]);
    const problems = refused.map(({ body }) => body as { requestId: string; type: string }).reverse();
    expect(items.map(({ requestId, code }) => [requestId, `/problems/${code}`])).toEqual(
      problems.map(({ requestId, type }) => [requestId, type]),
    );
    expect(items[1]?.detail).toContain('https://evil.example');
    expect(items[3]?.detail).toBe('#/timeoutSeconds: Must be at least 30');
    const { body } = await service.send(`GET /v1/rps/${rp.rpRef}/api-keys`, { as: rp.owner.session });
    const [key] = (body as { items: { keyId: string }[] }).items;
    expect(new Set(items.map(({ keyId }) => keyId))).toEqual(new Set([key?.keyId]));
    const ages = items.map(({ at }) => service.now() - Date.parse(at));
    expect(ages.every((age) => age >= 0 && age < DAY)).toBe(true);
  });

  it('lists refused calls in the FSS format with the codes of the native routes', async () => {
    await openRp();
    const { passkey } = await rp.register({ userId: 'user-1' });
    const { response } = (await rp.use(passkey)) as { response: object };
    const attestationResponse = response;
    await performFss(service, rp, 'registerCredential/start', { user: {} });
    await nextSecond();
    await performFss(service, rp, 'registerCredential/start', {
      creationOptionsBase: {},
      user: { userId: Buffer.alloc(32, 1).toString('base64url'), userName: 'Nobody' },
      options: {},
    });
    await nextSecond();
    await performFss(service, rp, 'authenticate/finish', { requestResponse: { attestationResponse } });
    await nextSecond();
    const begun = await performFss(service, rp, 'authenticate/start', { requestOptionsBase: {} });
    await performFss(service, rp, 'authenticate/finish', { requestResponse: { attestationResponse } }, begun.cookie);
    await nextSecond();
    const unnamed = (({ userHandle: _, ...rest }) => rest)((response as { response: { userHandle: string } }).response);
    const withoutUser = { requestResponse: { attestationResponse: { ...response, response: unnamed } } };
    await performFss(service, rp, 'authenticate/finish', withoutUser, begun.cookie);
    await nextSecond();
    await performFss(service, rp, 'getUser', { userId: 'nobody' });
    expect((await activity()).map(({ kind, code, step }) => [kind, code, step])).toEqual([
      ['authentication', 'response-invalid', 'user-handle'],
      ['authentication', 'response-invalid', 'challenge'],
      ['authentication', 'ceremony-invalid', null],
      ['registration', 'not-found', null],
      ['registration', 'validation', null],
    ]);
  });

  it('contains no user, no credential and no text that a caller chose, except the origin', async () => {
    await openRp();
    const userId = 'alice@example.com';
    const { passkey, answer } = await rp.register({ userId, user: { userName: 'Alice-Secret' } });
    const id = answer.credential.id;
    await rp.beginRegistration({ userId, createUser: true });
    await nextSecond();
    await rp.beginRegistration({ userId: 'mallory', createUser: true, 'bob@example.com': 1 } as never);
    await nextSecond();
    await rp.beginAuthentication({ userId: 'mallory' });
    await nextSecond();
    await rp.end('authentications', await rp.use({ ...passkey, credentialId: Buffer.alloc(20, 7) }));
    await nextSecond();
    await rp.end('authentications', await rp.use(passkey, {}, { origin: `https://evil.example/${'é'.repeat(900)}` }));
    const items = await stored();
    expect(items).toHaveLength(5);
    const text = JSON.stringify(items);
    for (const trace of [userId, 'Alice-Secret', 'mallory', 'bob', id, Buffer.alloc(20, 7).toString('base64url')]) {
      expect(text).not.toContain(trace);
    }
    for (const secret of service.secrets) expect(text).not.toContain(secret);
    for (const item of items) expect(Buffer.byteLength(JSON.stringify(item))).toBeLessThan(1_024);
  });

  it('lists every refusal of a concealed sign-in as the same refusal', async () => {
    await openRp();
    const { passkey } = await rp.register({ userId: 'user-1' });
    const attacks = [
      await rp.use(passkey, { userId: 'nobody', concealUnknownUser: true }),
      await rp.use(passkey, { userId: 'user-1', concealUnknownUser: true }, { origin: 'https://evil.example' }),
    ];
    for (const attack of attacks) {
      expect((await rp.end('authentications', attack)).status).toBe(403);
      await nextSecond();
    }
    const items = await activity();
    expect(items).toHaveLength(2);
    for (const item of items) {
      expect(item).toMatchObject({ code: 'sign-in-refused', step: null, detail: 'The sign-in was refused.' });
    }
  });

  it('contains no refusals of other routes, and none of callers without a valid API key', async () => {
    await openRp();
    await service.send('GET /v1/rp/users/nobody', { as: rp.apiKey });
    await service.send('POST /v1/rp/authentications', { as: `${rp.apiKey.slice(0, -1)}x`, body: {} });
    await service.send('POST /v1/rp/operations', { as: rp.apiKey, body: {} });
    expect(await activity()).toEqual([]);
  });

  it('shows the last 100 refusals of 7 days', async () => {
    await openRp();
    await rp.beginAuthentication({ userId: 'nobody' });
    await service.pass(DAY);
    for (let index = 0; index < 101; index += 1) {
      await nextSecond();
      await rp.beginAuthentication({ userId: 'nobody' });
    }
    const all = await activity(rp, await service.signIn(rp.owner.email));
    expect(all).toHaveLength(100);
    expect(all.map(({ at }) => at)).toEqual(
      all
        .map(({ at }) => at)
        .sort()
        .reverse(),
    );
    expect(await stored()).toHaveLength(102);
    const now = service.now();
    // Nothing deletes the items whose time has come: the local service has no TTL.
    await service.setClock(now + 7 * DAY - 10 * SECOND);
    const session = await service.signIn(rp.owner.email);
    expect((await activity(rp, session)).length).toBeLessThanOrEqual(5);
    await service.setClock(now + 7 * DAY + SECOND);
    expect(await activity(rp, session)).toEqual([]);
    expect(await stored()).toHaveLength(102);
  });

  it('is only for administrators of the RP’s customer', async () => {
    await openRp();
    const stranger = await service.signUp();
    const path = `GET /v1/rps/${rp.rpRef}/activity`;
    expect((await service.send(path, { as: stranger.session })).status).toBe(404);
    expect((await service.send(path, { as: rp.apiKey })).status).toBe(401);
    expect((await service.send(path)).status).toBe(401);
  });
});
