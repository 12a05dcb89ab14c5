import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { CustomerView } from '../../functions/contract/customers.ts';
import { startTestService, type SignedUp, type TestService } from '../support/service.ts';

let service: TestService;
let alice: SignedUp;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());
beforeEach(async () => {
  alice = await service.signUp();
});

const view = async (as = alice.session) => (await service.send('GET /v1/customer', { as })).body as CustomerView;
const edit = (version: number, body: object) =>
  service.send('PATCH /v1/customer', { as: alice.session, headers: { 'if-match': `"${version}"` }, body });

describe('editing the customer', () => {
  it('changes only the fields in the request, and returns the Customer view with the next version', async () => {
    const named = await edit(1, { name: ' Renamed Corporation ', address: 'Line 1\nLine 2' });
    expect(named.status).toBe(200);
    expect(named.headers.get('etag')).toBe('"2"');
    expect(named.body).toEqual(await view());
    const called = await edit(2, { phoneNumber: '+81 3 1234 5678' });
    expect(called.headers.get('etag')).toBe('"3"');
    expect((await view()).customer).toEqual({
      id: alice.customerId,
      name: 'Renamed Corporation',
      address: 'Line 1\nLine 2',
      phoneNumber: '+81 3 1234 5678',
      status: 'active',
      version: 3,
    });
  });

  it('removes an address or a phone number when the field in the request is null or blank', async () => {
    await edit(1, { address: 'Somewhere', phoneNumber: '1' });
    await edit(2, { address: null, phoneNumber: ' ' });
    expect((await view()).customer).toMatchObject({ address: null, phoneNumber: null, version: 3 });
  });

  it('succeeds for only one of twenty simultaneous requests with the same customer version', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, (_, index) => edit(1, { name: `Name ${index}` })));
    expect(answers.map(({ status }) => status).sort()).toEqual([200, ...Array.from({ length: 19 }, () => 412)]);
    const winner = answers.findIndex(({ status }) => status === 200);
    expect((await view()).customer).toMatchObject({ name: `Name ${winner}`, version: 2 });
  });

  it('succeeds even if RPs, users, administrators or the license have changed since the customer was read', async () => {
    const { id } = await service.newRp(alice.session);
    const { apiKey } = await service.newApiKey(alice.session, id);
    await service.registerUsers(apiKey, ['user-1']);
    await service.authenticateUsers(apiKey, ['user-1']);
    await service.addAdministrator(alice.session, 'administrator');
    await service.setLicense(alice.customerId, { type: 'starter', endsAt: '2036-01-01T00:00:00Z' });
    await service.drain();
    expect(await view()).toMatchObject({
      customer: { version: 1 },
      license: { type: 'starter', registeredRps: 1, registeredUsers: 1, mauThisMonth: 1 },
    });
    expect((await edit(1, { name: 'Edited' })).status).toBe(200);
  });

  it.each(['"1"', '1', ' "1" ', 'W/"1"'])('accepts the If-Match header %s for version 1', async (etag) => {
    const send = (body: object) =>
      service.send('PATCH /v1/customer', { as: alice.session, headers: { 'if-match': etag }, body });
    expect((await send({ name: 'Edited' })).headers.get('etag')).toBe('"2"');
    const stale = await send({ name: 'Edited again' });
    expect(stale.body).toMatchObject({ type: '/problems/version-conflict', status: 412 });
  });

  it('is logged with the values before and after the edit', async () => {
    const answer = await edit(1, { name: 'Edited', phoneNumber: '1' });
    expect(answer.status).toBe(200);
    expect(service.logged.findLast(({ message }) => message === 'change')?.fields).toEqual({
      route: 'edit-customer',
      requestId: expect.any(String) as string,
      actor: { administratorId: alice.administratorId },
      what: 'customer',
      customerId: alice.customerId,
      before: { name: 'Example Corporation', address: null, phoneNumber: null },
      after: { name: 'Edited', address: null, phoneNumber: '1' },
    });
  });
});

describe('setting a license', () => {
  it('is logged with the name of the operator', async () => {
    await service.setLicense(alice.customerId, { type: 'starter', endsAt: '2036-01-01T00:00:00Z', maxMau: 7 });
    expect(service.logged.findLast(({ fields }) => fields['what'] === 'license')?.fields).toMatchObject({
      requestId: expect.any(String) as string,
      actor: { operator: 'olga' },
      customerId: alice.customerId,
      before: { type: 'free' },
      after: { type: 'starter', maxMau: 7 },
    });
  });

  it.each([
    [
      'a license that ends before its start',
      { type: 'starter', startsAt: '2030-01-01T00:00:00Z', endsAt: '2029-01-01T00:00:00Z' },
      '#/endsAt',
      'end-not-after-start',
    ],
    ['a paid license without an end', { type: 'starter' }, '#/endsAt', 'end-required'],
    ['a Free license with an end', { type: 'free', endsAt: '2036-01-01T00:00:00Z' }, '#/endsAt', 'end-on-free'],
    ['a Free license with a maximum MAU', { type: 'free', maxMau: 1 }, '#/maxMau', 'maximum-not-in-license'],
    [
      'a paid license with a maximum number of users',
      { type: 'starter', endsAt: '2036-01-01T00:00:00Z', maxRegisteredUsers: 1 },
      '#/maxRegisteredUsers',
      'maximum-not-in-license',
    ],
  ] as const)('fails for %s, and changes nothing', async (_, license, pointer, code) => {
    const before = await service.dump();
    const { problem } = await service.operate({ command: 'set-license', customerId: alice.customerId, ...license });
    expect(problem).toMatchObject({
      type: '/problems/validation',
      status: 400,
      errors: [{ pointer, code, detail: expect.stringMatching(/^Must /) as string }],
    });
    expect(await service.dump()).toEqual(before);
  });

  it('fails for a customer that does not exist', async () => {
    const { problem } = await service.operate({
      command: 'set-license',
      customerId: 'cus_00000000000000000000',
      type: 'free',
    });
    expect(problem).toMatchObject({ type: '/problems/not-found', status: 404 });
  });
});

describe('the permissions in the Customer view', () => {
  it('depend on the caller and the license', async () => {
    const privileged = await service.addAdministrator(alice.session, 'privileged');
    const plain = await service.addAdministrator(alice.session, 'administrator');
    const edits = (may: boolean) => ({ editCustomer: may, changeRepresentative: may, editMauAlert: may });
    const no = { unsubscribe: false, unsubscribeReason: 'not-representative' };
    expect((await view()).permissions).toEqual({ ...edits(true), unsubscribe: true, unsubscribeReason: null });
    expect((await view(privileged.session)).permissions).toEqual({ ...edits(true), ...no });
    expect((await view(plain.session)).permissions).toEqual({ ...edits(false), ...no });
    await service.setLicense(alice.customerId, { type: 'starter', endsAt: '2036-01-01T00:00:00Z' });
    expect((await view()).permissions).toMatchObject({ unsubscribe: false, unsubscribeReason: 'paid-license' });
  });
});
