import { beforeEach, describe, expect, it } from 'vitest';
import { administrator, listAdministratorsContract } from '../../functions/contract/administrators.ts';
import { HOUR, MINUTE, SECOND } from '../../functions/domain/time.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { Person, SignedUp, TestService } from '../support/service.ts';

let service: TestService;
/** The representative. */
let alice: SignedUp;
/** A privileged administrator with a passkey, whose e-mails somebody else reads. */
let bob: Person;
let older: SoftPasskey;

const { list, signIn, statusOf, expectUnchanged } = passkeyService((opened) => {
  ({ service, alice } = opened);
});
beforeEach(async () => {
  bob = await service.addAdministrator(alice.session, 'privileged');
  ({ passkey: older } = await service.addPasskey(bob.session));
});

/** Opens a recovery link and adds a passkey. Returns the session and the passkey. */
async function recover(email = bob.email) {
  const session = await service.signIn(email);
  return { session, ...(await service.addPasskey(session)) };
}
const undo = (as: string, { administratorId }: Pick<Person, 'administratorId'> = bob) =>
  service.send(`DELETE /v1/administrators/${administratorId}/recovery`, { as });
async function holdOf({ administratorId }: Pick<Person, 'administratorId'> = bob) {
  const answer = await service.send('GET /v1/administrators', { as: await service.signIn(alice.email) });
  const { items } = answer.read(listAdministratorsContract.answer.body);
  return items.find(({ id }) => id === administratorId)?.recoveryHoldUntil;
}
const told = async (email: string, subject = 'A passkey was added with a recovery link') =>
  (await service.mailsTo(email)).filter((mail) => mail.subject === subject);

