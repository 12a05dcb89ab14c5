import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { LONG } from '../support/long.ts';
import { startTestService, type Answer, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let acme: SignedUp;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  acme = await service.signUp('Acme');
});

const add = (session: string, email: string) =>
  service.send('POST /v1/administrators', {
    as: session,
    body: { name: 'Bo Berg', email, privilege: 'administrator' },
  });
const signUp = (email: string) =>
  service.send('POST /v1/customers', {
    body: { customer: { name: 'Own Company' }, representative: { name: 'Bo', email } },
  });
const askToSignIn = (email: string) => service.send('POST /v1/sign-in-links', { body: { email } });
const open = (token: string) => service.send('POST /v1/sessions', { body: { token } });
const customerOf = async (session: string) =>
  ((await service.send('GET /v1/customer', { as: session })).body as { customer: { name: string } }).customer.name;
/** Opens a link and returns the name of the customer whose administrator the link signs in. */
const customerBehind = async (token: string) => customerOf((await service.openLink(token)).session);
interface Listed {
  readonly id: string;
  readonly email: string;
  readonly status: string;
  readonly invitationExpiresAt: string | null;
}
/** Returns the customer's administrators. Signs in first, because the representative's previous session has expired. */
const listed = async ({ email }: SignedUp) => {
  const answer = await service.send('GET /v1/administrators', { as: await service.signIn(email) });
  return (answer.body as { items: Listed[] }).items;
};
/** Invites a new address. Returns the address, the ID of the invited administrator and the token of the link. */
async function invited(by = acme) {
  const email = service.newEmail();
  const { id } = (await add(await service.signIn(by.email), email)).body as { id: string };
  return { email, id, token: await service.linkTo(email) };
}
const newest = async (email: string) => (await service.mailsTo(email)).at(-1);

