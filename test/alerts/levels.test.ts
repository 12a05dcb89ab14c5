import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { startTestService, type Answer, type Person, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;
let shop: { apiKey: string };

const MONTH = '2026-11';
const ENDS_AT = '2036-01-01T00:00:00Z';

beforeAll(async () => {
  service = await startTestService();
  await service.setClock(`${MONTH}-10T09:00:00Z`);
});
afterAll(() => service.stop());
beforeEach(async () => {
  alice = await service.signUp();
  await licensed(4);
  const { id } = await service.newRp(alice.session);
  shop = await service.newApiKey(alice.session, id);
  await service.registerUsers(shop.apiKey, users(0, 10));
});

const users = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `user-${from + index}`);
const authenticate = (from: number, to: number) => service.authenticateUsers(shop.apiKey, users(from, to));
const licensed = (maxMau: number) =>
  service.setLicense(alice.customerId, { type: 'business', endsAt: ENDS_AT, maxMau });
const toFree = () => service.setLicense(alice.customerId, { type: 'free' });
const view = async () => (await service.send('GET /v1/customer', { as: alice.session })).body as CustomerView;
const mauAlert = async () => (await view()).mauAlert;

const absolute = (threshold: number) => ({ kind: 'absolute', threshold });
const percent = (of: number) => ({ kind: 'percent', percent: of });
interface Setting {
  enabled: boolean;
  threshold?: number | null;
  levels?: readonly object[];
  recipients?: readonly string[];
}
async function set(body: Setting): Promise<Answer> {
  const etag = (await view()).customer.version;
  return service.send('PUT /v1/customer/mau-alert', { as: alice.session, headers: { 'if-match': `"${etag}"` }, body });
}
async function accepted(body: Setting): Promise<void> {
  const { status, text } = await set(body);
  expect([status, text]).toEqual([200, text]);
}
async function run(): Promise<void> {
  await service.drain();
  expect((await service.send('POST /_local/schedules/mau-alerts')).status).toBe(200);
}
/** Returns the threshold that each alert e-mail to an address names, such as `8 (80 % of the maximum)`, in order. */
async function told(email = alice.email): Promise<string[]> {
  const mails = await service.mailsTo(email);
  return mails.flatMap(({ text }) => /exceeds the threshold of ([^.]+)\./.exec(text.replaceAll('\n', ' '))?.[1] ?? []);
}
/** Starts alert runs until the first one has stored copies and the second one has sent them. */
async function toldAfterRuns(email?: string): Promise<string[]> {
  await run();
  await run();
  return told(email);
}
async function activeAdministrator(): Promise<Person> {
  return service.addAdministrator(alice.session, 'administrator');
}