describe('for 24 hours after a recovery link added a passkey, the administrator', () => {
  it('can make no change that needs a recent sign-in, in any session', async () => {
    await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
    const rp = await service.newRp(alice.session);
    const carol = await service.addAdministrator(alice.session, 'administrator');
    const dave = await service.addAdministrator(alice.session, 'privileged');
    const frank = { name: 'Frank', email: service.newEmail(), privilege: 'privileged' };
    const invited = (await service.send('POST /v1/administrators', { as: alice.session, body: frank })).body;
    const begun = service.now();
    const { session, passkey, id } = await recover();
    const changes: [string, object?][] = [
      ['POST /v1/administrators', { name: 'Grace', email: service.newEmail(), privilege: 'administrator' }],
      [`POST /v1/administrators/${(invited as { id: string }).id}/activation-links`],
      ['PUT /v1/administrators/me/email', { email: service.newEmail() }],
      ['POST /v1/administrators', { name: 'Eve', email: service.newEmail(), privilege: 'privileged' }],
      [`PATCH /v1/administrators/${carol.administratorId}`, { privilege: 'privileged' }],
      [`PATCH /v1/administrators/${dave.administratorId}`, { privilege: 'administrator' }],
      [`DELETE /v1/administrators/${dave.administratorId}`],
      ['PUT /v1/customer/representative', { administratorId: bob.administratorId }],
      [`POST /v1/rps/${rp.id}/api-keys`, { name: 'Production' }],
      [`DELETE /v1/rps/${rp.id}`],
      ['POST /v1/passkeys/options'],
      [`DELETE /v1/passkeys/${id}`],
    ];
    const [byNewPasskey, byOlderPasskey] = [
      await service.signInByPasskey(passkey),
      await service.signInByPasskey(older),
    ];
    await expectUnchanged(async () => {
      for (const as of [session, byNewPasskey, byOlderPasskey, bob.session]) {
        for (const [request, body] of changes) {
          const answer = await service.send(request, { as, body, headers: { 'if-match': '"1"' } });
          expect({ request, body: answer.body }).toMatchObject({
            request,
            body: { type: '/problems/recovery-hold', status: 403, until: expect.stringMatching(/Z$/) as string },
          });
          const until = Date.parse((answer.body as { until: string }).until);
          // The clock of the test may be a millisecond ahead of the service.
          expect(until - begun - 24 * HOUR).toBeGreaterThan(-SECOND);
          expect(until - begun - 24 * HOUR).toBeLessThan(MINUTE);
        }
      }
    });
    // Other changes stay possible.
    const edit = { body: { address: 'Harbor Street 1' }, headers: { 'if-match': '"1"' } };
    expect((await service.send('PATCH /v1/customer', { as: session, ...edit })).status).toBe(200);
    expect((await service.send(`DELETE /v1/administrators/${carol.administratorId}`, { as: session })).status).toBe(
      204,
    );
  });

  it('cannot unsubscribe, even as the representative with an older passkey', async () => {
    const { passkey } = await service.addPasskey(alice.session);
    await recover(alice.email);
    const as = await service.signInByPasskey(passkey);
    const body = { confirmation: 'Example Corporation' };
    expectProblem(await service.send('POST /v1/customer/unsubscription', { as, body }), 403, 'recovery-hold');
    await service.pass(24 * HOUR);
    const later = await service.signInByPasskey(passkey);
    expect((await service.send('POST /v1/customer/unsubscription', { as: later, body })).status).toBe(202);
  });

  it('cannot confirm an e-mail address that was requested before', async () => {
    const email = service.newEmail();
    await service.send('PUT /v1/administrators/me/email', { as: bob.session, body: { email } });
    const token = await service.linkTo(email);
    await recover();
    expectProblem(await service.send('POST /v1/email-confirmations', { body: { token } }), 403, 'recovery-hold');
    await undo(alice.session);
    expectProblem(await service.send('POST /v1/email-confirmations', { body: { token } }), 401, 'unauthenticated');
  });

  it('cannot add a passkey whose ceremony began before', async () => {
    const { response } = await service.makePasskey(bob.session);
    await recover();
    const body = { name: 'Phone', passkey: response };
    expectProblem(await service.send('POST /v1/passkeys', { as: bob.session, body }), 403, 'recovery-hold');
  });

  it('is shown with the end of the hold until the hold ends', async () => {
    expect(await holdOf()).toBeNull();
    const { session } = await recover();
    const current = (await service.send('GET /v1/sessions/current', { as: session })).body;
    const until = await holdOf();
    expect(current).toMatchObject({ administrator: { recoveryHoldUntil: until } });
    expect(Date.parse(until ?? '')).toBeGreaterThan(service.now() + 23 * HOUR);
    await service.pass(24 * HOUR);
    expect(await holdOf()).toBeNull();
  });

  it('learns from each session whether an older passkey opened it', async () => {
    const { session, passkey: added } = await recover();
    const seen = async (as: string) => (await service.send('GET /v1/sessions/current', { as })).body;
    expect(await seen(session)).toMatchObject({ byOlderPasskey: false });
    expect(await seen(await service.signInByPasskey(added))).toMatchObject({ byOlderPasskey: false });
    expect(await seen(await service.signInByPasskey(older))).toMatchObject({ byOlderPasskey: true });
    expect(await seen(alice.session)).not.toHaveProperty('byOlderPasskey');
  });

  it('loses the hold when the operator replaces the address of the representative', async () => {
    await service.addPasskey(alice.session);
    await recover(alice.email);
    const email = service.newEmail();
    await service.operate({ command: 'set-representative-email', customerId: alice.customerId, email });
    const view = await service.send('GET /v1/sessions/current', { as: await service.signIn(email) });
    expect(view.body).toMatchObject({ administrator: { recoveryHoldUntil: null } });
  });
});

