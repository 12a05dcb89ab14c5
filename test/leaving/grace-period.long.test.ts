import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { unsubscribeCustomerContract } from '../../functions/contract/customers.ts';
import { DAY, HOUR, MINUTE } from '../../functions/domain/time.ts';
import { startTestService, type Answer, type Person, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

/** The representative and another privileged administrator of a new customer with the Free license. */
let alice: SignedUp;
let bob: Person;
beforeEach(async () => {
  alice = await service.signUp();
  bob = await service.addAdministrator(alice.session, 'privileged');
});

const PATH = '/v1/customer/unsubscription';
const unsubscribe = (as = alice.session) =>
  service.send(`POST ${PATH}`, { as, body: { confirmation: 'Example Corporation' } });
const cancel = (as = bob.session) => service.send(`DELETE ${PATH}`, { as });
const view = async (as: string) => (await service.send('GET /v1/customer', { as })).body;
const timesOf = (answer: Answer) => {
  const { requestedAt, effectiveAt } = answer.read(unsubscribeCustomerContract.answer.body);
  return { requestedAt, effectiveAt };
};
const show = async () => (await service.operate({ command: 'show-customer', customerId: alice.customerId })).result;
/** Starts an hourly run. Returns the status of the customer after the run. */
async function beginDiscarding() {
  const { status, text } = await service.send('POST /_local/schedules/begin-discarding');
  if (status !== 200) throw new Error(`The run answered ${status} ${text}`);
  return ((await show()) as { status: string }).status;
}
/** Returns the subjects of all e-mails about the account that a person got. */
const accountMails = async ({ email }: Person) =>
  (await service.mailsTo(email)).map(({ subject }) => subject).filter((subject) => subject.startsWith('Your customer'));
const [CLOSES, STAYS] = ['Your customer account will be closed', 'Your customer account stays open'];

describe('the grace period', () => {
  it('lasts 72 hours, in which everything works and the views contain the pending unsubscription', async () => {
    const { apiKey } = await service.newApiKey(alice.session, (await service.newRp(alice.session)).id);

    const answer = await unsubscribe();
    expect(answer.status).toBe(202);
    expect(answer.body).toMatchObject({ status: 'active' });
    expect(answer.headers.get('set-cookie')).toBeNull();
    const times = timesOf(answer);
    expect(Date.parse(times.effectiveAt) - Date.parse(times.requestedAt)).toBe(72 * HOUR);

    for (const [person, mayUnsubscribe] of [
      [alice, true],
      [bob, false],
    ] as const) {
      const shown = { unsubscription: times, permissions: { cancelUnsubscription: true, unsubscribe: mayUnsubscribe } };
      expect(await view(person.session)).toMatchObject({ customer: { status: 'active' }, ...shown });
      expect((await service.send('GET /v1/sessions/current', { as: person.session })).body).toMatchObject(shown);
    }
    await service.registerUsers(apiKey, ['user-1']);
    await service.authenticateUsers(apiKey, ['user-1']);
    await service.pass(72 * HOUR - MINUTE);
    expect(await beginDiscarding()).toBe('active');
    const session = await service.signIn(alice.email);
    expect(await view(session)).toMatchObject({ unsubscription: times, license: { registeredUsers: 1 } });
    await service.authenticateUsers(apiKey, ['user-1']);
  });

  it('is announced to all privileged administrators by e-mail, with its end and how to keep using the service', async () => {
    const carol = await service.addAdministrator(alice.session, 'administrator');
    await unsubscribe();

    for (const person of [alice, bob]) {
      const [mail] = (await service.mailsTo(person.email)).slice(-1);
      expect(mail?.subject).toBe(CLOSES);
      expect(mail?.text).toMatch(/“Alice Arai” unsubscribed “Example Corporation”/);
      expect(mail?.text).toMatch(/Until \d+ \w+ \d{4}, \d\d:\d\d \(UTC\)/);
      expect(mail?.text).toContain('“Keep using the service”');
    }
    expect(await accountMails(carol)).toEqual([]);
  });

  it('is not changed and causes no second e-mail when the representative unsubscribes again', async () => {
    const { body } = await unsubscribe();
    await service.pass(MINUTE);

    const again = await unsubscribe();
    expect([again.status, again.body]).toEqual([202, body]);
    expect(await accountMails(bob)).toEqual([CLOSES]);
  });

  it('begins once when the representative unsubscribes several times at once', async () => {
    const answers = await Promise.all(Array.from({ length: 8 }, () => unsubscribe()));

    expect(new Set(answers.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(await accountMails(bob)).toEqual([CLOSES]);
  });

  it('ends with the fence: the next hourly run refuses all access and discards the customer', async () => {
    await unsubscribe();
    await service.pass(72 * HOUR);
    const session = await service.signIn(bob.email);

    expect(await beginDiscarding()).toBe('unsubscribing');
    expect((await service.send('GET /v1/customer', { as: session })).status).toBe(401);
    expect((await cancel(session)).status).toBe(401);
    await service.pass(MINUTE);
    await vi.waitFor(
      async () => {
        const left = (await service.dump()).filter((item) => JSON.stringify(item).includes(alice.customerId));
        expect(left.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${alice.customerId}`]);
      },
      { timeout: 30_000, interval: 200 },
    );
    expect(await accountMails(alice)).toEqual([CLOSES, 'Your customer account was closed']);
    expect(await accountMails(bob)).toEqual([CLOSES]);
  });
});

describe('unsubscribing and cancelling in turn', () => {
  it('is possible at most five times in 24 hours, so the number of e-mails is limited', async () => {
    for (let times = 1; times <= 5; times += 1) {
      expect((await unsubscribe()).status).toBe(202);
      expect((await cancel()).status).toBe(204);
    }
    const mails = await accountMails(bob);
    const refused = await unsubscribe();

    expect([refused.status, refused.body]).toEqual([
      429,
      expect.objectContaining({ type: '/problems/too-many-requests' }),
    ]);
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(86_300);
    expect(await view(alice.session)).toMatchObject({ unsubscription: null });
    expect(await accountMails(bob)).toEqual(mails);
    await service.pass(24 * HOUR);
    expect((await unsubscribe(await service.signIn(alice.email))).status).toBe(202);
  });

  it('does not count a request that is repeated while it is pending', async () => {
    for (let times = 1; times <= 7; times += 1) expect((await unsubscribe()).status).toBe(202);
    expect((await cancel()).status).toBe(204);
    expect((await unsubscribe()).status).toBe(202);
  });
});

describe('cancelling', () => {
  it('is possible for each privileged administrator, sends an e-mail to all of them, and keeps the customer', async () => {
    await unsubscribe();
    const answer = await cancel();
    expect([answer.status, answer.text]).toEqual([204, '']);

    expect(await view(alice.session)).toMatchObject({ unsubscription: null });
    expect(await view(alice.session)).not.toHaveProperty('permissions.cancelUnsubscription');
    for (const person of [alice, bob]) {
      const [mail] = (await service.mailsTo(person.email)).slice(-1);
      expect(mail?.subject).toBe(STAYS);
      expect(mail?.text).toContain('“Bob Baba” cancelled');
    }
    await service.pass(4 * DAY);
    expect(await beginDiscarding()).toBe('active');
    expect(await view(await service.signIn(alice.email))).toMatchObject({ customer: { status: 'active' } });
  });

  it('is possible after the grace period until the hourly run sets the fence', async () => {
    await unsubscribe();
    await service.pass(73 * HOUR);

    expect((await cancel(await service.signIn(bob.email))).status).toBe(204);
    expect(await beginDiscarding()).toBe('active');
  });

  it('is refused if the caller is not privileged, and if nothing is pending', async () => {
    const carol = await service.addAdministrator(alice.session, 'administrator');

    expect((await cancel()).body).toMatchObject({ type: '/problems/not-found', status: 404 });
    await unsubscribe();
    expect((await cancel(carol.session)).body).toMatchObject({ type: '/problems/forbidden', status: 403 });
    expect(await view(carol.session)).toMatchObject({
      unsubscription: { requestedAt: expect.any(String) as string },
      permissions: { cancelUnsubscription: false },
    });
    expect((await cancel()).status).toBe(204);
    expect((await cancel()).status).toBe(404);
  });

  it('succeeds once when several administrators cancel at once', async () => {
    await unsubscribe();
    const answers = await Promise.all([alice, bob, alice, bob].map(({ session }) => cancel(session)));

    expect(answers.map(({ status }) => status).sort()).toEqual([204, 404, 404, 404]);
    expect(await accountMails(alice)).toEqual([CLOSES, STAYS]);
  });

  it('lets the representative unsubscribe again, with a new grace period', async () => {
    const first = timesOf(await unsubscribe());
    await cancel();
    await service.pass(MINUTE);

    const second = timesOf(await unsubscribe());
    expect(Date.parse(second.effectiveAt) - Date.parse(first.effectiveAt)).toBeGreaterThanOrEqual(MINUTE);
    expect(await accountMails(bob)).toEqual([CLOSES, STAYS, CLOSES]);
  });
});

describe('during the grace period', () => {
  it('editing the customer or changing the representative does not change the pending unsubscription', async () => {
    const times = timesOf(await unsubscribe());
    const edit = async (request: string, body: unknown) => {
      const etag = (await service.send('GET /v1/customer', { as: alice.session })).headers.get('etag') ?? '';
      return service.send(request, { as: alice.session, headers: { 'if-match': etag }, body });
    };
    expect((await edit('PATCH /v1/customer', { name: 'Renamed' })).body).toMatchObject({ unsubscription: times });
    const { administratorId } = bob;
    expect((await edit('PUT /v1/customer/representative', { administratorId })).status).toBe(200);

    expect(await view(bob.session)).toMatchObject({
      unsubscription: times,
      permissions: { cancelUnsubscription: true },
    });
    await service.pass(72 * HOUR);
    expect(await beginDiscarding()).toBe('unsubscribing');
  });

  it.each([0, 30])(
    'setting a paid license that starts in %i days cancels the unsubscription, and an e-mail says so',
    async (days) => {
      await unsubscribe();
      const startsAt = new Date(service.now() + days * DAY).toISOString();
      const set = await service.operate({
        command: 'set-license',
        customerId: alice.customerId,
        type: 'starter',
        ...(days > 0 && { startsAt }),
        endsAt: '2036-01-01T00:00:00Z',
      });
      expect(set).toMatchObject({ result: { set: { cancelsUnsubscription: true } } });

      expect(await view(bob.session)).toMatchObject({ unsubscription: null });
      for (const person of [alice, bob]) {
        const [mail] = (await service.mailsTo(person.email)).slice(-1);
        expect(mail?.subject).toBe(STAYS);
        expect(mail?.text).toContain('got a paid license');
      }
      expect((await cancel()).status).toBe(404);
    },
  );

  it('setting another Free license does not cancel the unsubscription', async () => {
    await unsubscribe();
    const set = await service.operate({ command: 'set-license', customerId: alice.customerId, type: 'free' });

    expect(set).not.toHaveProperty('result.set.cancelsUnsubscription');
    expect(await view(bob.session)).toMatchObject({ unsubscription: { effectiveAt: expect.any(String) as string } });
  });

  it('the start of a paid license that was set earlier cancels the unsubscription', async () => {
    const startsAt = new Date(service.now() + DAY).toISOString();
    await service.setLicense(alice.customerId, { type: 'starter', startsAt, endsAt: '2036-01-01T00:00:00Z' });
    expect((await unsubscribe()).status).toBe(202);
    await service.pass(72 * HOUR);

    expect(await beginDiscarding()).toBe('active');
    expect(await view(await service.signIn(bob.email))).toMatchObject({
      customer: { status: 'active' },
      unsubscription: null,
    });
    expect(await accountMails(bob)).toEqual([CLOSES, STAYS]);
  });

  it('the operator sees when it ends, and can end the use of the service at once', async () => {
    const { effectiveAt, requestedAt } = timesOf(await unsubscribe());
    const { customerId } = alice;

    expect(await show()).toMatchObject({
      status: 'active',
      pendingUnsubscription: { requestedAt, effectiveAt, requestedBy: alice.administratorId },
    });
    const ended = await service.operate({
      command: 'end-customer',
      customerId,
      confirmation: 'Example Corporation',
    });
    expect(ended).toMatchObject({ result: { customerId } });
    expect(await show()).toMatchObject({ status: 'unsubscribing', unsubscription: { by: 'operator' } });
    expect(await show()).not.toMatchObject({ pendingUnsubscription: { requestedAt } });
    await service.pass(72 * HOUR);
    expect(await beginDiscarding()).toBe('unsubscribing');
    expect(await show()).toMatchObject({ unsubscription: { by: 'operator', waitsFor: 'final-statements' } });
  });
});

it('the grace period and its cancellation are logged with the actor', async () => {
  await unsubscribe();
  await cancel();
  const changes = service.logged.filter(
    ({ fields }) => fields['what'] === 'unsubscription' && fields['customerId'] === alice.customerId,
  );
  const request = { requestedAt: expect.any(Number) as number, requestedBy: alice.administratorId };
  expect(changes.map(({ fields }) => fields)).toMatchObject([
    { actor: { administratorId: alice.administratorId }, before: null, after: request },
    { actor: { administratorId: bob.administratorId }, before: request, after: null },
  ]);
});