describe('an invitation', () => {
  it('reserves nothing: a sign-up with the invited address creates a customer, and both links work until one is opened', async () => {
    for (const opens of ['invitation', 'sign-up'] as const) {
      const { email, token } = await invited();
      await signUp(email);
      const signedUp = await service.linkTo(email);
      expect(signedUp).not.toBe(token);
      const [first, second] = opens === 'invitation' ? [token, signedUp] : [signedUp, token];
      expect(await customerBehind(first)).toBe(opens === 'invitation' ? 'Acme' : 'Own Company');
      expect((await open(second)).status).toBe(opens === 'invitation' ? 401 : 409);
      await askToSignIn(email);
      expect(await customerBehind(await service.linkTo(email))).toBe(opens === 'invitation' ? 'Acme' : 'Own Company');
    }
  });

  it('is sent to an address that a stranger has signed up, and its link works', async () => {
    const email = service.newEmail();
    await signUp(email);
    const stranger = await service.linkTo(email);
    await add(acme.session, email);
    const token = await service.linkTo(email);
    expect((await newest(email))?.text).toContain('An organisation invited you');
    expect(await customerBehind(token)).toBe('Acme');
    expect((await open(stranger)).status).toBe(401);
  });

  it('of each of several customers stays open, and the person joins the customer whose link they open first', async () => {
    const other = await service.signUp('Other');
    const { email, token } = await invited();
    expect((await add(other.session, email)).status).toBe(201);
    const theirs = await service.linkTo(email);
    await askToSignIn(email);
    expect(await customerBehind(token)).toBe('Acme');
    const refused = await open(theirs);
    expect(refused.body).toMatchObject({ type: '/problems/already-exists', status: 409 });
    expect((await listed(other)).find((guest) => guest.email === email)).toMatchObject({ status: 'provisional' });
  });

  it('does not make the person an administrator of two customers when both links are opened at the same time', async () => {
    const other = await service.signUp('Other');
    for (let round = 0; round < (LONG ? 5 : 2); round += 1) {
      // The hour keeps the sign-ins of the representatives below the limit of links.
      await service.pass(HOUR + MINUTE);
      const { email, token } = await invited();
      await add(await service.signIn(other.email), email);
      const tokens = [token, await service.linkTo(email)];
      const statuses = await Promise.all(tokens.map(async (each) => (await open(each)).status));
      expect(statuses.sort()).toEqual([201, 409]);
      const active = (await service.dump()).filter((item) => item['email'] === email && item['status'] === 'active');
      expect(active).toHaveLength(1);
      expect((await service.dump()).find(({ pk }) => pk === `EMAIL#${email}`)).toMatchObject({
        administratorId: active[0]?.['administratorId'],
      });
    }
  });

  it('expires after 7 days: no link works or is sent, and the list shows when it expired', async () => {
    const { email, id } = await invited();
    const expected = service.now() + 7 * DAY;
    await service.pass(7 * DAY - MINUTE);
    await askToSignIn(email);
    const token = await service.linkTo(email);
    await service.pass(2 * MINUTE);
    const before = (await service.mailsTo(email)).length;
    await askToSignIn(email);
    expect(await service.mailsTo(email)).toHaveLength(before);
    expect((await open(token)).status).toBe(401);
    const guest = (await listed(acme)).find((administrator) => administrator.id === id);
    expect(guest?.status).toBe('provisional');
    expect(Math.abs(Date.parse(guest?.invitationExpiresAt ?? '') - expected)).toBeLessThan(MINUTE);
  });

  it('lasts another 7 days if an administrator sends it again, even after it has expired', async () => {
    const { email, id } = await invited();
    await service.pass(8 * DAY);
    const as = await service.signIn(acme.email);
    expect((await service.send(`POST /v1/administrators/${id}/activation-links`, { as })).status).toBe(202);
    const expected = service.now() + 7 * DAY;
    const shown = (await listed(acme)).find((administrator) => administrator.id === id)?.invitationExpiresAt ?? '';
    expect(Math.abs(Date.parse(shown) - expected)).toBeLessThan(MINUTE);
    await service.pass(7 * DAY - HOUR);
    await askToSignIn(email);
    expect(await customerBehind(await service.linkTo(email))).toBe('Acme');
    expect((await listed(acme)).find((administrator) => administrator.id === id)).toMatchObject({
      status: 'active',
      invitationExpiresAt: null,
    });
  });

  it('prevents another invitation of the same customer to the same address for 7 days, and is then replaced', async () => {
    const { email, id } = await invited();
    await service.pass(7 * DAY - HOUR);
    expect((await add(await service.signIn(acme.email), email)).body).toMatchObject({
      type: '/problems/already-exists',
      errors: [{ pointer: '#/email', code: 'email-taken' }],
    });
    await service.pass(2 * HOUR);
    expect((await add(await service.signIn(acme.email), email)).status).toBe(201);
    expect((await listed(acme)).map((administrator) => administrator.id)).not.toContain(id);
    const removals = service.logged.filter(
      ({ fields }) => fields['what'] === 'administrator' && fields['after'] === null,
    );
    expect(removals.at(-1)?.fields).toMatchObject({
      customerId: acme.customerId,
      before: { administratorId: id, email, status: 'provisional' },
    });
    expect(await customerBehind(await service.linkTo(email))).toBe('Acme');
  });

  it('that another customer or a stranger made does not keep an administrator or the operator from taking the address', async () => {
    const [first, second] = [await invited(), await invited()];
    await signUp(second.email);
    const other = await service.signUp('Other');
    await service.send('PUT /v1/administrators/me/email', { as: other.session, body: { email: first.email } });
    const confirm = await service.send('POST /v1/email-confirmations', {
      body: { token: await service.linkTo(first.email) },
    });
    expect(confirm.status).toBe(200);
    const { problem } = await service.operate({
      command: 'set-representative-email',
      customerId: other.customerId,
      email: second.email,
    });
    expect(problem).toBeUndefined();
    expect((await open(first.token)).status).toBe(201);
    expect((await open(second.token)).status).toBe(409);
  });

  it('leaves only audit entries in the table after it is withdrawn, and its link no longer works', async () => {
    const { email, id, token } = await invited();
    const as = await service.signIn(acme.email);
    expect((await service.send(`DELETE /v1/administrators/${id}`, { as })).status).toBe(204);
    const left = (await service.dump()).filter((item) => JSON.stringify(item).includes(email));
    expect(left.map(({ pk, sk }) => `${String(pk).split('#')[0]} ${String(sk).split('#')[0]}`)).toEqual([
      'CUSTOMER AUDIT',
      'CUSTOMER AUDIT',
      'LINK LINK',
    ]);
    expect((await open(token)).status).toBe(401);
  });

  it('that is withdrawn leaves the claim of another invitation or of a sign-up to the same address', async () => {
    const other = await service.signUp('Other');
    for (const claims of ['invitation', 'sign-up']) {
      const { email, id } = await invited();
      if (claims === 'sign-up') await signUp(email);
      else await add(await service.signIn(other.email), email);
      const as = await service.signIn(acme.email);
      expect((await service.send(`DELETE /v1/administrators/${id}`, { as })).status).toBe(204);
      await askToSignIn(email);
      expect(await customerBehind(await service.linkTo(email))).toBe(claims === 'sign-up' ? 'Own Company' : 'Other');
    }
  });

  it('e-mail contains neither the name of the customer nor any name that an administrator typed', async () => {
    const { email } = await invited();
    const { subject, text, html } = (await newest(email)) ?? {};
    for (const part of [subject, text, html]) expect(part).not.toMatch(/Acme|Bo Berg|Alice Arai/);
    expect(text).toContain('your own organisation');
  });
});

