import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { unsubscribeCustomerContract } from '../../functions/contract/customers.ts';
import { callFss, newFssKey } from '../support/fss-client.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

const MINUTE = 60 * 1_000;
/**
 * A time in milliseconds. After an unsubscription, the local service waits less than this time before it deletes the
 * customer's data.
 */
const SWEEP_AFTER = 11_000;

let service: TestService;
beforeAll(async () => {
  service = await startTestService({ unsubscribeGraceHours: 0 });
});
afterAll(() => service.stop());

const unsubscribe = (session: string, confirmation = 'Example Corporation') =>
  service.send('POST /v1/customer/unsubscription', { as: session, body: { confirmation } });

/**
 * Returns every item that contains a customer's ID. Returns the customer's closing record, the item that remains after
 * the customer is discarded, separately.
 */
async function leftOf(customerId: string) {
  const items = (await service.dump()).filter((item) => JSON.stringify(item).includes(customerId));
  const isRecord = ({ pk }: Record<string, unknown>) => String(pk).startsWith('CLOSING-RECORD#');
  return { items: items.filter((item) => !isRecord(item)), record: items.find(isRecord) };
}

/**
 * Advances the clock to a time when the service may delete the unsubscribed customer's data. Waits until the service
 * has discarded everything except the customer's closing record. Returns the closing record.
 */
async function discarded(customerId: string) {
  await service.pass(SWEEP_AFTER);
  return vi.waitFor(
    async () => {
      const left = await leftOf(customerId);
      expect(left.items).toEqual([]);
      return left.record;
    },
    { timeout: 30_000, interval: 200 },
  );
}

/** Creates a customer that has the Free license, administrators, an RP, an API key, users and active users. */
async function makeCustomer() {
  const alice = await service.signUp();
  const bob = await service.addAdministrator(alice.session, 'privileged');
  const rp = await service.newRp(alice.session);
  const { apiKey } = await service.newApiKey(alice.session, rp.id);
  const userIds = Array.from({ length: 30 }, (_, index) => `user-${index}`);
  await service.registerUsers(apiKey, userIds);
  await service.authenticateUsers(apiKey, userIds.slice(0, 20));
  await service.drain();
  return { alice, bob, rp, apiKey };
}

