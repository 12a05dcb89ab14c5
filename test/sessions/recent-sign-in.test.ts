import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { expectProblem, passkeyService } from '../support/fido2/passkeys.ts';
import type { SignedUp, TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

const { current, expectUnchanged } = passkeyService((opened) => {
  ({ service, alice } = opened);
});

type Change = readonly [request: string, body?: object];
const send = (as: string, [request, body]: Change) =>
  service.send(request, { as, body, headers: { 'if-match': '"1"' } });

/** The changes for which every administrator needs a recent sign-in. `bob` is another administrator. */
const changesOfEverybody = (bob: string): Change[] => [
  ['PUT /v1/administrators/me/email', { email: service.newEmail() }],
  ['POST /v1/administrators', { name: 'Eve', email: service.newEmail(), privilege: 'privileged' }],
  [`PATCH /v1/administrators/${bob}`, { privilege: 'privileged' }],
  ['PUT /v1/customer/representative', { administratorId: bob }],
];
/** The changes for which administrators with a passkey need a recent sign-in. */
const changesWithPasskey = (rp: string, removedRp: string): Change[] => [
  ['POST /v1/passkeys/options'],
  [`POST /v1/rps/${rp}/api-keys`, { name: 'Production' }],
  [`DELETE /v1/rps/${removedRp}`],
];
const unsubscription: Change = ['POST /v1/customer/unsubscription', { confirmation: 'Example Corporation' }];

async function makeRps() {
  await service.setLicense(alice.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  const rps = [await service.newRp(alice.session), await service.newRp(alice.session, 'another.example.com')] as const;
  return rps.map(({ id }) => id) as [string, string];
}

async function expectRefused(as: string, changes: readonly Change[], slug = 'reauthentication-required') {
  await expectUnchanged(async () => {
    for (const change of changes) {
      const answer = await send(as, change);
      expect({ change, body: answer.body }).toMatchObject({ change, body: { type: `/problems/${slug}`, status: 403 } });
    }
  });
}
async function expectAccepted(as: string, changes: readonly Change[]) {
  for (const change of changes) {
    const { status, text } = await send(as, change);
    expect({ change, text, isAccepted: status < 300 }).toMatchObject({ isAccepted: true });
  }
}

describe('an administrator without a passkey', () => {
  it('needs a link opened within the last 5 minutes to change the e-mail address, the representative or rights', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    const [rp, removedRp] = await makeRps();
    await service.pass(6 * MINUTE);
    await current(alice.session); // records when the session was last used
    await expectRefused(alice.session, changesOfEverybody(bob.administratorId));
    await expectAccepted(alice.session, changesWithPasskey(rp, removedRp));
    await expectAccepted(await service.signIn(alice.email), changesOfEverybody(bob.administratorId));
  });

  it('needs a link opened within the last 5 minutes to unsubscribe', async () => {
    await service.pass(6 * MINUTE);
    await current(alice.session);
    await expectRefused(alice.session, [unsubscription]);
    await expectAccepted(await service.signIn(alice.email), [unsubscription]);
  });

  it('does not make an old sign-in recent by adding a passkey', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    await service.pass(6 * MINUTE);
    const { passkey } = await service.addPasskey(alice.session);
    const changes = [unsubscription, ...changesOfEverybody(bob.administratorId)];
    await expectRefused(alice.session, changes);
    await expectRefused(await service.signInByPasskey(passkey), changes);
  });

  it('can add a passkey and still use the sign-in by link for the rest of the 5 minutes', async () => {
    await service.addPasskey(alice.session);
    await service.pass(4 * MINUTE);
    await expectAccepted(alice.session, [unsubscription]);
  });

  it('needs no recent sign-in for changes that give nobody more rights', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    await service.pass(6 * MINUTE);
    await expectAccepted(alice.session, [
      ['POST /v1/administrators', { name: 'Eve', email: service.newEmail(), privilege: 'administrator' }],
      [`PATCH /v1/administrators/${bob.administratorId}`, { name: 'Robert' }],
    ]);
  });
});