describe('a recovery', () => {
  it('is reported to its administrator and to every active privileged administrator', async () => {
    const dave = await service.addAdministrator(alice.session, 'privileged');
    const carol = await service.addAdministrator(alice.session, 'administrator');
    const ina = service.newEmail();
    await service.send('POST /v1/administrators', {
      as: alice.session,
      body: { name: 'Ina', email: ina, privilege: 'privileged' },
    });
    await recover();
    for (const email of [alice.email, dave.email]) {
      const [mail, ...more] = await told(email);
      expect(more).toEqual([]);
      for (const part of [mail?.text, mail?.html])
        expect(part).toMatch(/choose “Undo recovery” before \d+ November 2026, \d\d:\d\d \(UTC\)/);
    }
    expect((await told(bob.email)).map(({ text }) => text)).toEqual([
      expect.stringContaining('Sign in with an older passkey'),
    ]);
    for (const email of [carol.email, ina]) expect(await told(email)).toEqual([]);
  });

  it('can be undone: its passkeys are removed and its sessions end, and older passkeys stay', async () => {
    const { session, passkey, id } = await recover();
    const byNewPasskey = await service.signInByPasskey(passkey);
    expect((await undo(alice.session)).status).toBe(204);
    for (const ended of [session, byNewPasskey, bob.session]) expect(await statusOf(ended)).toBe(401);
    expect((await signIn(await service.answerWith(passkey))).status).toBe(401);
    const again = await service.signInByPasskey(older);
    expect((await list(again)).map((one) => one.id)).not.toContain(id);
    expect(await list(again)).toHaveLength(1);
    expect(await holdOf()).toBeNull();
    expect(
      (await service.send('PUT /v1/administrators/me/email', { as: again, body: { email: service.newEmail() } }))
        .status,
    ).toBe(202);
    expect((await told(bob.email, 'The recovery of your account was undone')).map(({ text }) => text)).toEqual([
      expect.stringMatching(/^“Alice Arai” undid the recovery of “Bob Baba”/),
    ]);
    expect(service.logged.filter(({ message }) => message === 'change').at(-1)?.fields).toMatchObject({
      actor: { administratorId: alice.administratorId },
      what: 'recovery',
      before: { administratorId: bob.administratorId },
    });
    // An undone recovery leaves the account as it was: the next recovery link begins another hold.
    await recover();
    expect(await holdOf()).not.toBeNull();
  });

  it('cannot be undone if there is none, if it is over, or a second time', async () => {
    expectProblem(await undo(alice.session), 404, 'not-found');
    await recover();
    expect((await undo(alice.session)).status).toBe(204);
    expectProblem(await undo(alice.session), 404, 'not-found');
    await recover();
    await service.pass(24 * HOUR);
    expectProblem(await undo(await service.signIn(alice.email)), 404, 'not-found');
  });

  it('can be undone by its own administrator only with an older passkey', async () => {
    const { session, passkey } = await recover();
    for (const as of [session, await service.signInByPasskey(passkey), bob.session])
      expectProblem(await undo(as), 403, 'forbidden');
    expect((await undo(await service.signInByPasskey(older))).status).toBe(204);
    expect((await signIn(await service.answerWith(passkey))).status).toBe(401);
  });

  it('begins anew with each recovery link, and undoing it removes the passkeys of all its links', async () => {
    const first = await recover();
    await service.pass(20 * HOUR);
    const second = await recover();
    await service.pass(10 * HOUR);
    expect(await holdOf()).not.toBeNull();
    expect((await undo(await service.signIn(alice.email))).status).toBe(204);
    for (const { passkey } of [first, second])
      expect((await signIn(await service.answerWith(passkey))).status).toBe(401);
    expect(await list(await service.signInByPasskey(older))).toHaveLength(1);
  });

  it('keeps the passkeys of an earlier recovery whose hold is over', async () => {
    const first = await recover();
    await service.pass(25 * HOUR);
    const second = await recover();
    expect((await undo(await service.signIn(alice.email))).status).toBe(204);
    expect((await signIn(await service.answerWith(first.passkey))).status).toBe(201);
    expect((await signIn(await service.answerWith(second.passkey))).status).toBe(401);
  });

  it('is undone completely when its links add passkeys and others undo it at the same time', async () => {
    const sessions = [await service.signIn(bob.email), await service.signIn(bob.email)];
    const made = [];
    for (const session of sessions) made.push({ session, ...(await service.makePasskey(session)) });
    await recover();
    const answers = await Promise.all([
      ...made.map(({ session, response }) =>
        service.send('POST /v1/passkeys', { as: session, body: { name: 'Phone', passkey: response } }),
      ),
      undo(alice.session),
      undo(alice.session),
    ]);
    expect(answers.filter(({ status }) => status === 204).length).toBeGreaterThanOrEqual(1);
    await undo(alice.session);
    expect(await list(await service.signInByPasskey(older))).toHaveLength(1);
    const items = await service.dump();
    const passkeys = items.filter(({ sk }) => String(sk).startsWith(`PASSKEY#${bob.administratorId}`));
    expect(passkeys).toHaveLength(1);
    expect(items.find(({ sk }) => sk === `ADMINISTRATOR#${bob.administratorId}`)).toMatchObject({ passkeys: 1 });
  });

  it('is not undone by a plain administrator or by another customer', async () => {
    const carol = await service.addAdministrator(alice.session, 'administrator');
    const stranger = await service.signUp();
    await recover();
    expectProblem(await undo(carol.session), 403, 'forbidden');
    expectProblem(await undo(stranger.session), 404, 'not-found');
    expect(administrator.shape.recoveryHoldUntil.parse(await holdOf())).not.toBeNull();
  });
});