describe('unsubscribing without a grace period', () => {
  it('ends all access at once, discards all data of the customer, and allows a new sign-up with the same e-mail address', async () => {
    const { alice, bob, rp, apiKey } = await makeCustomer();
    const { customerId } = alice;
    const key = await newFssKey(service, alice.session, rp, 'date-signature');
    await callFss(service, key, 'noSuchCall', {});
    const another = await makeCustomer();
    const { passkey } = await service.addPasskey(alice.session);
    await service.addPasskey(alice.session);
    await service.addPasskey(another.alice.session);
    await service.makePasskey(alice.session); // starts a passkey registration that is never completed
    const response = await service.answerWith(passkey);
    await service.send('POST /v1/sign-in-links', { body: { email: bob.email } });
    const link = await service.linkTo(bob.email);
    const before = (await service.dump()).filter((item) => JSON.stringify(item).includes(another.alice.customerId));

    const answer = await unsubscribe(alice.session);
    expect(answer.status).toBe(202);
    expect(answer.read(unsubscribeCustomerContract.answer.body)).toEqual(answer.body);
    expect(answer.headers.get('set-cookie')).toBe(service.sessionCookie('', 0));

    for (const { session } of [alice, bob]) {
      expect((await service.send('GET /v1/customer', { as: session })).status).toBe(401);
    }
    expect((await service.send('POST /v1/sessions', { body: { token: link } })).status).toBe(401);
    expect((await service.send('POST /v1/sessions', { body: { passkey: response } })).status).toBe(401);
    // While the customer unsubscribes, the service sends neither sign-in links nor sign-up links to the customer's
    // administrators.
    const mails = (await service.mailsTo(alice.email)).length;
    await service.send('POST /v1/sign-in-links', { body: { email: alice.email } });
    const signUp = { customer: { name: 'Again' }, representative: { name: 'Alice Arai', email: alice.email } };
    expect((await service.send('POST /v1/customers', { body: signUp })).status).toBe(202);
    expect(await service.mailsTo(alice.email)).toHaveLength(mails);

    await service.pass(10_001);
    const report = { operations: [{ userId: 'user-1', type: 'authentication' }] };
    expect((await service.send('POST /v1/rp/operations', { as: apiKey, body: report })).status).toBe(401);

    const record = await discarded(customerId);
    expect(record).toEqual({
      pk: `CLOSING-RECORD#${customerId}`,
      sk: `CLOSING-RECORD#${customerId}`,
      customerId,
      unsubscribedAt: expect.any(Number) as number,
      discardedAt: expect.any(Number) as number,
      discarded: {
        customer: 1,
        administrator: 2,
        'administrator-email': 2,
        passkey: 2,
        email: 2,
        license: 1,
        rp: 1,
        'rp-id': 1,
        'api-key': 2,
        'signed-call': 1,
        session: 2,
        link: 1,
        user: 30,
        'active-user': 20,
        mau: 2,
        audit: expect.any(Number) as number,
      },
    });
    const text = JSON.stringify(await service.dump());
    for (const trace of [alice.email, bob.email, rp.id]) expect(text).not.toContain(trace);
    const [confirming] = (await service.mailsTo(alice.email)).slice(-1);
    expect(confirming?.subject).toBe('Your customer account was closed');
    expect(confirming?.text).toContain(
      'RPs: 1, users: 30, credentials of users: 0, active-user records: 20, API keys: 2, administrators: 2, passkeys of administrators: 2,',
    );
    expect(confirming?.text).toContain('35 days');
    const after = (await service.dump()).filter((item) => JSON.stringify(item).includes(another.alice.customerId));
    expect(after).toEqual(before);

    await service.send('POST /v1/customers', { body: signUp });
    const again = await service.openLink(await service.linkTo(alice.email));
    expect((await service.send('GET /v1/customer', { as: again.session })).body).toMatchObject({
      customer: { name: 'Again', status: 'active' },
      license: { registeredRps: 0, registeredUsers: 0, mauThisMonth: 0 },
    });
  });

  it.each([
    ['Nobreak\u00a0Space', 'Nobreak Space'],
    ['Cafe\u0301 Tokyo', 'Caf\u00e9 Tokyo'],
    ['Two  Spaces\u3000Wide', ' Two Spaces Wide '],
    ['ＡＢＣ株式会社', 'ABC株式会社'],
    ['Zero\u200bWidth\ufe0f', 'ZeroWidth'],
    ['ZeroWidth', 'Zero\u00adWidth'],
  ])('takes the name %j if the person types %j', async (name, typed) => {
    const { session } = await service.signUp(name);
    expect((await unsubscribe(session, typed)).status).toBe(202);
  });

  describe('is refused', () => {
    let alice: SignedUp;
    beforeAll(async () => {
      alice = await service.signUp();
    });

    async function expectRefused(session: string, confirmation: string, expected: Record<string, unknown>) {
      // This request records when the session was last used, so that the next request changes no item.
      await service.send('GET /v1/customer', { as: session });
      const before = await leftOf(alice.customerId);
      const answer = await unsubscribe(session, confirmation);
      expect(answer.body).toMatchObject({ ...expected, requestId: expect.any(String) as string });
      expect(answer.status).toBe(expected['status']);
      expect(await leftOf(alice.customerId)).toEqual(before);
    }

    it('if the customer name in the request is wrong', async () => {
      for (const name of ['Example', 'example corporation', 'ExampleCorporation', 'Example Corporation.']) {
        await expectRefused(alice.session, name, {
          type: '/problems/confirmation-mismatch',
          status: 400,
          errors: [{ pointer: '#/confirmation', code: 'not-the-customer-name' }],
        });
      }
    });

    it('if the sign-in is more than 5 minutes old, whether the customer name is right or wrong', async () => {
      const session = await service.signIn(alice.email);
      await service.pass(5 * MINUTE + 1_000);
      for (const name of ['Example Corporation', 'another']) {
        await expectRefused(session, name, { type: '/problems/reauthentication-required', status: 403 });
      }
    });

    it('if the license is paid, and the response contains the contact address even if the sign-in is too old', async () => {
      await service.setLicense(alice.customerId, { type: 'starter', endsAt: '2036-01-01T00:00:00Z' });
      const session = await service.signIn(alice.email);
      await service.pass(6 * MINUTE);
      const problem = { type: '/problems/contact-required', status: 409, contact: 'sales@example.com' };
      await expectRefused(session, 'another', problem);
      await service.setLicense(alice.customerId, { type: 'free' });
    });

    it('as "forbidden" if the caller is not the representative, even if the customer name is wrong', async () => {
      const bob = await service.addAdministrator(await service.signIn(alice.email), 'privileged');
      await service.setLicense(alice.customerId, { type: 'starter', endsAt: '2036-01-01T00:00:00Z' });
      await expectRefused(bob.session, 'another', { type: '/problems/forbidden', status: 403 });
    });
  });
});