describe('a passkey that is added more than 5 minutes after a sign-in by link', () => {
  async function addLate() {
    await service.pass(6 * MINUTE);
    return service.addPasskey(alice.session);
  }

  it('makes a sign-in recent only after 24 hours', async () => {
    const { passkey } = await addLate();
    const { body } = await send(await service.signInByPasskey(passkey), unsubscription);
    const until = Date.parse(z.object({ until: z.string() }).parse(body).until);
    expect(until - service.now()).toBeGreaterThan(23 * HOUR);
    await service.setClock(until - MINUTE);
    await expectRefused(await service.signInByPasskey(passkey), [unsubscription]);
    await service.setClock(until);
    await expectAccepted(await service.signInByPasskey(passkey), [unsubscription]);
  });

  it('still lets the administrator sign in by a link for 24 hours and remove the passkey', async () => {
    const { id } = await addLate();
    await service.pass(23 * HOUR);
    const session = await service.signIn(alice.email);
    expect((await current(session)).mayOnly).toBeNull();
    await service.addPasskey(session);
    await expectAccepted(session, [[`DELETE /v1/passkeys/${id}`], unsubscription]);
  });

  it('turns links into recovery links after 24 hours, or when another passkey is added with a recent sign-in', async () => {
    await addLate();
    await service.addPasskey(await service.signIn(alice.email));
    expect((await current(await service.signIn(alice.email))).mayOnly).toBe('add-passkey');

    alice = await service.signUp();
    await addLate();
    await service.pass(24 * HOUR);
    expect((await current(await service.signIn(alice.email))).mayOnly).toBe('add-passkey');
  });

  it('needs no recent sign-in for the changes that need none without a passkey', async () => {
    const [rp, removedRp] = await makeRps();
    const { passkey } = await addLate();
    const session = await service.signInByPasskey(passkey);
    await service.pass(6 * MINUTE);
    await expectAccepted(session, changesWithPasskey(rp, removedRp));
  });

  it('cannot remove a passkey that is added with a recent sign-in', async () => {
    const { passkey } = await addLate();
    const session = await service.signInByPasskey(passkey);
    const { id } = await service.addPasskey(await service.signIn(alice.email));
    await expectRefused(session, [[`DELETE /v1/passkeys/${id}`], ['POST /v1/passkeys/options'], unsubscription]);
  });
});

describe('an administrator with a passkey', () => {
  it('needs a sign-in within the last 5 minutes to add or remove passkeys, create API keys and remove RPs too', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    const [rp, removedRp] = await makeRps();
    const { passkey } = await service.addPasskey(alice.session);
    const { id } = await service.addPasskey(alice.session);
    const changes = [
      ...changesWithPasskey(rp, removedRp),
      [`DELETE /v1/passkeys/${id}`] as const,
      ...changesOfEverybody(bob.administratorId),
    ];
    await service.pass(6 * MINUTE);
    await current(alice.session);
    await expectRefused(alice.session, changes);
    const session = await service.signInByPasskey(passkey);
    await service.pass(4 * MINUTE);
    await expectAccepted(session, changes);
  });

  it('cannot unsubscribe with a recovery link', async () => {
    await service.addPasskey(alice.session);
    await expectRefused(await service.signIn(alice.email), [unsubscription]);
  });
});

describe('an administrator who adds or removes a passkey', () => {
  const told = async (email: string, subject: string) =>
    (await service.mailsTo(email)).filter((mail) => mail.subject === subject).map(({ text }) => text);

  it('is notified of each passkey, including the first one', async () => {
    const bob = await service.addAdministrator(alice.session, 'privileged');
    await service.addPasskey(bob.session);
    expect(await told(bob.email, 'A passkey was added')).toEqual([
      expect.stringMatching(/^The passkey “Phone” was added for “Bob Baba”/),
    ]);
    const { id } = await service.addPasskey(bob.session);
    expect(await told(bob.email, 'A passkey was added')).toHaveLength(2);
    await service.send(`DELETE /v1/passkeys/${id}`, { as: bob.session });
    expect(await told(bob.email, 'A passkey was removed')).toEqual([
      expect.stringMatching(/^The passkey “Phone” of “Bob Baba”.* was removed/),
    ]);
    expect(await told(alice.email, 'A passkey was added')).toEqual([]);
  });
});

it('a link does not confirm an e-mail address that was requested before the first passkey was added', async () => {
  const email = service.newEmail();
  await expectAccepted(alice.session, [['PUT /v1/administrators/me/email', { email }]]);
  const token = await service.linkTo(email);
  await service.addPasskey(alice.session);
  await expectUnchanged(async () => {
    expectProblem(await service.send('POST /v1/email-confirmations', { body: { token } }), 401, 'unauthenticated');
  });
});
