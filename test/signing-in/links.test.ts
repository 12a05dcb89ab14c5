import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { startTestService, type Answer, type TestService } from '../support/service.ts';

let service: TestService;

beforeAll(async () => {
  service = await startTestService();
  await service.setClock('2026-11-02T08:00:00Z');
});
afterAll(() => service.stop());
/** Each test begins two days after the previous test, so that no earlier link counts towards the limit. */
beforeEach(() => service.pass(48 * HOUR));

const signUp = (email: string) =>
  service.send('POST /v1/customers', { body: { customer: { name: 'C' }, representative: { name: 'R', email } } });
const askToSignIn = (email: string) => service.send('POST /v1/sign-in-links', { body: { email } });
const open = (token: string) => service.send('POST /v1/sessions', { body: { token } });
const linksTo = async (email: string) =>
  (await service.mailsTo(email)).filter(({ text }) => text.includes('#token=')).length;

describe('an e-mailed link', () => {
  it('works only once', async () => {
    const email = service.newEmail();
    await signUp(email);
    const token = await service.linkTo(email);
    expect((await open(token)).status).toBe(201);
    const again = await open(token);
    expect(again.status).toBe(401);
    expect(again.body).toMatchObject({ type: '/problems/unauthenticated' });
  });

  it('works only once even if twenty people open the link at the same time', async () => {
    const email = service.newEmail();
    await signUp(email);
    const token = await service.linkTo(email);
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await open(token)).status));
    expect(statuses.sort()).toEqual([201, ...Array.from({ length: 19 }, () => 401)]);
  });

  it('expires after 24 hours if it is an activation link', async () => {
    const [soon, late] = [service.newEmail(), service.newEmail()];
    await signUp(soon);
    await signUp(late);
    const tokens = { soon: await service.linkTo(soon), late: await service.linkTo(late) };
    await service.pass(24 * HOUR - MINUTE);
    expect((await open(tokens.soon)).status).toBe(201);
    await service.pass(MINUTE);
    expect((await open(tokens.late)).status).toBe(401);
  });

  it('can be requested again after the previous activation link has expired', async () => {
    const email = service.newEmail();
    await signUp(email);
    await service.linkTo(email);
    await service.pass(25 * HOUR);
    await askToSignIn(email);
    const answer = await open(await service.linkTo(email));
    expect(answer.body).toMatchObject({ administrator: { status: 'active', representative: true } });
  });

  it('expires after 15 minutes if it signs in an active administrator', async () => {
    const { email } = await service.signUp();
    await askToSignIn(email);
    const soon = await service.linkTo(email);
    await askToSignIn(email);
    const late = await service.linkTo(email);
    expect(late).not.toBe(soon);
    await service.pass(14 * MINUTE);
    expect((await open(soon)).status).toBe(201);
    await service.pass(MINUTE);
    expect((await open(late)).status).toBe(401);
  });

  it.each([
    ['a link token that the service never sent', () => `lnk_${'x'.repeat(43)}`],
    ['not in the format of a token', () => 'x'],
    ['a session token', async () => (await service.signUp()).session],
  ])('is refused if its token is %s', async (_, token) => {
    const answer = await open(await token());
    expect(answer.status).toBe(401);
    expect(answer.body).toMatchObject({ type: '/problems/unauthenticated' });
  });

  it('does not work after its administrator was removed', async () => {
    const { session } = await service.signUp();
    const { administratorId, email } = await service.addAdministrator(session, 'administrator');
    await askToSignIn(email);
    const token = await service.linkTo(email);
    await service.send(`DELETE /v1/administrators/${administratorId}`, { as: session });
    expect((await open(token)).status).toBe(401);
  });

  it('is sent to one address at most 3 times in a row, for sign-ups and sign-ins together, and again after 10 minutes', async () => {
    const email = service.newEmail();
    await signUp(email);
    for (let asked = 0; asked < 2; asked += 1) await askToSignIn(` ${email.toUpperCase()} `);
    expect(await linksTo(email)).toBe(3);

    const [fourth, fifth] = [await askToSignIn(email), await signUp(email)];
    expect([fourth.status, fifth.status]).toEqual([202, 202]);
    expect(await linksTo(email)).toBe(3);

    await service.pass(10 * MINUTE);
    await askToSignIn(email);
    await askToSignIn(email);
    expect(await linksTo(email)).toBe(4);
  });

  it('is sent to one address at most 3 times in a row, even if twenty requests arrive at the same time', async () => {
    const { email } = await service.signUp();
    await service.pass(2 * HOUR);
    const before = await linksTo(email);
    await Promise.all(Array.from({ length: 20 }, () => askToSignIn(email)));
    expect((await linksTo(email)) - before).toBe(3);
  });

  it('does not count towards the limit of another address', async () => {
    const [{ email: asked }, { email: other }] = [await service.signUp(), await service.signUp()];
    for (let times = 0; times < 6; times += 1) await askToSignIn(asked);
    await askToSignIn(other);
    expect(await linksTo(other)).toBe(2);
  });
});

