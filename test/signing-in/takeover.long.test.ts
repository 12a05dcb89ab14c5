import { beforeEach, describe, expect, it } from 'vitest';
import { MINUTE } from '../../functions/domain/time.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { Person, SignedUp, TestService } from '../support/service.ts';

let service: TestService;
/** The representative, who has no passkey when a test begins. */
let alice: SignedUp;
/** Another privileged administrator. */
let bob: Person;

const { add, list, statusOf } = passkeyService((opened) => {
  ({ service, alice } = opened);
});
beforeEach(async () => {
  bob = await service.addAdministrator(alice.session, 'privileged');
});

const changeEmail = (as: string, email: string) =>
  service.send('PUT /v1/administrators/me/email', { as, body: { email } });
const confirm = async (email: string) =>
  service.send('POST /v1/email-confirmations', { body: { token: await service.linkTo(email) } });

describe('an intruder at an open session that is older than 5 minutes', () => {
  it('cannot add a passkey with a challenge that a recovery session requested', async () => {
    await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    const { response } = await service.makePasskey(await service.signIn(alice.email));
    expectProblem(await add(alice.session, response), 403, 'reauthentication-required');
    expect(await list(alice.session)).toHaveLength(1);
  });

  it('cannot add a passkey with a challenge from before the first passkey was added', async () => {
    await service.pass(6 * MINUTE);
    const { response } = await service.makePasskey(alice.session);
    await service.addPasskey(await service.signIn(alice.email));
    expectProblem(await add(alice.session, response), 403, 'reauthentication-required');
    expect(await list(alice.session)).toHaveLength(1);
  });

  it('cannot lower or remove the privileged administrators who could undo a recovery', async () => {
    await service.pass(6 * MINUTE);
    const path = `/v1/administrators/${bob.administratorId}`;
    const lower = { as: alice.session, body: { privilege: 'administrator' } };
    expectProblem(await service.send(`PATCH ${path}`, lower), 403, 'reauthentication-required');
    expectProblem(await service.send(`DELETE ${path}`, lower), 403, 'reauthentication-required');
    expect(await statusOf(bob.session)).toBe(200);
  });

  it('cannot invite an accomplice without a passkey, if the administrator has a passkey', async () => {
    const eve = { name: 'Eve', email: service.newEmail(), privilege: 'administrator' };
    const { body } = await service.send('POST /v1/administrators', { as: alice.session, body: eve });
    const { id } = body as { id: string };
    await service.addPasskey(alice.session);
    await service.pass(6 * MINUTE);
    const mallory = { ...eve, name: 'Mallory', email: service.newEmail() };
    const invited = await service.send('POST /v1/administrators', { as: alice.session, body: mallory });
    expectProblem(invited, 403, 'reauthentication-required');
    const again = await service.send(`POST /v1/administrators/${id}/activation-links`, { as: alice.session });
    expectProblem(again, 403, 'reauthentication-required');
  });
});

describe('an intruder who recovered an account', () => {
  it('cannot end the sessions of the owner, who can then undo the recovery', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    const recovery = await service.signIn(alice.email);
    const added = await service.addPasskey(recovery);
    const owner = await service.signInByPasskey(passkey);
    for (const intruder of [recovery, await service.signInByPasskey(added.passkey)])
      expectProblem(await service.send('DELETE /v1/sessions', { as: intruder }), 403, 'recovery-hold');

    const undo = `DELETE /v1/administrators/${alice.administratorId}/recovery`;
    expect((await service.send(undo, { as: owner })).status).toBe(204);
    expect(await statusOf(recovery)).toBe(401);
  });

  it('is signed out when the owner ends all sessions with an older passkey', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    const recovery = await service.signIn(alice.email);
    await service.addPasskey(recovery);
    const owner = await service.signInByPasskey(passkey);
    expect((await service.send('DELETE /v1/sessions', { as: owner })).status).toBe(204);
    expect(await statusOf(recovery)).toBe(401);
  });
});

describe('a change of address', () => {
  it('is cancelled when the passkey that opened the session of the request is removed', async () => {
    const { passkey: stolen, id } = await service.addPasskey(alice.session);
    const { passkey } = await service.addPasskey(alice.session);
    const email = service.newEmail();
    expect((await changeEmail(await service.signInByPasskey(stolen), email)).status).toBe(202);
    const owner = await service.signInByPasskey(passkey);
    expect((await service.send(`DELETE /v1/passkeys/${id}`, { as: owner })).status).toBe(204);
    expectProblem(await confirm(email), 401, 'unauthenticated');
  });

  it('takes effect after the passkey that opened the session of the request has signed in again', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    const email = service.newEmail();
    expect((await changeEmail(await service.signInByPasskey(passkey), email)).status).toBe(202);
    await service.signInByPasskey(passkey);
    expect((await confirm(email)).status).toBe(200);
  });

  it('ends links, sessions by link and other changes for good, even if the old address returns', async () => {
    const [other, third] = [service.newEmail(), service.newEmail()];
    const { passkey } = await service.addPasskey(bob.session);
    const session = await service.signInByPasskey(passkey);
    await service.send('POST /v1/sign-in-links', { body: { email: bob.email } });
    const link = await service.linkTo(bob.email);
    await changeEmail(session, third);
    const pending = await service.linkTo(third);
    for (const email of [other, bob.email]) {
      expect((await changeEmail(session, email)).status).toBe(202);
      expect((await confirm(email)).status).toBe(200);
    }

    expect(await statusOf(session)).toBe(200);
    expect(await statusOf(bob.session)).toBe(401);
    expectProblem(await service.send('POST /v1/sessions', { body: { token: link } }), 401, 'unauthenticated');
    const body = { token: pending };
    expectProblem(await service.send('POST /v1/email-confirmations', { body }), 401, 'unauthenticated');
  });
});

it('a session stays ended when the passkey that opened it is removed and added again', async () => {
  const { passkey, id } = await service.addPasskey(alice.session);
  const session = await service.signInByPasskey(passkey);
  const { passkey: other } = await service.addPasskey(alice.session);
  const owner = await service.signInByPasskey(other);
  await service.send(`DELETE /v1/passkeys/${id}`, { as: owner });
  await service.pass(1);
  await service.addPasskey(owner, { credentialId: passkey.credentialId });
  expect(await list(owner)).toHaveLength(2);
  expect(await statusOf(session)).toBe(401);
});

it('a passkey opens sessions even if the clock was set back after the passkey was added', async () => {
  const now = service.now();
  await service.pass(MINUTE);
  const { passkey } = await service.addPasskey(alice.session);
  await service.setClock(now);
  expect(await statusOf(await service.signInByPasskey(passkey))).toBe(200);
});
