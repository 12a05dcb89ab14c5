import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

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
const open = (token: string) => service.send('POST /v1/sessions', { body: { token } });
const customerOf = async (session: string) =>
  ((await service.send('GET /v1/customer', { as: session })).body as { customer: { name: string } }).customer.name;
/** Returns the customer's administrators. Signs in first, because the representative's previous session has expired. */
const listed = async ({ email }: SignedUp) => {
  const answer = await service.send('GET /v1/administrators', { as: await service.signIn(email) });
  return (answer.body as { items: { id: string; email: string; status: string }[] }).items;
};
/** Invites a new address. Returns the address and the ID of the invited administrator. */
async function invited() {
  const email = service.newEmail();
  const { id } = (await add(await service.signIn(acme.email), email)).body as { id: string };
  return { email, id };
}

describe('an invitation', () => {
  it('reserves the e-mail address for 7 days, and a sign-up with this address only sends the invitation link again', async () => {
    const { email } = await invited();
    const lapses = new Date(service.now() + 7 * DAY).toLocaleDateString('en-GB', {
      dateStyle: 'long',
      timeZone: 'UTC',
    });
    await service.pass(7 * DAY - HOUR);
    await signUp(email);
    const { text = '' } = (await service.mailsTo(email)).at(-1) ?? {};
    expect(text).toContain('as an administrator of “Acme”');
    expect(text).toContain(`expires on ${lapses}`);
    expect(text).toContain('your own organisation');
    expect(await customerOf((await service.openLink(await service.linkTo(email))).session)).toBe('Acme');
  });

  it('is removed when a person signs up with the address after 7 days, and the old links stop working', async () => {
    const { email, id } = await invited();
    await service.pass(7 * DAY - MINUTE);
    await service.send('POST /v1/sign-in-links', { body: { email } });
    const old = await service.linkTo(email);
    await service.pass(2 * MINUTE);
    await signUp(email);
    expect((await open(old)).status).toBe(401);
    const { session } = await service.openLink(await service.linkTo(email));
    expect(await customerOf(session)).toBe('Own Company');
    expect((await listed(acme)).map((administrator) => administrator.id)).not.toContain(id);
    const texts = (await service.mailsTo(email)).map(({ text }) => text);
    expect(texts.at(-1)).toContain('“Own Company” was signed up');
    expect(texts.at(-1)).not.toContain('invited');
    const removals = service.logged.filter(
      ({ fields }) => fields['what'] === 'administrator' && fields['after'] === null,
    );
    expect(removals.at(-1)?.fields).toMatchObject({
      customerId: acme.customerId,
      before: { administratorId: id, email, status: 'provisional' },
    });
    const emails = (await service.dump()).filter(({ pk }) => pk === `EMAIL#${email}`);
    expect(emails).toHaveLength(1);
  });

  it('lapses after 7 days, and lasts another 7 days if an administrator sends the invitation again', async () => {
    const { email, id } = await invited();
    await service.pass(7 * DAY);
    const before = (await service.mailsTo(email)).length;
    await service.send('POST /v1/sign-in-links', { body: { email } });
    expect(await service.mailsTo(email)).toHaveLength(before);

    const as = await service.signIn(acme.email);
    expect((await service.send(`POST /v1/administrators/${id}/activation-links`, { as })).status).toBe(202);
    expect(await service.mailsTo(email)).toHaveLength(before + 1);
    await service.pass(7 * DAY - HOUR);
    await signUp(email);
    expect(await customerOf((await service.openLink(await service.linkTo(email))).session)).toBe('Acme');
  });

  it('prevents other invitations to the same address for 7 days, and can be replaced by another invitation afterwards', async () => {
    const other = await service.signUp('Other');
    const { email, id } = await invited();
    await service.pass(7 * DAY - HOUR);
    const [theirs, ours] = [await service.signIn(other.email), await service.signIn(acme.email)];
    for (const session of [theirs, ours]) expect((await add(session, email)).status).toBe(409);
    await service.pass(2 * HOUR);
    const again = await add(await service.signIn(acme.email), email);
    expect(again.status).toBe(201);
    expect((await listed(acme)).map((administrator) => administrator.id)).not.toContain(id);
    await service.pass(7 * DAY);
    expect((await add(await service.signIn(other.email), email)).status).toBe(201);
    expect(await customerOf((await service.openLink(await service.linkTo(email))).session)).toBe('Other');
    expect((await listed(acme)).map((administrator) => administrator.email)).toEqual([acme.email]);
  });

  it('that has lapsed is removed when another administrator or the operator takes the address', async () => {
    const [first, second] = [await invited(), await invited()];
    await service.pass(7 * DAY);
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
    expect((await listed(acme)).map(({ email }) => email)).toEqual([acme.email]);
  });

  it('is either accepted or removed if the link is opened while twenty people sign up with the address', async () => {
    for (const opensFirst of [true, false]) {
      const { email, id } = await invited();
      await service.pass(7 * DAY - MINUTE);
      await service.send('POST /v1/sign-in-links', { body: { email } });
      const token = await service.linkTo(email);
      await service.pass(2 * MINUTE);
      const signUps = () => Array.from({ length: 20 }, () => signUp(email));
      const [opened] = opensFirst
        ? await Promise.all([open(token), ...signUps()])
        : (await Promise.all([...signUps(), open(token)])).reverse();
      const items = (await service.dump()).filter((item) => item['email'] === email);
      const administrators = items.filter(({ sk }) => String(sk).startsWith('ADMINISTRATOR#'));
      expect(administrators).toHaveLength(1);
      expect(administrators[0]).toMatchObject(
        opened?.status === 201 ? { administratorId: id, status: 'active' } : { status: 'provisional' },
      );
      expect(items.find(({ pk }) => pk === `EMAIL#${email}`)).toMatchObject({
        administratorId: administrators[0]?.['administratorId'],
      });
      if (opened?.status !== 201) expect(administrators[0]?.['administratorId']).not.toBe(id);
    }
  });

  it('lapses after 7 days, but a person who signs up reserves an e-mail address for more than 8 days', async () => {
    const email = service.newEmail();
    await signUp(email);
    await service.pass(8 * DAY);
    await signUp(email);
    const administrators = (await service.dump()).filter((item) => item['email'] === email && 'privilege' in item);
    expect(administrators).toHaveLength(1);
    const { session } = await service.openLink(await service.linkTo(email));
    expect(await customerOf(session)).toBe('Own Company');
    expect((await add(await service.signIn(acme.email), email)).status).toBe(409);
  });
});
