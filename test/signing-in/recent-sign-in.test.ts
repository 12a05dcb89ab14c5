import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../functions/domain/time.ts';
import { expectProblem, passkeyCalls } from '../support/passkeys.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());
beforeEach(async () => {
  alice = await service.signUp();
});
const { add, current, expectUnchanged } = passkeyCalls(() => ({ service, alice }));

describe('a change to a sign-in method', () => {
  const changes = (email = service.newEmail()): [request: string, body?: object][] => [
    ['POST /v1/passkeys/options'],
    ['PUT /v1/administrators/me/email', { email }],
  ];

  it('requires a sign-in within the last 5 minutes if the administrator has a passkey', async () => {
    await service.pass(6 * MINUTE);
    for (const [request, body] of changes()) {
      expect((await service.send(request, { as: alice.session, body })).status).toBeLessThan(300);
    }
    const { passkey } = await service.addPasskey(alice.session);
    const { id } = await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    await current(alice.session); // records when the session was last used
    await expectUnchanged(async () => {
      for (const [request, body] of [...changes(), [`DELETE /v1/passkeys/${id}`] as const]) {
        const answer = await service.send(request, { as: alice.session, body });
        expectProblem(answer, 403, 'reauthentication-required');
      }
    });
    const fresh = await service.signInByPasskey(passkey);
    for (const [request, body] of changes()) {
      expect((await service.send(request, { as: fresh, body })).status).toBeLessThan(300);
    }
    expect((await service.send(`DELETE /v1/passkeys/${id}`, { as: fresh })).status).toBe(204);
  });

  it('is refused when a link confirms an e-mail address that was requested before the first passkey was added', async () => {
    const email = service.newEmail();
    expect((await service.send('PUT /v1/administrators/me/email', { as: alice.session, body: { email } })).status).toBe(
      202,
    );
    const token = await service.linkTo(email);
    await service.addPasskey(alice.session);
    await expectUnchanged(async () => {
      expectProblem(await service.send('POST /v1/email-confirmations', { body: { token } }), 401, 'unauthenticated');
    });
  });

  it('causes an e-mail if the first passkey is added more than 5 minutes after the sign-in', async () => {
    await service.pass(6 * MINUTE);
    await service.addPasskey(alice.session);
    const [mail] = (await service.mailsTo(alice.email)).filter(({ subject }) => subject === 'A passkey was added');
    expect(mail?.text).toContain('can now sign in with this passkey, in addition to any older passkeys');
  });

  it('causes an e-mail if a second passkey is added, but not if the first passkey is added right after the sign-in', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    const told = async (email: string) =>
      (await service.mailsTo(email)).filter(({ subject }) => subject === 'A passkey was added');
    await service.addPasskey(bob.session);
    expect(await told(bob.email)).toEqual([]);
    await service.addPasskey(bob.session);
    const [mail, ...more] = await told(bob.email);
    expect(more).toEqual([]);
    expect(mail?.text).toMatch(/^The passkey “Phone” was added for “Bob Baba”/);
    expect(await told(alice.email)).toEqual([]);
  });
});

it('making somebody a privileged administrator or the representative requires a sign-in within the last 5 minutes', async () => {
  const bob = await service.addAdministrator(alice.session, 'administrator');
  const { passkey } = await service.addPasskey(alice.session);
  const eve = () => ({ name: 'Eve', email: service.newEmail() });
  const raised = (): [request: string, body: object][] => [
    ['POST /v1/administrators', { ...eve(), privilege: 'privileged' }],
    [`PATCH /v1/administrators/${bob.administratorId}`, { privilege: 'privileged' }],
    ['PUT /v1/customer/representative', { administratorId: bob.administratorId }],
  ];
  const send = (as: string, [request, body]: [string, object]) =>
    service.send(request, { as, body, headers: { 'if-match': '"1"' } });
  await service.pass(6 * MINUTE);
  await current(alice.session); // records when the session was last used
  await expectUnchanged(async () => {
    for (const raise of raised()) expectProblem(await send(alice.session, raise), 403, 'reauthentication-required');
  });
  // Changes that give nobody the rights of a privileged administrator or of the representative do not require a recent
  // sign-in.
  const others: [string, object][] = [
    ['POST /v1/administrators', { ...eve(), privilege: 'administrator' }],
    [`PATCH /v1/administrators/${bob.administratorId}`, { name: 'Robert' }],
  ];
  for (const other of others) expect((await send(alice.session, other)).status).toBeLessThan(300);
  const fresh = await service.signInByPasskey(passkey);
  for (const raise of raised()) expect((await send(fresh, raise)).status).toBeLessThan(300);
});

describe('a request to unsubscribe', () => {
  const unsubscribe = (as: string) =>
    service.send('POST /v1/customer/unsubscription', { as, body: { confirmation: 'Example Corporation' } });

  it('is accepted 4 minutes after a sign-in with a passkey', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    expectProblem(await unsubscribe(alice.session), 403, 'reauthentication-required');
    const session = await service.signInByPasskey(passkey);
    await service.pass(4 * MINUTE);
    expect((await unsubscribe(session)).status).toBe(202);
  });

  it('is accepted 4 minutes after a passkey is added', async () => {
    await service.pass(6 * MINUTE);
    const { response } = await service.makePasskey(alice.session);
    expectProblem(await unsubscribe(alice.session), 403, 'reauthentication-required');
    await add(alice.session, response);
    await service.pass(4 * MINUTE);
    expect((await unsubscribe(alice.session)).status).toBe(202);
  });

  it('is refused after a sign-in with a recovery link', async () => {
    await service.addPasskey(alice.session);
    expectProblem(await unsubscribe(await service.signIn(alice.email)), 403, 'reauthentication-required');
  });
});