describe('the service', () => {
  /** Returns a response without its `date` header, which depends on the time of the request. */
  const whole = ({ status, headers, text }: Answer) => ({
    status,
    text,
    headers: [...headers].filter(([name]) => name !== 'date'),
  });

  it.each([
    ['somebody signs up', signUp],
    ['somebody requests a sign-in link', askToSignIn],
  ])('returns the same response for known, invited, unknown and rate-limited addresses when %s', async (_, ask) => {
    const { session, email: known } = await service.signUp();
    const invited = service.newEmail();
    await service.send('POST /v1/administrators', {
      as: session,
      body: { name: 'Ivy', email: invited, privilege: 'administrator' },
    });
    const answers: unknown[] = [];
    for (const email of [known, invited, service.newEmail()]) answers.push(whole(await ask(email)));
    for (let times = 0; times < 6; times += 1) await ask(known);
    answers.push(whole(await ask(known)));
    expect(answers[0]).toMatchObject({ status: 202 });
    expect(answers).toEqual(answers.map(() => answers[0]));
  });

  it('sends a sign-in link and creates no second account when somebody signs up with a known address', async () => {
    const { email, customerId, administratorId } = await service.signUp();
    const customers = async () =>
      ((await service.operate({ command: 'list-customers' })).result as { items: unknown[] }).items;
    const before = await customers();
    await signUp(email);
    const opened = await open(await service.linkTo(email));
    expect(opened.body).toMatchObject({ administrator: { id: administratorId } });
    const { sessionToken } = opened.body as { sessionToken: string };
    const view = await service.send('GET /v1/customer', { as: sessionToken });
    expect(view.body).toMatchObject({ customer: { id: customerId } });
    expect(await customers()).toEqual(before);
  });

  it('sends no e-mail when somebody requests a sign-in link for an unknown address', async () => {
    const email = service.newEmail();
    await askToSignIn(email);
    expect(await service.mailsTo(email)).toEqual([]);
  });

  it('activates only one customer when twenty sign-ups with the same address arrive at the same time', async () => {
    const email = service.newEmail();
    const statuses = await Promise.all(Array.from({ length: 20 }, async () => (await signUp(email)).status));
    expect(new Set(statuses)).toEqual(new Set([202]));
    const tokens = (await service.mailsTo(email)).flatMap(({ text }) => /#token=(\S+)/.exec(text)?.[1] ?? []);
    const opened = await Promise.all(tokens.map(async (token) => (await open(token)).status));
    expect(opened.filter((status) => status === 201)).toHaveLength(1);
    const people = (await service.dump()).filter((item) => item['email'] === email && 'privilege' in item);
    const active = people.filter(({ status }) => status === 'active');
    expect(active).toHaveLength(1);
    const { result } = await service.operate({ command: 'list-customers' });
    const listed = (result as { items: { customerId: string }[] }).items.map(({ customerId }) => customerId);
    const ours = people.map(({ customerId }) => String(customerId));
    expect(listed.filter((customerId) => ours.includes(customerId))).toEqual([active[0]?.['customerId']]);
  });
});
