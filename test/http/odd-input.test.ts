import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { administrator } from '../../functions/contract/administrators.ts';
import { customerView } from '../../functions/contract/customers.ts';
import { expectProblem } from '../support/fido2/passkeys.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;
beforeAll(async () => {
  service = await startTestService();
  alice = await service.signUp();
});
afterAll(() => service.stop());

/** Signs up a customer with an e-mail address. Returns the address of the representative after the activation. */
async function signUpAs(email: string, sentTo: string): Promise<string> {
  const body = { customer: { name: 'Odd Corporation' }, representative: { name: 'Alice Arai', email } };
  expect((await service.send('POST /v1/customers', { body })).status).toBe(202);
  return (await service.openLink(await service.linkTo(sentTo))).email;
}

/** Signs in with a link. The typed address may have another spelling than the address that the link is sent to. */
async function signInAs(typed: string, sentTo: string): Promise<string> {
  await service.send('POST /v1/sign-in-links', { body: { email: typed } });
  return (await service.openLink(await service.linkTo(sentTo))).session;
}

describe('an e-mail address', () => {
  it.each([
    ['info@例え.jp', 'info@xn--r8jz45g.jp'],
    ['X@XN--R8JZ45G.JP', 'x@xn--r8jz45g.jp'],
    ['kontakt@bücher.example', 'kontakt@xn--bcher-kva.example'],
    ['a@ｅｘａｍｐｌｅ.com', 'a@example.com'],
    ['info@例え.テスト', 'info@xn--r8jz45g.xn--zckzah'],
  ])('%s can sign up, is stored and shown as %s', async (typed, stored) => {
    expect(await signUpAs(typed, stored)).toBe(stored);
  });

  it.each([
    ...['a&b@example.com', 'a=b@example.com', 'sales/eu@example.com', "o'neill@example.com", 'a+b@example.com'],
    ...['!#$%*?^_`{|}~-@example.com', `${'x'.repeat(64)}@example.com`, '1@2.example.com', 'a@r3---sn.example.com'],
  ])('%s can sign up', async (email) => {
    expect(await signUpAs(email, email)).toBe(email);
  });

  it('with a domain in Unicode is the same address as with the domain in ASCII', async () => {
    expect(await signUpAs('same@日本.example', 'same@xn--wgv71a.example')).toBe('same@xn--wgv71a.example');
    for (const email of ['same@日本.example', 'SAME@XN--WGV71A.example', ' same@日本.EXAMPLE\u3000']) {
      const before = (await service.mailsTo('same@xn--wgv71a.example')).length;
      expect((await service.send('POST /v1/sign-in-links', { body: { email } })).status).toBe(202);
      expect(await service.mailsTo('same@xn--wgv71a.example')).toHaveLength(before + 1);
      await service.pass(60 * 60_000);
    }
    await service.send('DELETE /_local/clock');
  });

  it('with a domain in Unicode can be invited once, can be changed to, and can be set by the operator', async () => {
    const as = await service.signIn(alice.email);
    const invite = (email: string) =>
      service.send('POST /v1/administrators', { as, body: { name: 'Bob', email, privilege: 'administrator' } });
    const invited = (await invite('bob@例え.jp')).read(administrator);
    expect(invited.email).toBe('bob@xn--r8jz45g.jp');
    expect((await invite('bob@XN--r8jz45g.jp')).status).toBe(409);

    const change = await service.send('PUT /v1/administrators/me/email', { as, body: { email: 'alice@例え.jp' } });
    expect(change.status).toBe(202);
    const token = await service.linkTo('alice@xn--r8jz45g.jp');
    await service.send('POST /v1/email-confirmations', { body: { token } });
    const shown = async (session: string) =>
      (await service.send('GET /v1/customer', { as: session })).read(customerView).representative.email;
    expect(await shown(await signInAs('alice@例え.jp', 'alice@xn--r8jz45g.jp'))).toBe('alice@xn--r8jz45g.jp');

    const { customerId } = alice;
    const set = { command: 'set-representative-email', customerId, email: 'New&Owner@例え.jp' } as const;
    expect((await service.operate(set)).problem).toBeUndefined();
    const owner = 'new&owner@xn--r8jz45g.jp';
    expect(await shown(await signInAs('New&owner@例え.jp', owner))).toBe(owner);
  });
});

describe('a phone number', () => {
  it.each([
    ['０３－１２３４－５６７８', '03-1234-5678'],
    ['＋８１（３）１２３４　５６７８', '+81(3)1234 5678'],
    ['03\u00a01234\u20115678', '03 1234-5678'],
    ['03ー1234−5678', '03-1234-5678'],
    ['\u202a+81 3 1234 5678\u202c', '+81 3 1234 5678'],
    ['\u200b', null],
  ])('%j is stored and shown as %j', async (typed, shown) => {
    const person = await service.signUp();
    const answer = await service.send('PATCH /v1/customer', {
      as: person.session,
      body: { phoneNumber: typed },
      headers: { 'if-match': '"1"' },
    });
    expect(answer.read(customerView).customer.phoneNumber).toBe(shown);
  });

  it('is refused without a normalization if it is much too long, because combining marks make normalizing slow', async () => {
    const { session } = await service.signUp();
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const answer = await service.send('PATCH /v1/customer', {
      as: session,
      body: { phoneNumber: `0${'\u0301\u0316'.repeat(30_000)}` },
      headers: { 'if-match': '"1"' },
    });
    expectProblem(answer, 400, 'validation', '#/phoneNumber');
    expect(normalize.mock.contexts.filter((text) => String(text).length > 1_000)).toEqual([]);
    normalize.mockRestore();
  });
});

describe('a name', () => {
  it.each(['👩‍👩‍👧‍👦', '❤️ Shop', 'می‌خواهم', 'क्‍ष', '𠮷野屋\u{E0100}', 'Ümlaut\u00a0& Söhne'])(
    'keeps the joiners, variation selectors and spaces between its visible characters (%s)',
    async (name) => {
      const { session } = await service.signUp(name);
      const view = (await service.send('GET /v1/customer', { as: session })).read(customerView);
      expect(view.customer.name).toBe(name);
    },
  );
});

describe('an RP ID', () => {
  let session: string;
  beforeAll(async () => {
    const person = await service.signUp();
    session = person.session;
    await service.setLicense(person.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
  });

  it.each([
    ['例え.jp', 'xn--r8jz45g.jp'],
    ['XN--WGV71A.example', 'xn--wgv71a.example'],
    [' Shop.Example.ORG ', 'shop.example.org'],
    ['shop.co.uk', 'shop.co.uk'],
    ['user.github.io', 'user.github.io'],
    ['www.ck', 'www.ck'],
    ['localhost', 'localhost'],
    ['intranet', 'intranet'],
    ['shop.intranet', 'shop.intranet'],
  ])('%s can be registered, and is stored and shown as %s', async (typed, stored) => {
    expect((await service.newRp(session, typed)).rpId).toBe(stored);
  });
});
