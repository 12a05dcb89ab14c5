import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { customerView } from '../../functions/contract/customers.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;
beforeAll(async () => {
  service = await startTestService({
    people: () => Promise.resolve([{ email: alice.email, shows: 'Free' }]),
  });
  alice = await service.signUp();
});
afterAll(() => service.stop());

describe('one-click sign-in', () => {
  const click = (email: string, headers: Record<string, string> = {}) =>
    service.send('POST /_local/sign-in', {
      raw: new URLSearchParams({ email }).toString(),
      headers: { 'content-type': 'application/x-www-form-urlencoded', ...headers },
    });
  const tokenIn = ({ headers }: Awaited<ReturnType<typeof click>>) => {
    const [page, token = ''] = (headers.get('location') ?? '').split('#token=');
    expect(page).toBe(`${service.url}/sign-in`);
    return token;
  };

  it('redirects the browser to a new link on every click, even beyond the limit of links per e-mail address', async () => {
    for (let times = 0; times < 8; times += 1) {
      const answer = await click(alice.email, { origin: service.origin });
      expect(answer.status).toBe(303);
      const token = tokenIn(answer);
      expect(token).toBe(await service.linkTo(alice.email));
      expect(await service.openLink(token)).toMatchObject({ administratorId: alice.administratorId });
    }
  });

  it('shows the link on the page /_local/ until the link is used or expires', async () => {
    const page = async () => (await service.send('GET /_local/')).text;
    const used = tokenIn(await click(alice.email));
    expect(await page()).toContain(`#token=${used}"`);
    await service.openLink(used);
    expect(await page()).not.toContain(used.concat('"'));

    const expired = tokenIn(await click(alice.email));
    await service.pass(20 * 60 * 1_000);
    expect(await page()).not.toContain(expired.concat('"'));
    await service.send('DELETE /_local/clock');
  });

  it('works only for the people that the page /_local/ lists, and refuses requests from pages of other websites', async () => {
    const bob = await service.addAdministrator(alice.session, 'administrator');
    const mails = await service.mailsTo(bob.email);

    expect((await click(bob.email)).status).toBe(404);
    expect((await click('')).status).toBe(404);
    expect((await click(alice.email, { origin: 'https://evil.example' })).status).toBe(403);
    expect(await service.mailsTo(bob.email)).toEqual(mails);
  });
});

it('GET /_local/mail returns all e-mails, or only the e-mails to the address in the parameter `to`', async () => {
  const bob = await service.signUp();
  const all = (await service.send('GET /_local/mail')).body as { to: string }[];
  const toBob = all.filter(({ to }) => to === bob.email);
  expect(toBob).toHaveLength(1);
  expect(all.length).toBeGreaterThan(1);
  expect((await service.send(`GET /_local/mail?to=${encodeURIComponent(bob.email)}`)).body).toEqual(toBob);
  expect((await service.send('GET /_local/mail?to=nobody%40example.com')).body).toEqual([]);
});

describe('POST /_local/mail/{id}/events', () => {
  const report = async (body: object) => {
    const { id = '' } = (await service.mailsTo(alice.email)).at(-1) ?? {};
    return service.send(`POST /_local/mail/${id}/events`, { body });
  };
  const representative = async () => {
    const as = await service.signIn(alice.email);
    return async () => (await service.send('GET /v1/customer', { as })).read(customerView).representative;
  };

  it.each([
    [{ type: 'bounce', bounceType: 'Transient' }, undefined],
    [{ type: 'complaint', complaintFeedbackType: 'not-spam' }, undefined],
    [{ type: 'complaint', complaintFeedbackType: 'abuse' }, true],
    [{ type: 'complaint' }, true],
    [{ type: 'bounce' }, true],
  ])('delivers the event %j to the function that records it', async (event, undeliverable) => {
    const shown = await representative();
    expect((await report(event)).status).toBe(200);
    expect((await shown()).undeliverable).toBe(undeliverable);
    await service.pass(60 * 60_000);
  });

  it('refuses an unknown e-mail and an unknown type', async () => {
    expect((await report({ type: 'delivery' })).status).toBe(400);
    expect((await service.send('POST /_local/mail/none/events', { body: { type: 'bounce' } })).status).toBe(404);
    await service.send('DELETE /_local/clock');
  });
});

it('pages of other websites cannot call the local routes or the operator’s function', async () => {
  const { customerId, email } = await service.signUp();
  const operate = (headers: Record<string, string>) =>
    service.send('POST /2015-03-31/functions/operator/invocations', {
      headers,
      body: { command: 'set-representative-email', operator: 'olga', customerId, email: `new-${email}` },
    });
  const setClock = (headers: Record<string, string>) =>
    service.send('PUT /_local/clock', { headers, body: { now: '2030-01-01T00:00:00Z' } });
  const before = await service.dump();
  for (const origin of ['https://evil.example', 'http://localhost.evil.example', 'http://localhost:9', 'null']) {
    expect((await operate({ origin })).status, origin).toBe(403);
    expect((await setClock({ origin })).status, origin).toBe(403);
  }
  expect(await service.dump()).toEqual(before);
  expect(service.now()).toBeLessThan(Date.parse('2030-01-01T00:00:00Z'));

  expect((await setClock({ origin: new URL(service.url).origin })).status).toBe(200);
  expect((await operate({})).status).toBe(200);
});

it('an unknown schedule with the name of a property of every object, and an operator’s request that is not JSON, are refused', async () => {
  expect((await service.send('POST /_local/schedules/constructor')).status).toBe(404);
  const raw = '{"operator":';
  expect((await service.send('POST /2015-03-31/functions/operator/invocations', { raw })).status).toBe(400);
});

describe('PUT /_local/dns', () => {
  it.each([
    ['no JSON', 'name=shop.example.com'],
    ['no name', '{"txt":[]}'],
    ['an empty name', '{"name":"","txt":[]}'],
    ['no records', '{"name":"shop.example.com"}'],
    ['one record in place of a list', '{"name":"shop.example.com","txt":"a"}'],
    ['a record that is a number', '{"name":"shop.example.com","txt":[1]}'],
  ])('refuses %s', async (_, raw) => {
    const answer = await service.send('PUT /_local/dns', { raw });
    expect([answer.status, answer.body]).toEqual([400, { error: 'Send {"name":"shop.example.com","txt":["…"]}.' }]);
  });

  it('returns the records that it has set', async () => {
    const body = { name: 'shop.example.com', txt: ['a', 'b'] };
    expect((await service.send('PUT /_local/dns', { body })).body).toEqual(body);
  });
});
