import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { AdministratorView } from '../../functions/contract/administrators.ts';
import { HOUR } from '../../functions/domain/time.ts';
import { startTestService, type Person, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
/**
 * Alice is the representative of a new customer. Paula is a privileged administrator of this customer, and Bob is an
 * administrator who is not privileged.
 */
let alice: SignedUp;
let paula: Person;
let bob: Person;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

async function newCustomer() {
  alice = await service.signUp();
  paula = await service.addAdministrator(alice.session, 'privileged');
}
async function newBob() {
  bob = await service.addAdministrator(alice.session, 'administrator');
}
const edit = (by: Person, whom: Person, body: object) =>
  service.send(`PATCH /v1/administrators/${whom.administratorId}`, { as: by.session, body });
const remove = (by: Person, whom: Person) =>
  service.send(`DELETE /v1/administrators/${whom.administratorId}`, { as: by.session });
const versionOf = async () =>
  (await service.send('GET /v1/customer', { as: alice.session })).headers.get('etag') ?? 'none';
const makeRepresentative = async (by: Person, whom: Person, etag?: string) =>
  service.send('PUT /v1/customer/representative', {
    as: by.session,
    headers: { 'if-match': etag ?? (await versionOf()) },
    body: { administratorId: whom.administratorId },
  });
async function listed(by: Person = alice): Promise<AdministratorView[]> {
  const list = await service.send('GET /v1/administrators', { as: by.session });
  return (list.body as { items: AdministratorView[] }).items;
}
const find = async (whom: Person) => (await listed()).find(({ id }) => id === whom.administratorId);
const subjectsTo = async (email: string) => (await service.mailsTo(email)).map(({ subject }) => subject);
const FORBIDDEN = { type: '/problems/forbidden', status: 403 };

describe('an administrator', () => {
  beforeAll(newCustomer);
  beforeEach(newBob);

  it('is provisional until they open the activation link, and is active afterwards', async () => {
    const email = service.newEmail();
    const added = await service.send('POST /v1/administrators', {
      as: paula.session,
      body: { name: ' Carol Chiba ', email: ` ${email.toUpperCase()} `, privilege: 'privileged' },
    });
    expect(added.status).toBe(201);
    const expected = {
      id: expect.stringMatching(/^adm_[0-9a-z]{20}$/) as string,
      name: 'Carol Chiba',
      email,
      privilege: 'privileged',
      representative: false,
      createdAt: expect.any(String) as string,
      hasPasskey: false,
      recoveryHoldUntil: null,
    };
    const invitationExpiresAt = expect.any(String) as string;
    expect(added.body).toEqual({ ...expected, status: 'provisional', invitationExpiresAt });
    const carol = await service.openLink(await service.linkTo(email));
    expect(await find(carol)).toEqual({ ...expected, status: 'active', invitationExpiresAt: null });
  });

  it('can list only the administrators of the same customer, in one page or in several pages', async () => {
    const { session, administratorId } = await service.signUp();
    const added = await service.addAdministrator(session, 'administrator');
    const ids = [administratorId, added.administratorId].sort();
    expect((await listed(added)).map(({ id }) => id)).toEqual(ids);

    const paged: string[] = [];
    for (let cursor: string | null = ''; cursor !== null;) {
      const page = await service.send(`GET /v1/administrators?limit=1${cursor && `&cursor=${cursor}`}`, {
        as: session,
      });
      const { items, nextCursor } = page.body as { items: AdministratorView[]; nextCursor: string | null };
      expect(items.length).toBeLessThanOrEqual(1);
      paged.push(...items.map(({ id }) => id));
      cursor = nextCursor;
    }
    expect(paged).toEqual(ids);
  });

  it('sees who has a passkey only if privileged', async () => {
    await service.addPasskey(paula.session);
    const seen = async (by: Person) =>
      Object.fromEntries((await listed(by)).map(({ id, hasPasskey }) => [id, hasPasskey]));
    expect(await seen(paula)).toMatchObject({ [paula.administratorId]: true, [bob.administratorId]: false });
    expect(await seen(bob)).toMatchObject({ [paula.administratorId]: undefined, [bob.administratorId]: false });
  });

  it('cannot be added with the e-mail address of another administrator of the same customer', async () => {
    const before = await listed();
    for (const email of [bob.email, alice.email]) {
      const answer = await service.send('POST /v1/administrators', {
        as: alice.session,
        body: { name: 'Eve', email, privilege: 'administrator' },
      });
      expect(answer.body).toMatchObject({ type: '/problems/already-exists', status: 409 });
    }
    expect(await listed()).toEqual(before);
  });

  it('can be renamed and given another privilege by a privileged administrator', async () => {
    expect((await edit(paula, bob, { name: 'Bob B. Baba' })).body).toMatchObject({ name: 'Bob B. Baba' });
    expect((await edit(paula, bob, { privilege: 'privileged' })).body).toMatchObject({ privilege: 'privileged' });
    expect(await find(bob)).toMatchObject({ name: 'Bob B. Baba', privilege: 'privileged', email: bob.email });
  });

  it('can change their own name but not their own privilege', async () => {
    expect((await edit(paula, paula, { name: 'Paula P.' })).status).toBe(200);
    expect((await edit(paula, paula, { privilege: 'administrator' })).body).toMatchObject(FORBIDDEN);
    expect((await edit(alice, alice, { privilege: 'administrator' })).body).toMatchObject(FORBIDDEN);
    expect(await find(paula)).toMatchObject({ name: 'Paula P.', privilege: 'privileged' });
    expect((await service.send('GET /v1/customer', { as: paula.session })).status).toBe(200);
  });

  it('cannot remove themselves', async () => {
    expect((await remove(paula, paula)).body).toMatchObject(FORBIDDEN);
    expect((await remove(alice, alice)).body).toMatchObject(FORBIDDEN);
    expect([await find(paula), await find(alice)]).toMatchObject([{ status: 'active' }, { status: 'active' }]);
  });

  it('can be removed by a privileged administrator, and their address is then free for a new sign-up', async () => {
    expect((await remove(paula, bob)).status).toBe(204);
    expect((await remove(paula, bob)).body).toMatchObject({ type: '/problems/not-found', status: 404 });
    expect(await find(bob)).toBeUndefined();
    await service.send('POST /v1/customers', {
      body: { customer: { name: 'Of Bob' }, representative: { name: 'Bob', email: bob.email } },
    });
    const signedIn = await service.openLink(await service.linkTo(bob.email));
    expect(signedIn.administratorId).not.toBe(bob.administratorId);
  });

  it('is removed by only one of twenty simultaneous requests', async () => {
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await remove(alice, bob)).status));
    expect(statuses.sort()).toEqual([204, ...Array.from({ length: 19 }, () => 404)]);
  });

  it('can be sent up to 5 activation links in a row, until they open one of the links', async () => {
    const email = service.newEmail();
    const { body } = await service.send('POST /v1/administrators', {
      as: alice.session,
      body: { name: 'Ivy', email, privilege: 'administrator' },
    });
    const again = () =>
      service.send(`POST /v1/administrators/${(body as AdministratorView).id}/activation-links`, { as: paula.session });
    const first = await service.linkTo(email);
    expect((await again()).status).toBe(202);
    const second = await service.linkTo(email);
    expect(second).not.toBe(first);
    for (let times = 0; times < 5; times += 1) expect((await again()).status).toBe(202);
    expect(await service.mailsTo(email)).toHaveLength(5);

    await service.openLink(second);
    expect((await again()).body).toMatchObject({ type: '/problems/already-exists', status: 409 });
  });
});