describe('a customer that changed from a paid license to Free', () => {
  it('cannot unsubscribe until 10 days after the end of the last billed month', async () => {
    const billed = await startTestService({ unsubscribeGraceHours: 0 });
    try {
      const unsubscribeNow = (session: string) =>
        billed.send('POST /v1/customer/unsubscription', {
          as: session,
          body: { confirmation: 'Example Corporation' },
        });
      const view = async (session: string) => (await billed.send('GET /v1/customer', { as: session })).body;
      await billed.setClock('2026-10-20T09:00:00Z');
      const { customerId, email } = await billed.signUp();
      const newcomer = await billed.signUp();
      await billed.setLicense(customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
      await billed.setClock('2026-11-01T00:10:00Z');
      await billed.setLicense(customerId, { type: 'free' });
      // This customer gets a paid license and returns to Free within one month, so no month is billed.
      await billed.setLicense(newcomer.customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });

      const session = await billed.signIn(email);
      expect(await view(session)).toMatchObject({
        license: { type: 'free' },
        permissions: {
          unsubscribe: false,
          unsubscribeReason: 'paid-license',
          unsubscribeFrom: '2026-11-11T00:00:00Z',
        },
      });
      const refused = await unsubscribeNow(session);
      expect([refused.status, refused.body]).toMatchObject([
        409,
        {
          type: '/problems/contact-required',
          contact: 'sales@example.com',
          detail: expect.stringMatching(/2026-10.*2026-11-11T00:00:00Z/) as string,
        },
      ]);

      // The month is closed, but perhaps the operator has not exported the statement of the month yet. Discarding the
      // customer would delete the statement.
      await billed.setClock('2026-11-04T00:05:00Z');
      await billed.send('POST /_local/schedules/month-close');
      expect((await unsubscribeNow(await billed.signIn(email))).status).toBe(409);
      await billed.setClock('2026-11-11T00:00:00Z');
      const later = await billed.signIn(email);
      expect(await view(later)).toMatchObject({ permissions: { unsubscribe: true, unsubscribeReason: null } });
      expect((await unsubscribeNow(later)).status).toBe(202);

      await billed.setLicense(newcomer.customerId, { type: 'free' });
      expect((await unsubscribeNow(await billed.signIn(newcomer.email))).status).toBe(202);
    } finally {
      await billed.stop();
    }
  });
});

describe('a customer whose license is changed to Free retroactively', () => {
  it('cannot unsubscribe until 10 days after the end of a month that was closed with a paid license', async () => {
    const billed = await startTestService({ unsubscribeGraceHours: 0 });
    try {
      await billed.setClock('2026-10-20T09:00:00Z');
      const { customerId, email } = await billed.signUp();
      await billed.setLicense(customerId, { type: 'business', endsAt: '2036-01-01T00:00:00Z' });
      await billed.setClock('2026-12-04T00:05:00Z');
      await billed.send('POST /_local/schedules/month-close');
      await billed.setLicense(customerId, { type: 'free', startsAt: '2026-11-01T00:00:00Z' });

      const unsubscribe = async () =>
        billed.send('POST /v1/customer/unsubscription', {
          as: await billed.signIn(email),
          body: { confirmation: 'Example Corporation' },
        });
      expect((await unsubscribe()).body).toMatchObject({
        type: '/problems/contact-required',
        detail: expect.stringContaining('2026-11') as unknown,
      });
      await billed.setClock('2026-12-11T00:00:00Z');
      expect((await unsubscribe()).status).toBe(202);
    } finally {
      await billed.stop();
    }
  });
});