describe('the levels of the MAU alert', () => {
  it('are absent until somebody sets them, and then sorted, with the number that each percentage stands for', async () => {
    expect(await mauAlert()).toEqual({ enabled: false, threshold: null, lastNotification: null });
    await accepted({ enabled: true, threshold: 3, levels: [percent(100), absolute(9), percent(80), absolute(7)] });
    expect(await mauAlert()).toEqual({
      enabled: true,
      threshold: 3,
      levels: [absolute(7), absolute(9), { ...percent(80), threshold: 3 }, { ...percent(100), threshold: 4 }],
      lastNotification: null,
    });
  });

  it('stay as they are if a request does not name them, and go if it names none', async () => {
    const bob = await activeAdministrator();
    await accepted({ enabled: true, threshold: 3, levels: [absolute(7)], recipients: [bob.administratorId] });
    await accepted({ enabled: false });
    expect(await mauAlert()).toEqual({
      enabled: false,
      threshold: null,
      levels: [absolute(7)],
      recipients: [bob.administratorId],
      lastNotification: null,
    });
    await accepted({ enabled: false, levels: [], recipients: [] });
    expect(await mauAlert()).toEqual({ enabled: false, threshold: null, lastNotification: null });
  });

  it('can stand alone, without the threshold', async () => {
    await accepted({ enabled: true, threshold: null, levels: [percent(100)] });
    await authenticate(0, 4);
    await run();
    expect(await told()).toEqual([]);
    await authenticate(4, 5);
    await run();
    expect(await told()).toEqual(['4 (100 % of the maximum)']);
  });

  it.each<[string, Setting, pointer: string, code: string]>([
    ['five levels', { enabled: true, threshold: 3, levels: [4, 5, 6, 7, 8].map(absolute) }, '#/levels', 'too-many'],
    ['a level twice', { enabled: true, threshold: 3, levels: [absolute(4), absolute(4)] }, '#/levels/1', 'duplicate'],
    ['the threshold as a level', { enabled: true, threshold: 3, levels: [absolute(3)] }, '#/levels/0', 'duplicate'],
    ['a level of 0', { enabled: true, threshold: 3, levels: [absolute(0)] }, '#/levels/0/threshold', 'too-small'],
    ['1001 percent', { enabled: true, threshold: 3, levels: [percent(1_001)] }, '#/levels/0/percent', 'too-large'],
    ['half a percent', { enabled: true, threshold: 3, levels: [percent(0.5)] }, '#/levels/0/percent', 'wrong-type'],
    [
      'a level of another kind',
      { enabled: true, threshold: 3, levels: [{ kind: 'share', percent: 1 }] },
      '#/levels/0/kind',
      'unknown-value',
    ],
    [
      'a level with a field of the other kind',
      { enabled: true, threshold: 3, levels: [{ ...percent(80), threshold: 3 }] },
      '#/levels/0/threshold',
      'unknown-field',
    ],
    ['no threshold and no level', { enabled: true, levels: [] }, '#/threshold', 'required'],
    [
      'an unknown recipient',
      { enabled: false, recipients: [`adm_${'0'.repeat(20)}`] },
      '#/recipients/0',
      'not-an-active-administrator',
    ],
    ['a malformed recipient', { enabled: false, recipients: ['bob'] }, '#/recipients/0', 'not-an-id'],
  ])('cannot be %s', async (_, setting, pointer, code) => {
    const before = await mauAlert();
    const answer = await set(setting);
    expect(answer.status).toBe(400);
    expect(answer.body).toMatchObject({ errors: [{ pointer, code }] });
    expect(await mauAlert()).toEqual(before);
  });

  it('cannot newly be in percents without a license that has a maximum, but may stay after a move to Free', async () => {
    await accepted({ enabled: true, threshold: 9, levels: [percent(80)] });
    await toFree();
    expect((await mauAlert()).levels).toEqual([{ ...percent(80), threshold: null }]);
    expect((await set({ enabled: true, threshold: 9, levels: [percent(80), percent(90)] })).body).toMatchObject({
      errors: [{ pointer: '#/levels/1', code: 'needs-maximum-mau' }],
    });
    await accepted({ enabled: true, threshold: 8, levels: [percent(80)] });
    await authenticate(0, 6);
    await run();
    expect(await told()).toEqual([]);
    await licensed(5);
    await run();
    expect(await told()).toEqual(['4 (80 % of the maximum)']);
  });

  it('each send one e-mail a month, and the last notification is about the highest', async () => {
    await accepted({ enabled: true, threshold: 2, levels: [absolute(5), percent(100), percent(50)] });
    await authenticate(0, 3);
    await run();
    expect(await told()).toEqual(['2']);
    await authenticate(3, 6);
    await run();
    expect((await told()).sort()).toEqual(['2', '4 (100 % of the maximum)', '5']);
    expect((await mauAlert()).lastNotification).toMatchObject({ threshold: 5, status: 'sent' });
    await authenticate(6, 8);
    await run();
    expect(await told()).toHaveLength(3);
  });

  it('send another e-mail for a level that moved, and none for a level that comes back', async () => {
    await accepted({ enabled: true, threshold: 1, levels: [absolute(2)] });
    await authenticate(0, 5);
    await run();
    expect((await told()).sort()).toEqual(['1', '2']);
    await accepted({ enabled: true, threshold: 1, levels: [absolute(3)] });
    await run();
    await accepted({ enabled: true, threshold: 1, levels: [absolute(2)] });
    await run();
    expect((await told()).sort()).toEqual(['1', '2', '3']);
  });

  it('in percents follow the license, and send another e-mail when the number that they stand for is another', async () => {
    await accepted({ enabled: true, threshold: null, levels: [percent(100)] });
    await authenticate(0, 5);
    await run();
    await licensed(6);
    await run();
    expect(await told()).toEqual(['4 (100 % of the maximum)']);
    await authenticate(5, 7);
    await run();
    expect(await told()).toEqual(['4 (100 % of the maximum)', '6 (100 % of the maximum)']);
  });

  it('send at most 30 e-mails about a month, however often somebody chooses other thresholds', async () => {
    await service.registerUsers(shop.apiKey, users(10, 40));
    await authenticate(0, 38);
    for (let first = 1; first < 36; first += 5) {
      const levels = [1, 2, 3, 4].map((more) => absolute(first + more));
      await accepted({ enabled: true, threshold: first, levels });
      await run();
    }
    expect(await told()).toHaveLength(30);
    await service.setClock('2026-12-10T09:00:00Z');
    await authenticate(0, 38);
    await run();
    expect(await told()).toHaveLength(35);
    await service.setClock(`${MONTH}-10T09:00:00Z`);
  });

  it('send nothing while the alert is off and after the customer has unsubscribed', async () => {
    const bob = await activeAdministrator();
    const levels = { levels: [absolute(2), absolute(3)], recipients: [bob.administratorId] };
    await accepted({ enabled: false, threshold: 1, ...levels });
    await authenticate(0, 5);
    expect(await toldAfterRuns()).toEqual([]);
    await accepted({ enabled: true, threshold: 1, ...levels });
    const { customerId } = alice;
    await service.operate({ command: 'end-customer', customerId, confirmation: 'Example Corporation' });
    await run();
    await run();
    expect([await told(), await told(bob.email)]).toEqual([[], []]);
  });
});

