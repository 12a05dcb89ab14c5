import { describe, expect, it } from 'vitest';
import { listSessionsContract, type SessionView } from '../../functions/contract/sessions.ts';
import { MINUTE } from '../../functions/domain/time.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { SignedUp, TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

const { statusOf } = passkeyService((opened) => {
  ({ service, alice } = opened);
});

const listed = async (as: string, query = '') =>
  (await service.send(`GET /v1/sessions${query}`, { as })).read(listSessionsContract.answer.body);
/** Reads all pages of the list. */
async function allListed(as: string, limit: number) {
  const items: SessionView[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Awaited<ReturnType<typeof listed>> = await listed(
      as,
      `?limit=${limit}${cursor && `&cursor=${cursor}`}`,
    );
    expect(page.items.length).toBeLessThanOrEqual(limit);
    items.push(...page.items);
    cursor = page.nextCursor;
  }
  return items;
}
const signOutEverywhere = (as: string) => service.send('DELETE /v1/sessions', { as });

describe('the list of sessions', () => {
  it('shows how and from where the caller opened each session, and contains no sessions of other people', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    await service.addAdministrator(alice.session, 'privileged');
    await service.signUp();
    const byPasskey = await service.signInByPasskey(passkey);
    const byRecovery = await service.signIn(alice.email);
    const { items, nextCursor } = await listed(byPasskey);
    expect(nextCursor).toBeNull();
    const byMethod = items.toSorted((a, b) => (a.method < b.method ? -1 : 1));
    const common = { ipAddress: '127.0.0.1', signedInAt: expect.any(String) as string };
    expect(byMethod).toEqual([
      expect.objectContaining({ ...common, method: 'link', current: false }),
      expect.objectContaining({ ...common, method: 'passkey', current: true, passkeyName: 'Phone' }),
      expect.objectContaining({ ...common, method: 'recovery-link', current: false }),
    ]);
    expectProblem(await service.send('GET /v1/sessions', { as: byRecovery }), 403, 'reauthentication-required');
    const text = JSON.stringify(items);
    for (const secret of [byPasskey, byRecovery, alice.session]) expect(text).not.toContain(secret);
  });

  it('is read page by page, and leaves out sessions that have ended', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    for (let count = 0; count < 4; count += 1) await service.signInByPasskey(passkey);
    const signedOut = await service.signInByPasskey(passkey);
    await service.send('DELETE /v1/sessions/current', { as: signedOut });
    expect(new Set((await allListed(alice.session, 2)).map(({ id }) => id)).size).toBe(5);
    await service.pass(30 * MINUTE);
    await statusOf(alice.session);
    await service.pass(20 * MINUTE);
    expect((await allListed(alice.session, 2)).map(({ current }) => current)).toEqual([true]);
  });

  it('has at most 10 sessions on a page, however many sessions there are', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    for (let count = 0; count < 12; count += 1) await service.signInByPasskey(passkey);
    expect((await listed(alice.session, '?limit=100')).items).toHaveLength(10);
    expect(await allListed(alice.session, 100)).toHaveLength(13);
  });

  it('can be emptied: all sessions end at once, including the current one', async () => {
    const another = await service.signIn(alice.email);
    const bob = await service.addAdministrator(alice.session, 'administrator');
    const answer = await signOutEverywhere(another);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('set-cookie')).toBe(service.sessionCookie('', 0));
    for (const session of [alice.session, another]) expect(await statusOf(session)).toBe(401);
    expect(await statusOf(bob.session)).toBe(200);
    expect((await listed(await service.signIn(alice.email))).items).toHaveLength(1);
  });

  it('is emptied once by two requests at the same time', async () => {
    const another = await service.signIn(alice.email);
    const statuses = (await Promise.all([alice.session, another].map(signOutEverywhere))).map(({ status }) => status);
    expect(statuses).toContain(204);
    for (const status of statuses) expect([204, 401]).toContain(status);
    const items = await service.dump();
    const generation = items.find(({ sk }) => sk === `ADMINISTRATOR#${alice.administratorId}`)?.['sessionGeneration'];
    expect(generation).toBe(1);
  });
});

describe('a session', () => {
  it('ends on the next request after the passkey that opened it was removed', async () => {
    const { passkey, id } = await service.addPasskey(alice.session);
    const other = await service.addPasskey(alice.session);
    const [opened, stays] = [await service.signInByPasskey(passkey), await service.signInByPasskey(other.passkey)];
    expect((await service.send(`DELETE /v1/passkeys/${id}`, { as: stays })).status).toBe(204);
    expect(await statusOf(opened)).toBe(401);
    expect(await statusOf(stays)).toBe(200);
    expect(await statusOf(alice.session)).toBe(200);
    expect((await listed(stays)).items.map(({ method }) => method).sort()).toEqual(['link', 'passkey']);
  });

  it('ends on the next request after the address of the link that opened it was replaced', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    const byPasskey = await service.signInByPasskey(passkey);
    const byRecovery = await service.signIn(alice.email);
    const email = service.newEmail();
    await service.send('PUT /v1/administrators/me/email', { as: byPasskey, body: { email } });
    expect(await statusOf(alice.session)).toBe(200);
    const token = await service.linkTo(email);
    expect((await service.send('POST /v1/email-confirmations', { body: { token } })).status).toBe(200);
    expect(await statusOf(alice.session)).toBe(401);
    expect((await service.send('GET /v1/sessions/current', { as: byRecovery })).status).toBe(401);
    expect(await statusOf(byPasskey)).toBe(200);
  });
});

describe('the log', () => {
  const lines = (message: string) =>
    service.logged.filter((line) => line.message === message).map(({ fields }) => fields);

  it('names the administrator, the method and the IP address of each sign-in, and no e-mail address or secret', async () => {
    const { administratorId, customerId } = alice;
    const { passkey, id: passkeyId } = await service.addPasskey(alice.session);
    await service.signInByPasskey(passkey);
    await service.signIn(alice.email);
    const own = lines('signed in').filter((fields) => fields['administratorId'] === administratorId);
    const common = { administratorId, customerId, ipAddress: '127.0.0.1', route: 'create-session' };
    expect(own).toEqual([
      expect.objectContaining({ ...common, method: 'link' }),
      expect.objectContaining({ ...common, method: 'passkey', passkeyId }),
      expect.objectContaining({ ...common, method: 'recovery-link' }),
    ]);
    expect(JSON.stringify(own)).not.toMatch(/@|ses_|lnk_/);
  });

  it('names the same facts about each refused sign-in, if the request contains them', async () => {
    const { administratorId, customerId } = alice;
    const { passkey, id: passkeyId } = await service.addPasskey(alice.session);
    await service.send('POST /v1/sessions', {
      body: { passkey: await service.answerWith(passkey, { origin: 'https://evil.example' }) },
    });
    await service.send('POST /v1/sessions', { body: { token: `lnk_${'x'.repeat(43)}` } });
    const [byPasskey, byLink] = lines('a sign-in was refused').slice(-2);
    const ipAddress = '127.0.0.1';
    expect(byPasskey).toMatchObject({ administratorId, customerId, method: 'passkey', passkeyId, ipAddress });
    expect(byLink).toMatchObject({ method: 'link', ipAddress });
    expect(JSON.stringify([byPasskey, byLink])).not.toMatch(/@|lnk_/);
  });
});
