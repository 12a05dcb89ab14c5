import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/domain/time.ts';
import { LONG } from '../support/long.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** How often a test repeats requests that are sent at the same time. */
const ROUNDS = LONG ? 5 : 2;
/** How many links of a person are opened at the same time. */
const LINKS = LONG ? 20 : 6;

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

const signUp = (email: string, name = 'Example Corporation', person = 'Alice Arai') =>
  service.send('POST /v1/customers', { body: { customer: { name }, representative: { name: person, email } } });
const askToSignIn = (email: string) => service.send('POST /v1/sign-in-links', { body: { email } });
const open = (token: string) => service.send('POST /v1/sessions', { body: { token } });
const customerBehind = async (token: string) => {
  const { session } = await service.openLink(token);
  return ((await service.send('GET /v1/customer', { as: session })).body as { customer: { name: string; id: string } })
    .customer;
};
/** Returns the ID of the customer that signed up last with an address. */
const signedUp = async (email: string) =>
  String((await service.dump()).find(({ pk }) => pk === `EMAIL#${email}`)?.['customerId']);
/** Returns the items of the table that contain a text, sorted by key. */
const itemsWith = async (...texts: string[]) =>
  (await service.dump()).filter((item) => texts.some((text) => JSON.stringify(item).includes(text)));
const kindsOf = (items: Record<string, unknown>[]) => items.map(({ sk }) => String(sk).split('#')[0]);
const listed = async () => {
  const { result } = await service.operate({ command: 'list-customers' });
  return (result as { items: { customerId: string }[] }).items.map(({ customerId }) => customerId);
};

