import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createdBearerKey, registerRpContract } from '../../functions/contract/rps.ts';
import { createSessionContract } from '../../functions/contract/sessions.ts';
import { startTestService, type TestService } from '../support/service.ts';

/** The tests tell a story in steps, as docs/tour.md does. Each step builds on the earlier steps. */
describe('the service', () => {
  let service: TestService;
  let session: string;
  let customerId: string;
  let administratorId: string;
  let rp: string;
  let keyId: string;
  let apiKey: string;

  beforeAll(async () => {
    service = await startTestService();
    await service.setClock('2026-11-22T09:30:00Z');
  });
  afterAll(() => service.stop());

  it('responds to a sign-up without revealing whether the address is known', async () => {
    const answer = await service.send('POST /v1/customers', {
      body: {
        customer: { name: 'Example Corporation', address: '1-2-3 Chuo, Tokyo', phoneNumber: '+81 3 1234 5678' },
        representative: { name: 'Alice Arai', email: ' Alice@Example.COM ' },
      },
    });
    expect(answer.status).toBe(202);
    expect(answer.body).toEqual({
      detail:
        'If we can send a link to the address, an e-mail follows. You can request 3 links in a row for one address, and after that one every 10 minutes.',
      linkLimit: { atOnce: 3, thenEveryMinutes: 10 },
    });
  });

  it('sends a sign-in link with the token after the #, so that no server logs the token', async () => {
    const mails = await service.mailsTo('alice@example.com');
    expect(mails).toHaveLength(1);
    expect(mails[0]?.text).toMatch(new RegExp(`^${service.origin}/sign-in#token=lnk_[\\w-]{43}$`, 'm'));
  });

  it('signs the representative in with the link', async () => {
    const answer = await service.send('POST /v1/sessions', {
      body: { token: await service.linkTo('alice@example.com') },
    });
    expect(answer.status).toBe(201);
    const signedIn = answer.read(createSessionContract.answer.body);
    session = signedIn.sessionToken;
    administratorId = signedIn.administrator.id;
    expect(answer.body).toEqual({
      sessionToken: expect.stringMatching(/^ses_[\w-]{43}$/) as string,
      expiresAt: expect.stringMatching(/^2026-11-22T21:3/) as string,
      mayOnly: null,
      administrator: {
        id: expect.stringMatching(/^adm_[0-9a-z]{20}$/) as string,
        name: 'Alice Arai',
        email: 'alice@example.com',
        privilege: 'privileged',
        status: 'active',
        representative: true,
        createdAt: expect.stringMatching(/^2026-11-22T09:3/) as string,
        hasPasskey: false,
        recoveryHoldUntil: null,
        invitationExpiresAt: null,
      },
    });
  });

  it('returns the new customer with a Free license and an ETag', async () => {
    const answer = await service.send('GET /v1/customer', { as: session });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('etag')).toBe('"1"');
    expect(answer.body).toEqual(view({ registeredRps: 0, registeredUsers: 0, mauThisMonth: 0 }));
    customerId = (answer.body as { customer: { id: string } }).customer.id;
  });

  it('registers an RP', async () => {
    const answer = await service.send('POST /v1/rps', {
      as: session,
      body: { rpId: 'Shop.Example.com', name: 'Example Shop' },
    });
    expect(answer.status).toBe(201);
    rp = answer.read(registerRpContract.answer.body).id;
    expect(answer.body).toEqual({
      id: expect.stringMatching(/^rp_[0-9a-z]{20}$/) as string,
      rpId: 'shop.example.com',
      name: 'Example Shop',
      registeredUsers: 0,
      createdAt: expect.stringMatching(/^2026-11-22T09:3/) as string,
    });
  });

  it('refuses a second RP under the Free license, and names the limit, the maximum and the current count', async () => {
    const answer = await service.send('POST /v1/rps', {
      as: session,
      body: { rpId: 'blog.example.com', name: 'Example Blog' },
    });
    expect(answer.status).toBe(403);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.body).toEqual({
      type: '/problems/license-limit-reached',
      status: 403,
      title: 'A limit of the license is reached',
      detail: 'The limit of the free license is reached. Registered RPs: 1, maximum: 1.',
      requestId: expect.any(String) as string,
      limit: 'registered-rps',
      max: 1,
      current: 1,
      licenseType: 'free',
    });
  });

  it('creates an API key and shows the key only once', async () => {
    const answer = await service.send(`POST /v1/rps/${rp}/api-keys`, { as: session, body: { name: 'Production' } });
    expect(answer.status).toBe(201);
    ({ apiKey, keyId } = answer.read(createdBearerKey));
    expect(answer.body).toEqual({
      keyId: expect.stringMatching(/^key_[0-9a-z]{20}$/) as string,
      type: 'bearer',
      name: 'Production',
      createdAt: expect.stringMatching(/^2026-11-22T09:3/) as string,
      createdBy: { id: expect.stringMatching(/^adm_/) as string, name: 'Alice Arai' },
      lastUsedAt: null,
      apiKey: expect.stringMatching(/^fido2_[0-9a-z]{20}_[\w-]{43}$/) as string,
    });
    const list = await service.send(`GET /v1/rps/${rp}/api-keys`, { as: session });
    expect(list.body).toEqual({
      items: [
        {
          ...{ keyId, type: 'bearer', name: 'Production', createdAt: expect.any(String) as string, lastUsedAt: null },
          createdBy: { id: expect.stringMatching(/^adm_/) as string, name: 'Alice Arai' },
        },
      ],
      nextCursor: null,
      maximum: 25,
    });
  });

  it('registers users, and reports which users were already registered', async () => {
    const answer = await service.send('POST /v1/rp/users', {
      as: apiKey,
      body: { users: [{ userId: 'user-1', displayName: 'Ulla' }, { userId: 'user-2' }] },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      results: [
        { userId: 'user-1', status: 'registered' },
        { userId: 'user-2', status: 'registered' },
      ],
    });
    const again = await service.send('POST /v1/rp/users', {
      as: apiKey,
      body: { users: [{ userId: 'user-3' }, { userId: 'user-1', displayName: 'Another' }] },
    });
    expect(again.body).toEqual({
      results: [
        { userId: 'user-3', status: 'registered' },
        { userId: 'user-1', status: 'already-registered' },
      ],
    });
    const list = await service.send('GET /v1/rp/users', { as: apiKey });
    expect(list.body).toMatchObject({
      items: [
        { userId: 'user-1', displayName: 'Ulla' },
        { userId: 'user-2', displayName: null },
        { userId: 'user-3', displayName: null },
      ],
      nextCursor: null,
    });
  });

  it('does not add newly registered users to the MAU', async () => {
    await service.drain();
    const answer = await service.send('GET /v1/customer', { as: session });
    expect(answer.body).toMatchObject({ license: { registeredUsers: 3, mauThisMonth: 0 } });
  });

  const operations = {
    operations: [
      { userId: 'user-1', type: 'registration' },
      { userId: 'user-1', type: 'authentication' },
      { userId: 'user-2', type: 'authentication', occurredAt: '2026-11-21T23:00:00+09:00' },
      { userId: 'nobody', type: 'authentication' },
      { userId: 'user-2', type: 'authentication', occurredAt: '2026-10-31T23:59:59Z' },
      { userId: 'user-2', type: 'authentication', occurredAt: '2026-11-22T23:00:00Z' },
    ],
  };
  const rejected = [
    { userId: 'nobody', status: 'rejected', reason: 'user-not-registered' },
    { userId: 'user-2', status: 'rejected', reason: 'month-closed' },
    { userId: 'user-2', status: 'rejected', reason: 'in-the-future' },
  ];

  it('counts each user once, and returns the results in request order, with a reason for each rejection', async () => {
    const answer = await service.send('POST /v1/rp/operations', { as: apiKey, body: operations });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      results: [
        { userId: 'user-1', status: 'counted' },
        { userId: 'user-1', status: 'already-counted' },
        { userId: 'user-2', status: 'counted' },
        ...rejected,
      ],
    });
  });

  it('does not count a user again when the same operations are reported again', async () => {
    const answer = await service.send('POST /v1/rp/operations', { as: apiKey, body: operations });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      results: [
        { userId: 'user-1', status: 'already-counted' },
        { userId: 'user-1', status: 'already-counted' },
        { userId: 'user-2', status: 'already-counted' },
        ...rejected,
      ],
    });
  });

  it('shows the MAU in the Customer view after all operations are counted', async () => {
    await service.drain();
    const answer = await service.send('GET /v1/customer', { as: session });
    expect(answer.body).toEqual(view({ registeredRps: 1, registeredUsers: 3, mauThisMonth: 2 }));
    expect(answer.headers.get('etag')).toBe('"1"'); // the version of the customer stays the same when a count changes
  });

  it.each([
    ['', ['2026-09', '2026-10', '2026-11']],
    ['?months=3', ['2026-09', '2026-10', '2026-11']],
    ['?months=6', ['2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11']],
    [
      '?months=12',
      // prettier-ignore
      ['2025-12', '2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06', '2026-07', '2026-08', '2026-09', '2026-10', '2026-11'],
    ],
  ])('answers GET /v1/customer/mau%s with zeros for the months without operations', async (query, months) => {
    const answer = await service.send(`GET /v1/customer/mau${query}`, { as: session });
    const mau = months.map((month) => (month === '2026-11' ? 2 : 0));
    const zeros = months.map(() => 0);
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      timeZone: 'UTC',
      currentMonth: '2026-11',
      months,
      signedUpIn: '2026-11',
      rps: [
        {
          ...{ id: rp, rpId: 'shop.example.com', name: 'Example Shop', removed: false, mau, measured: zeros },
          ...{ registeredIn: '2026-11', removedIn: null },
        },
      ],
      total: mau,
      measuredTotal: zeros,
      maxMau: null,
      maxMaus: months.map(() => null),
      expectedMau: null,
      threshold: null,
    });
  });

  it('returns the MAU view as CSV', async () => {
    const answer = await service.send('GET /v1/customer/mau?months=3', {
      as: session,
      headers: { accept: 'text/csv' },
    });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
    expect(answer.text).toBe(
      [
        'id,rpId,name,removed,2026-09,2026-10,2026-11,2026-09 measured,2026-10 measured,2026-11 measured',
        `${rp},shop.example.com,Example Shop,false,0,0,2,0,0,0`,
        'total,,,,0,0,2,0,0,0',
        '',
      ].join('\r\n'),
    );
  });

  it('logs one line for each change, with the actor, the item, the old and new values and the request ID', () => {
    const changes = service.logged.filter(({ message }) => message === 'change').map(({ fields }) => fields);
    const requestId = expect.stringMatching(/^[0-9a-f-]{36}$/) as string;
    const actor = { administratorId };
    expect(changes).toEqual([
      {
        route: 'sign-up-customer',
        requestId,
        actor,
        what: 'customer',
        customerId,
        before: null,
        after: { name: 'Example Corporation', representative: administratorId, license: 'free' },
      },
      {
        route: 'create-session',
        requestId,
        actor,
        what: 'administrator',
        customerId,
        before: { administratorId, status: 'provisional' },
        after: { administratorId, status: 'active' },
      },
      {
        route: 'register-rp',
        requestId,
        actor,
        what: 'rp',
        customerId,
        before: null,
        after: { id: rp, rpId: 'shop.example.com', name: 'Example Shop' },
      },
      {
        route: 'create-api-key',
        requestId,
        actor,
        what: 'api-key',
        customerId,
        before: null,
        after: { rpRef: rp, keyId, type: 'bearer', name: 'Production' },
      },
    ]);
  });

  function view(counts: { registeredRps: number; registeredUsers: number; mauThisMonth: number }) {
    return {
      customer: {
        id: expect.stringMatching(/^cus_[0-9a-z]{20}$/) as string,
        name: 'Example Corporation',
        address: '1-2-3 Chuo, Tokyo',
        phoneNumber: '+81 3 1234 5678',
        status: 'active',
        version: 1,
      },
      representative: { administratorId, name: 'Alice Arai', email: 'alice@example.com' },
      license: {
        type: 'free',
        status: 'active',
        startsAt: expect.stringMatching(/^2026-11-22T09:3/) as string,
        endsAt: null,
        ...counts,
        maxRegisteredRps: 1,
        maxRegisteredUsers: 100,
      },
      mauAlert: { enabled: false, threshold: null, lastNotification: null },
      month: { month: '2026-11', timeZone: 'UTC', endsAt: '2026-12-01T00:00:00Z' },
      unsubscription: null,
      permissions: {
        editCustomer: true,
        changeRepresentative: true,
        editMauAlert: true,
        unsubscribe: true,
        unsubscribeReason: null,
      },
    };
  }
});