describe('the recipients of the MAU alert', () => {
  it('each get one e-mail a month for each level, after the representative', async () => {
    const [bob, carol] = [await activeAdministrator(), await activeAdministrator()];
    const recipients = [alice.administratorId, bob.administratorId, carol.administratorId];
    await accepted({ enabled: true, threshold: 1, levels: [absolute(2)], recipients });
    await authenticate(0, 3);
    await run();
    expect((await told()).sort()).toEqual(['1', '2']);
    await run();
    await run();
    for (const { email } of [alice, bob, carol]) expect((await told(email)).sort()).toEqual(['1', '2']);
    const [mail] = (await service.mailsTo(bob.email)).slice(-1);
    expect(mail?.text).toContain('names you as a recipient');
  });

  it('are dropped when they are removed from the setting or from the administrators before the e-mail is sent', async () => {
    const [bob, carol] = [await activeAdministrator(), await activeAdministrator()];
    const recipients = [bob.administratorId, carol.administratorId];
    await accepted({ enabled: true, threshold: 1, recipients });
    await authenticate(0, 3);
    await run();
    await service.send(`DELETE /v1/administrators/${bob.administratorId}`, { as: alice.session });
    await accepted({ enabled: true, threshold: 1, recipients: [bob.administratorId] });
    expect((await mauAlert()).recipients).toBeUndefined();
    await run();
    expect([await told(bob.email), await told(carol.email)]).toEqual([[], []]);
    await accepted({ enabled: true, threshold: 2, recipients: [carol.administratorId] });
    expect(await toldAfterRuns(carol.email)).toEqual(['2']);
  });
});