describe('a customer that nobody has activated', () => {
  it('is in no index, and every one of its items expires a day after the 7 days for the activation', async () => {
    const email = service.newEmail();
    await signUp(email);
    const before = service.now();
    const customerId = await signedUp(email);
    await service.linkTo(email);
    const items = await itemsWith(customerId, email);
    expect(kindsOf(items)).toEqual(['ADMINISTRATOR', 'ADMINISTRATOR-EMAIL', 'CUSTOMER', 'LICENSE', 'EMAIL', 'LINK']);
    for (const item of items) {
      const isLink = String(item['pk']).startsWith('LINK#');
      // A link is found by the customer's ID, so that a link that is left unused is discarded with the customer. No run
      // reads this part of the index, and the link expires after 24 hours.
      expect([item['sk'], 'finderPk' in item]).toEqual([item['sk'], isLink]);
      expect(Number(item['ttl']) * SECOND).toBeLessThanOrEqual(before + 8 * DAY + SECOND);
      if (!isLink) expect(Number(item['ttl']) * SECOND).toBeGreaterThan(before + 8 * DAY - MINUTE);
    }
    expect(await listed()).not.toContain(customerId);
  });

  it('has no item that expires, except its first audit entry, and is in the index, once it is activated', async () => {
    const email = service.newEmail();
    await signUp(email);
    await askToSignIn(email);
    const customerId = await signedUp(email);
    await service.openLink(await service.linkTo(email));
    const items = await itemsWith(customerId, email);
    expect(kindsOf(items.filter((item) => !('ttl' in item)))).toEqual([
      'ADMINISTRATOR',
      'ADMINISTRATOR-EMAIL',
      'CUSTOMER',
      'LICENSE',
      'EMAIL',
    ]);
    expect(kindsOf(items.filter((item) => 'ttl' in item)).sort()).toEqual(['AUDIT', 'LINK', 'SESSION']);
    expect(await listed()).toContain(customerId);
    await service.pass(400 * DAY);
    expect((await customerBehind((await askToSignIn(email), await service.linkTo(email)))).id).toBe(customerId);
  });

  it('cannot be activated and gets no link after 7 days, even while its items are still in the table', async () => {
    const email = service.newEmail();
    await signUp(email);
    const customerId = await signedUp(email);
    await service.pass(7 * DAY - HOUR);
    await askToSignIn(email);
    const token = await service.linkTo(email);
    await service.pass(2 * HOUR);
    expect((await open(token)).status).toBe(401);
    const mails = (await service.mailsTo(email)).length;
    await askToSignIn(email);
    expect(await service.mailsTo(email)).toHaveLength(mails);
    const { problem } = await service.operate({ command: 'show-customer', customerId });
    expect(problem).toMatchObject({ status: 404 });
    expect(await itemsWith(customerId)).not.toEqual([]);
    await signUp(email, 'Second Try');
    expect((await customerBehind(await service.linkTo(email))).name).toBe('Second Try');
  });

  it('is not touched by the hourly runs, and gets no statement for a month before its activation', async () => {
    const own = await startTestService();
    try {
      await own.setClock('2026-10-28T12:00:00Z');
      const email = own.newEmail();
      const body = { customer: { name: 'Late' }, representative: { name: 'Lea', email } };
      await own.send('POST /v1/customers', { body });
      const token = await own.linkTo(email);
      const unchanged = await own.dump();
      for (const run of ['begin-discarding', 'recount', 'mau-alerts']) await own.send(`POST /_local/schedules/${run}`);
      expect(unchanged.length).toBeGreaterThan(4);
      expect((await own.dump()).filter(({ sk }) => !String(sk).startsWith('CURSOR'))).toEqual(unchanged);
      await own.setClock('2026-11-03T12:00:00Z');
      await own.send('POST /v1/sign-in-links', { body: { email } });
      expect((await own.send('POST /v1/sessions', { body: { token } })).status).toBe(401);
      const { session } = await own.openLink(await own.linkTo(email));
      await own.setClock('2026-11-04T00:10:00Z');
      for (let run = 0; run < 2; run += 1) await own.send('POST /_local/schedules/month-close');
      const exported = await own.operate({ command: 'export-statements', month: '2026-10' });
      expect(exported.result).toMatchObject({ items: [], missing: [] });
      await own.setClock('2026-12-04T00:10:00Z');
      await own.send('POST /_local/schedules/month-close');
      const next = await own.operate({ command: 'export-statements', month: '2026-11' });
      expect(next.result).toMatchObject({ items: [{ name: 'Late' }], missing: [] });
      expect(session).toMatch(/^ses_/);
    } finally {
      await own.stop();
    }
  });

  it('gets no license from the operator, and the operator cannot end it, because its items expire', async () => {
    const email = service.newEmail();
    await signUp(email, 'Early');
    await service.linkTo(email);
    const customerId = await signedUp(email);
    const before = await itemsWith(customerId);
    const refusals = [
      await service.operate({ command: 'set-license', customerId, type: 'business', endsAt: '2036-01-01T00:00:00Z' }),
      await service.operate({ command: 'end-customer', customerId, confirmation: 'Early' }),
    ];
    for (const { problem } of refusals) expect(problem).toMatchObject({ status: 404 });
    expect(await itemsWith(customerId)).toEqual(before);
  });
});