describe('the representative', () => {
  beforeEach(newCustomer);
  beforeEach(newBob);

  it('is the person who signed up', async () => {
    expect((await listed()).filter(({ representative }) => representative).map(({ id }) => id)).toEqual([
      alice.administratorId,
    ]);
  });

  it('cannot be removed, and nobody can lower their privilege', async () => {
    expect((await remove(paula, alice)).body).toMatchObject(FORBIDDEN);
    expect((await edit(paula, alice, { privilege: 'administrator' })).body).toMatchObject(FORBIDDEN);
    expect((await edit(paula, alice, { name: 'Alice A.' })).status).toBe(200);
    expect(await find(alice)).toMatchObject({ name: 'Alice A.', privilege: 'privileged', representative: true });
  });

  it('can be replaced with another active administrator, who becomes privileged', async () => {
    const before = await versionOf();
    const answer = await makeRepresentative(paula, bob, before);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe('"2"');
    expect(answer.body).toMatchObject({
      customer: { version: 2 },
      representative: { administratorId: bob.administratorId, name: 'Bob Baba', email: bob.email },
      permissions: { unsubscribe: false, unsubscribeReason: 'not-representative' },
    });
    expect(await find(bob)).toMatchObject({ privilege: 'privileged', representative: true });
    expect(await find(alice)).toMatchObject({ privilege: 'privileged', representative: false });
    // The session that Bob started before the change has the new rights, because each request reads the rights again.
    const view = await service.send('GET /v1/customer', { as: bob.session });
    expect(view.body).toMatchObject({ permissions: { changeRepresentative: true, unsubscribe: true } });
  });

  it('can be removed only after another administrator has become the representative', async () => {
    await makeRepresentative(alice, paula);
    expect((await remove(paula, alice)).status).toBe(204);
    expect((await service.send('GET /v1/customer', { as: alice.session })).status).toBe(401);
    const carol = await service.addAdministrator(paula.session, 'privileged');
    expect((await remove(carol, paula)).body).toMatchObject(FORBIDDEN);
  });

  it('does not change if If-Match is missing or outdated, or if the chosen person cannot be the representative', async () => {
    const etag = await versionOf();
    const without = await service.send('PUT /v1/customer/representative', {
      as: alice.session,
      body: { administratorId: bob.administratorId },
    });
    expect(without.body).toMatchObject({ type: '/problems/precondition-required', status: 428 });
    await service.send('PATCH /v1/customer', {
      as: paula.session,
      headers: { 'if-match': etag },
      body: { name: 'Renamed Corporation' },
    });
    expect((await makeRepresentative(alice, bob, etag)).body).toMatchObject({
      type: '/problems/version-conflict',
      status: 412,
    });
    const invited = await service.send('POST /v1/administrators', {
      as: alice.session,
      body: { name: 'Ivy', email: service.newEmail(), privilege: 'administrator' },
    });
    const other = await service.signUp();
    const { id } = invited.body as AdministratorView;
    for (const administratorId of [id, other.administratorId]) {
      expect((await makeRepresentative(alice, { ...other, administratorId })).body).toMatchObject({
        type: '/problems/validation',
        errors: [{ pointer: '#/administratorId' }],
      });
    }
    expect(await find(alice)).toMatchObject({ representative: true });
    expect(await versionOf()).toBe('"2"');
    expect((await service.mailsTo(bob.email)).length).toBe(1);
  });

  it('is changed by only one of two simultaneous requests with the same customer version', async () => {
    const etag = await versionOf();
    const answers = await Promise.all([makeRepresentative(alice, bob, etag), makeRepresentative(paula, paula, etag)]);
    expect(answers.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect((await listed()).filter(({ representative }) => representative)).toHaveLength(1);
    expect(await versionOf()).toBe('"2"');
  });
});

describe('a change of the representative', () => {
  beforeEach(newCustomer);
  beforeEach(newBob);

  it.each([
    ['a third administrator', () => [paula, bob] as const, 3],
    ['the old representative', () => [alice, bob] as const, 2],
    ['the new representative', () => [paula, paula] as const, 2],
  ])('sends one e-mail to each person involved, and to nobody else, if %s makes the change', async (_, who, mails) => {
    const [by, whom] = who();
    await makeRepresentative(by, whom);
    const SUBJECT = 'The representative of your customer account was changed';
    const concerned = new Set([alice.email, by.email, whom.email]);
    expect(concerned.size).toBe(mails);
    for (const { email } of [alice, paula, bob]) {
      const told = (await subjectsTo(email)).filter((subject) => subject === SUBJECT);
      expect({ email, told }).toEqual({ email, told: concerned.has(email) ? [SUBJECT] : [] });
    }
  });

  it('sends an e-mail that names the old and the new representative and the person who makes the change', async () => {
    await edit(alice, paula, { name: 'Paula Puck' });
    await makeRepresentative(paula, bob);
    const text = (await service.mailsTo(bob.email)).at(-1)?.text;
    for (const name of ['Bob Baba', 'Alice Arai', 'Paula Puck', 'Example Corporation']) expect(text).toContain(name);
  });

  it('sends no e-mail and keeps the customer version if the chosen person is already the representative', async () => {
    const answer = await makeRepresentative(paula, alice);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(await subjectsTo(alice.email)).toHaveLength(1);
  });

  it('is logged with the administrator who made the change, and with the old and the new representative', async () => {
    await makeRepresentative(paula, bob);
    const change = service.logged.findLast(({ fields }) => fields['what'] === 'representative');
    expect(change?.fields).toEqual({
      route: 'change-representative',
      requestId: expect.any(String) as string,
      actor: { administratorId: paula.administratorId },
      what: 'representative',
      customerId: alice.customerId,
      before: { administratorId: alice.administratorId },
      after: { administratorId: bob.administratorId },
    });
  });
});

describe('a change of an administrator’s own e-mail address', () => {
  beforeAll(newCustomer);
  beforeEach(newBob);

  const CONFIRM = 'Confirm your e-mail address for the FIDO2 Server Service';
  const CHANGED = 'Your e-mail address for the FIDO2 Server Service was changed';
  const change = (by: Person, email: string) =>
    service.send('PUT /v1/administrators/me/email', { as: by.session, body: { email } });
  const confirm = (token: string) => service.send('POST /v1/email-confirmations', { body: { token } });

  it('takes effect when the link sent to the new address is opened, and is reported to the old address', async () => {
    const email = service.newEmail();
    expect((await change(bob, ` ${email.toUpperCase()} `)).status).toBe(202);
    expect(await subjectsTo(email)).toEqual([CONFIRM]);
    expect(await find(bob)).toMatchObject({ email: bob.email });
    expect(await subjectsTo(bob.email)).not.toContain(CHANGED);

    const token = await service.linkTo(email);
    const confirmed = await confirm(token);
    expect(confirmed.status).toBe(200);
    expect(confirmed.body).toEqual(await find(bob));
    expect(confirmed.body).toMatchObject({ id: bob.administratorId, email, status: 'active' });
    expect(await subjectsTo(bob.email)).toContain(CHANGED);
    const told = (await service.mailsTo(bob.email)).at(-1)?.text ?? '';
    expect(told).toContain(`address ${email}.`);
    expect(told).toContain('tell the representative');
    expect((await confirm(token)).body).toMatchObject({ type: '/problems/unauthenticated', status: 401 });

    // The session began with a link to the old address.
    expect((await service.send('GET /v1/customer', { as: bob.session })).status).toBe(401);
    expect(await service.signIn(email)).toMatch(/^ses_/);
  });

  it('also changes the address in the Customer view if the administrator is the representative', async () => {
    const email = service.newEmail();
    await change(alice, email);
    await confirm(await service.linkTo(email));
    expect((await service.mailsTo(alice.email)).at(-1)?.text).toContain('write to the operator');
    const view = await service.send('GET /v1/customer', { as: bob.session });
    expect(view.body).toMatchObject({ representative: { administratorId: alice.administratorId, email } });
    alice = { ...alice, email, session: await service.signIn(email) };
  });

  it('invalidates the links sent to the old address, and frees the old address for another administrator', async () => {
    await service.send('POST /v1/sign-in-links', { body: { email: bob.email } });
    const old = await service.linkTo(bob.email);
    const email = service.newEmail();
    await change(bob, email);
    await confirm(await service.linkTo(email));
    expect((await service.send('POST /v1/sessions', { body: { token: old } })).status).toBe(401);
    expect((await confirm(old)).status).toBe(401);
    expect(await find(bob)).toMatchObject({ email });
    const added = await service.send('POST /v1/administrators', {
      as: alice.session,
      body: { name: 'Bob the Second', email: bob.email, privilege: 'administrator' },
    });
    expect(added.status).toBe(201);
  });

  it('does not reveal whether the new address is taken, and sends no e-mail to a taken address', async () => {
    const [free, taken] = [await change(bob, service.newEmail()), await change(bob, paula.email)];
    expect(taken.status).toBe(202);
    expect(taken.text).toBe(free.text);
    expect(await subjectsTo(paula.email)).not.toContain(CONFIRM);
  });

  it('fails while another administrator has the new address, and succeeds with the same link once the address is free', async () => {
    const email = service.newEmail();
    await change(bob, email);
    const token = await service.linkTo(email);
    const carol = await service.send('POST /v1/administrators', {
      as: alice.session,
      body: { name: 'Carol', email, privilege: 'administrator' },
    });
    expect((await confirm(token)).body).toMatchObject({ type: '/problems/already-exists', status: 409 });
    expect(await find(bob)).toMatchObject({ email: bob.email });
    await remove(alice, { ...bob, administratorId: (carol.body as AdministratorView).id });
    expect((await confirm(token)).status).toBe(200);
  });

  it('cannot be confirmed with a sign-in link, and the confirmation link cannot be used to sign in', async () => {
    await service.send('POST /v1/sign-in-links', { body: { email: bob.email } });
    expect((await confirm(await service.linkTo(bob.email))).status).toBe(401);
    const email = service.newEmail();
    await change(bob, email);
    const token = await service.linkTo(email);
    expect((await service.send('POST /v1/sessions', { body: { token } })).status).toBe(401);
    expect((await confirm(token)).status).toBe(200);
  });

  it('has no effect if the administrator is removed before the link is opened', async () => {
    const email = service.newEmail();
    await change(bob, email);
    const token = await service.linkTo(email);
    await remove(alice, bob);
    expect((await confirm(token)).status).toBe(401);
    await service.send('POST /v1/sign-in-links', { body: { email } });
    expect(await subjectsTo(email)).toEqual([CONFIRM]);
  });

  it('takes effect only once, even if two links for the same new address are opened', async () => {
    const email = service.newEmail();
    await change(bob, email);
    const first = await service.linkTo(email);
    await change(bob, email);
    const second = await service.linkTo(email);
    expect(second).not.toBe(first);
    expect((await confirm(second)).status).toBe(200);
    expect((await confirm(first)).body).toMatchObject({ type: '/problems/unauthenticated', status: 401 });
    expect((await service.send('POST /v1/sessions', { body: { token: first } })).status).toBe(401);
  });

  it('takes effect only once, even if ten requests use the link at the same time', async () => {
    const email = service.newEmail();
    await change(bob, email);
    const token = await service.linkTo(email);
    const statuses = await Promise.all(Array.from({ length: 10 }, async () => (await confirm(token)).status));
    expect(statuses.sort()).toEqual([200, ...Array.from({ length: 9 }, () => 401)]);
    expect((await subjectsTo(bob.email)).filter((subject) => subject === CHANGED)).toHaveLength(1);
  });

  // This test comes last, because it moves the clock past the end of all sessions.
  it('fails if the link is opened 24 hours after the request', async () => {
    const email = service.newEmail();
    await change(bob, email);
    const token = await service.linkTo(email);
    await service.pass(24 * HOUR);
    expect((await confirm(token)).status).toBe(401);
  });
});

describe('the operator command that replaces the e-mail address of a representative', () => {
  beforeEach(newCustomer);
  beforeEach(newBob);

  const replace = (email: string) =>
    service.operate({ command: 'set-representative-email', customerId: alice.customerId, email });

  it('ends the sessions of the representative, notifies the old address and sends a sign-in link to the new address', async () => {
    const email = service.newEmail();
    expect(await replace(email)).toEqual({
      result: { administratorId: alice.administratorId, name: 'Alice Arai', email },
    });
    expect((await service.send('GET /v1/customer', { as: alice.session })).status).toBe(401);
    expect(await subjectsTo(alice.email)).toContain('Your e-mail address for the FIDO2 Server Service was changed');
    const told = (await service.mailsTo(alice.email)).at(-1)?.text;
    expect(told).toContain(`address ${email}.`);
    expect(told).toContain('write to the operator');
    const { administratorId } = await service.openLink(await service.linkTo(email));
    expect(administratorId).toBe(alice.administratorId);
    expect((await service.send('GET /v1/customer', { as: bob.session })).status).toBe(200);
  });

  it('deletes the passkeys of the representative, who can then sign in with the new link but not with an old passkey', async () => {
    const [first, second] = [await service.addPasskey(alice.session), await service.addPasskey(alice.session)];
    const email = service.newEmail();
    await replace(email);

    for (const { passkey } of [first, second]) {
      const signedIn = await service.send('POST /v1/sessions', {
        body: { passkey: await service.answerWith(passkey) },
      });
      expect(signedIn.status).toBe(401);
    }
    const { session } = await service.openLink(await service.linkTo(email));
    expect((await service.send('GET /v1/passkeys', { as: session })).body).toEqual({ items: [], nextCursor: null });
    await service.addPasskey(session);
    expect((await service.send('GET /v1/passkeys', { as: session })).body).toMatchObject({ items: [{}] });
  });

  it('invalidates the confirmation link of an earlier request to change the address', async () => {
    const evil = service.newEmail();
    await service.send('PUT /v1/administrators/me/email', { as: alice.session, body: { email: evil } });
    const token = await service.linkTo(evil);
    const email = service.newEmail();
    await replace(email);

    const confirmed = await service.send('POST /v1/email-confirmations', { body: { token } });
    expect(confirmed.status).toBe(401);
    const view = await service.send('GET /v1/customer', { as: bob.session });
    expect(view.body).toMatchObject({ representative: { email } });
  });

  it('fails and changes nothing if an administrator, even the representative, already has the new address', async () => {
    await service.send('GET /_local/mail');
    const before = await service.dump();
    for (const email of [bob.email, alice.email]) {
      expect(await replace(email)).toMatchObject({ problem: { type: '/problems/already-exists', status: 409 } });
    }
    expect(await service.dump()).toEqual(before);
  });
});