describe('an invitation to an address that belongs to an administrator of another customer', () => {
  /** Returns a response without what differs between any two invitations. */
  const shape = ({ status, body }: Answer) => ({
    status,
    body: { ...(body as object), id: 'adm', email: 'to', createdAt: 'at', invitationExpiresAt: 'until' },
  });

  it('is answered like every other invitation, and shows the same administrator in the list', async () => {
    const other = await service.signUp('Other');
    const [known, unknown] = [await add(acme.session, other.email), await add(acme.session, service.newEmail())];
    expect(known.status).toBe(201);
    expect(shape(known)).toEqual(shape(unknown));
    const guests = (await listed(acme)).filter(({ status }) => status === 'provisional');
    expect(guests).toHaveLength(2);
    const again = await service.send(`POST /v1/administrators/${guests[0]?.id ?? ''}/activation-links`, {
      as: await service.signIn(acme.email),
    });
    expect(again.status).toBe(202);
  });

  it('makes the same writes as every other invitation', async () => {
    const uses: string[] = [];
    const counting = await startTestService({
      onTableUse: (name, { action, keys }) => {
        if (name === 'console') uses.push(`${action} ${keys.map((key) => key.split('#')[0]).join()}`);
      },
    });
    try {
      const [alice, other] = [await counting.signUp(), await counting.signUp()];
      const usesOf = async (email: string) => {
        uses.length = 0;
        const body = { name: 'Bo Berg', email, privilege: 'administrator' };
        expect((await counting.send('POST /v1/administrators', { as: alice.session, body })).status).toBe(201);
        return [...uses];
      };
      const known = await usesOf(other.email);
      expect(known.length).toBeGreaterThan(3);
      expect(known).toEqual(await usesOf(counting.newEmail()));
    } finally {
      await counting.stop();
    }
  });

  it('tells the owner why they cannot join, without a link and without a text of the inviting customer', async () => {
    const other = await service.signUp('Other');
    await add(acme.session, other.email);
    const { subject = '', text = '', html = '' } = (await newest(other.email)) ?? {};
    expect(subject).toBe('You were invited, but your e-mail address is in use');
    expect(text).toContain('One address can belong to only one organisation.');
    for (const part of [subject, text, html]) expect(part).not.toMatch(/Acme|Bo Berg|#token=/);
    const session = await service.signIn(other.email);
    expect(await customerOf(session)).toBe('Other');
  });

  it('works when it is sent again after the owner gave up the address', async () => {
    const other = await service.signUp('Other');
    const { email, administratorId } = await service.addAdministrator(other.session, 'administrator');
    const { id } = (await add(acme.session, email)).body as { id: string };
    await service.send(`DELETE /v1/administrators/${administratorId}`, { as: other.session });
    await service.send(`POST /v1/administrators/${id}/activation-links`, { as: acme.session });
    expect(await customerBehind(await service.linkTo(email))).toBe('Acme');
  });
});