describe('a sign-up', () => {
  it('replaces every earlier sign-up with the same address that was not activated, so a stranger cannot take the address first', async () => {
    const email = service.newEmail();
    await signUp(email, 'Stranger Inc', 'Mallory');
    const stranger = await service.linkTo(email);
    await signUp(email, 'My Company');
    const mine = await service.linkTo(email);
    expect((await open(stranger)).status).toBe(401);
    await askToSignIn(email);
    expect((await customerBehind(await service.linkTo(email))).name).toBe('My Company');
    expect((await open(mine)).status).toBe(401);
    expect((await open(stranger)).status).toBe(401);
  });

  it('beyond the limit of links creates nothing, so the last link that the owner received still works', async () => {
    const email = service.newEmail();
    for (let times = 1; times <= 3; times += 1) await signUp(email, 'My Company');
    const mine = await service.linkTo(email);
    const before = await itemsWith(email);
    expect((await signUp(email, 'Stranger Inc', 'Mallory')).status).toBe(202);
    expect(await itemsWith(email)).toEqual(before);
    await service.pass(11 * MINUTE);
    await signUp(email, 'My Company');
    const later = await service.linkTo(email);
    expect(later).not.toBe(mine);
    await signUp(email, 'Stranger Inc', 'Mallory');
    expect((await customerBehind(later)).name).toBe('My Company');
  });

  it('at the same time as other sign-ups takes one of the three links, or creates nothing', async () => {
    const email = service.newEmail();
    const answers = await Promise.all(Array.from({ length: 6 }, () => signUp(email)));
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(202));
    expect(await service.mailsTo(email)).toHaveLength(3);
    const representatives = (await itemsWith(email)).filter(({ sk }) => String(sk).startsWith('ADMINISTRATOR#'));
    expect(representatives).toHaveLength(3);
    expect((await open(await service.linkTo(email))).status).toBe(201);
  });

  it('with an address that belongs to an administrator creates nothing and sends a sign-in link', async () => {
    const { email, customerId } = await service.signUp('First');
    const kept = async () => (await itemsWith(email)).filter(({ sk }) => !/^(LINK|SESSION|MAIL)/.test(String(sk)));
    const before = await kept();
    await signUp(email, 'Second');
    const after = await kept();
    expect(after).toEqual(before);
    expect(await customerBehind(await service.linkTo(email))).toMatchObject({ name: 'First', id: customerId });
  });

  it('is activated at most once when its link and the link of an earlier sign-up are opened at the same time', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const email = service.newEmail();
      await signUp(email, 'Earlier');
      const tokens = [await service.linkTo(email)];
      await signUp(email, 'Later');
      tokens.push(await service.linkTo(email));
      const statuses = await Promise.all(tokens.map(async (token) => (await open(token)).status));
      expect(statuses).toEqual([401, 201]);
    }
  });

  it('cannot take over an address while the owner opens the link: only one customer becomes active and gets the address', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const email = service.newEmail();
      await signUp(email, 'Owner');
      const token = await service.linkTo(email);
      const [opened] = await Promise.all([open(token), ...Array.from({ length: 5 }, () => signUp(email, 'Stranger'))]);
      const items = await itemsWith(email);
      const active = items.filter(({ status }) => status === 'active');
      expect(active).toHaveLength(opened.status === 201 ? 1 : 0);
      const address = items.find(({ pk }) => pk === `EMAIL#${email}`);
      if (opened.status === 201) {
        expect(address).toMatchObject({ administratorId: active[0]?.['administratorId'] });
        expect(address).not.toHaveProperty('claim');
      } else expect(address).toHaveProperty('claim');
    }
  });

  it('e-mail contains no text that the person who signs up chose', async () => {
    const email = service.newEmail();
    await signUp(email, 'Win a prize at evil.example', 'Click evil.example');
    const { subject, text, html } = (await service.mailsTo(email)).at(-1) ?? {};
    expect(text).toContain('#token=');
    for (const part of [subject, text, html]) expect(part).not.toContain('evil');
  });
});

describe('an activation link', () => {
  it('no longer opens a session once the administrator was activated by another link', async () => {
    const email = service.newEmail();
    await signUp(email);
    const first = await service.linkTo(email);
    await askToSignIn(email);
    await service.openLink(await service.linkTo(email));
    await service.pass(20 * HOUR);
    expect((await open(first)).status).toBe(401);
    await askToSignIn(email);
    expect((await open(await service.linkTo(email))).status).toBe(201);
  });

  it(`opens only one session when ${LINKS} links of the same person are opened at the same time`, async () => {
    const email = service.newEmail();
    await signUp(email);
    const tokens = [await service.linkTo(email)];
    while (tokens.length < LINKS) {
      await service.pass(10 * MINUTE); // after that time, the limit of links allows one more
      await askToSignIn(email);
      tokens.push(await service.linkTo(email));
    }
    expect(new Set(tokens).size).toBe(LINKS);
    const statuses = await Promise.all(tokens.map(async (token) => (await open(token)).status));
    expect(statuses.filter((status) => status === 201)).toHaveLength(1);
  });
});
