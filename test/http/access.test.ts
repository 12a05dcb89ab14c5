import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import { callRoute, guarded, makeThings } from '../support/route-calls.ts';
import { startTestService, type Answer, type TestService } from '../support/service.ts';

type Problem = 'unauthenticated' | 'forbidden' | 'reauthentication-required';

/**
 * These tests call the routes that `routes.ts` lists. In openapi.test.ts, the same calls succeed with valid
 * credentials, so only the credential can be the reason for a refusal in these tests.
 */
describe('access to the API', () => {
  let service: TestService;
  let made: Awaited<ReturnType<typeof makeThings>>;

  beforeAll(async () => {
    service = await startTestService();
    made = await makeThings(service);
  });
  afterAll(() => service.stop());

  /**
   * Calls each of the given routes with the credential `as`. Expects that each response is the problem `problem` and
   * that no call changes the table.
   */
  async function expectRefused(walked: readonly (typeof routes)[number][], as: string | undefined, problem: Problem) {
    expect(walked.length).toBeGreaterThan(3);
    const before = await settledDump();
    for (const route of walked) expectProblem(route.name, await callRoute(service, route, made.things, as), problem);
    expect(await settledDump()).toEqual(before);
  }

  function expectProblem(name: string, answer: Answer, problem: Problem) {
    const status = { unauthenticated: 401, forbidden: 403, 'reauthentication-required': 403 }[problem];
    expect({ name, status: answer.status, body: answer.body }).toMatchObject({
      name,
      status,
      body: { type: `/problems/${problem}`, status, requestId: expect.any(String) as string },
    });
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(answer.headers.get('cache-control')).toBe('no-store');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(answer.headers.get('www-authenticate')).toBe(status === 401 ? 'Bearer' : null);
  }

  /** Waits until the table contains no unsent e-mail. Returns all items of the table. */
  async function settledDump() {
    await service.send('GET /_local/mail');
    return service.dump();
  }

  const all = [...guarded.bySession, ...guarded.byOperator, ...guarded.byApiKey];

  it('is possible without a credential only on the routes that this test lists', () => {
    const open = routes.filter(({ caller }) => caller === 'anyone').map(({ method, path }) => `${method} ${path}`);
    expect(open).toEqual([
      'POST /v1/customers',
      'POST /v1/sign-in-links',
      'POST /v1/sessions',
      'POST /v1/sessions/options',
      'POST /v1/email-confirmations',
      'GET /v1/rps/{id}/jwks.json',
      'GET /v1/plans',
      'GET /v1/health',
      'GET /v1/openapi.json',
      'ANY $default',
      'POST /v1/operator/sessions/options',
      'POST /v1/operator/sessions',
      'POST /v1/operator/passkeys/options',
      'POST /v1/operator/passkeys',
    ]);
    const ofFss = routes.filter(({ caller }) => caller === 'fss').map(({ method, path }) => `${method} ${path}`);
    expect(ofFss).toEqual(['POST /api/{proxy+}']);
    expect(open.length + all.length + ofFss.length).toBe(routes.length);
  });

  it('is refused without a credential', async () => {
    await expectRefused(all, undefined, 'unauthenticated');
  });

  it.each([
    ['a string that is not a credential', () => 'garbage'],
    ['a session token that was never issued', () => `ses_${'x'.repeat(43)}`],
    ['a session token with one character changed', () => withLastChanged(made.alice.session)],
    ['a session token without its last character', () => made.alice.session.slice(0, -1)],
    ['an API key that was never issued', () => `fido2_${'x'.repeat(20)}_${'x'.repeat(43)}`],
    ['an API key with one character changed', () => withLastChanged(made.apiKey)],
    ['the ID of an API key', () => made.keyId],
    ['a very long token', () => `ses_${'x'.repeat(7_000)}`],
    ['the token of a link', () => made.things.signInToken],
    ['the session token of an operator that was never issued', () => `ops_${'x'.repeat(43)}`],
    ['the session token of an operator with one character changed', () => withLastChanged(made.operatorSession)],
    ['the token of an operator’s link', () => made.things.operatorLink],
  ])('is refused with %s', async (_, credential) => {
    await expectRefused(all, credential(), 'unauthenticated');
  });

  it('is refused with an API key on routes that need a session', async () => {
    await expectRefused([...guarded.bySession, ...guarded.byOperator], made.apiKey, 'unauthenticated');
  });

  it('is refused with a session on routes that need an API key', async () => {
    await expectRefused(guarded.byApiKey, made.alice.session, 'unauthenticated');
  });

  it('is refused with the session of an administrator on operators’ routes, and the other way round', async () => {
    for (const route of guarded.byOperator) {
      const cookies = `${service.cookieName}=${made.alice.session}; ${service.operatorCookieName}=${made.alice.session}`;
      for (const credential of [{ as: made.alice.session }, { headers: { cookie: cookies } }])
        expectProblem(route.name, await service.send(`${route.method} ${route.path}`, credential), 'unauthenticated');
    }
    await expectRefused([...guarded.bySession, ...guarded.byApiKey], made.operatorSession, 'unauthenticated');
    const cookies = `${service.cookieName}=${made.operatorSession}; ${service.operatorCookieName}=${made.operatorSession}`;
    const answer = await service.send('GET /v1/customer', { headers: { cookie: cookies } });
    expectProblem('get-customer', answer, 'unauthenticated');
  });

  it('is refused if the Authorization scheme is not Bearer', async () => {
    for (const scheme of ['Basic', 'Token', 'Bearer Bearer']) {
      const headers = { authorization: `${scheme} ${made.alice.session}` };
      expect((await service.send('GET /v1/customer', { headers })).status).toBe(401);
    }
  });

  it('says how to send an API key if the request has none, or has it in another place', async () => {
    const elsewhere: Record<string, string>[] = [{}, { 'x-api-key': made.apiKey }];
    const values = [made.apiKey, 'Bearer wrong', basic(`key:${made.apiKey}`)];
    for (const headers of [...elsewhere, ...values.map((authorization) => ({ authorization }))]) {
      const { status, body } = await service.send('GET /v1/rp/users', { headers });
      const detail = expect.stringContaining('Send the API key as “Authorization: Bearer <key>”.') as unknown;
      expect({ headers, status, body }).toMatchObject({ headers, status: 401, body: { detail } });
    }
  });

  it('finds no user at a path that ends with a slash', async () => {
    for (const method of ['GET', 'DELETE']) {
      const answer = await service.send(`${method} /v1/rp/users/`, { as: made.apiKey });
      expect(answer.body).toMatchObject({ status: 404, detail: 'No route has this method and path.' });
    }
  });

  it.each<[string, () => [path: string, headers: Record<string, string>]]>([
    ['a session token in the query', () => [`/v1/customer?access_token=${made.alice.session}`, {}]],
    ['a session token in another header', () => ['/v1/customer', { 'x-session-token': made.alice.session }]],
    ['an API key in the header x-api-key', () => ['/v1/rp/users', { 'x-api-key': made.apiKey }]],
    ['an API key as the password of Basic', () => ['/v1/rp/users', { authorization: basic(`key:${made.apiKey}`) }]],
    ['an API key without the word Bearer', () => ['/v1/rp/users', { authorization: made.apiKey }]],
  ])('is refused with %s', async (_, request) => {
    const [path, headers] = request();
    expectProblem(path, await service.send(`GET ${path}`, { headers }), 'unauthenticated');
  });

  it('depends on the method of the request, not on a header that names another method', async () => {
    const headers = { 'x-http-method-override': 'DELETE', 'x-method-override': 'DELETE' };
    const path = `/v1/administrators/${made.bob.administratorId}`;
    for (const method of ['POST', 'GET', 'OPTIONS'])
      expect((await service.send(`${method} ${path}`, { as: made.alice.session, headers })).status).toBe(404);
    expect((await service.send('GET /v1/customer', { as: made.bob.session })).status).toBe(200);
  });

  it('is forbidden to a plain administrator on routes for privileged administrators', async () => {
    await expectRefused(guarded.byPrivilege, made.bob.session, 'forbidden');
  });

  it('with a recovery session is limited to adding a passkey and to reading and ending the session', async () => {
    // Alice has a passkey, so the session that begins with an e-mailed link is a recovery session.
    const recovery = await service.signIn(made.alice.email);
    expect(guarded.bySession.length - guarded.byFullSession.length).toBe(4);
    await expectRefused(guarded.byFullSession, recovery, 'reauthentication-required');
    await expectRefused(guarded.byApiKey, recovery, 'unauthenticated');
  });

  it('is possible for a plain administrator on every GET route that does not require the privilege', async () => {
    for (const route of guarded.bySession) {
      if (route.caller === 'privileged' || route.method !== 'GET') continue;
      expect((await callRoute(service, route, made.things, made.bob.session)).status).toBe(200);
    }
  });

  describe('with one customer’s credentials', () => {
    let other: typeof made;
    beforeAll(async () => {
      other = await makeThings(service);
    });

    it('does not reveal or change another customer’s data', async () => {
      const { customerId, alice, bob, dave, keyId, things } = made;
      const ours = [customerId, things.rp, things.removedRp, keyId, things.removedKey];
      const isOurs = (text: string) => [...ours, alice.email, bob.email, dave.email].some((id) => text.includes(id));
      const ownItems = async () => (await settledDump()).filter((item) => isOurs(JSON.stringify(item)));

      // Each RP chooses the IDs of its users, so two customers may have users with the same ID. Only the customer of
      // `made` has the user `user-of-ours`.
      await service.registerUsers(made.apiKey, ['user-of-ours']);
      const asked = { ...things, user: 'user-of-ours', removedUser: 'user-of-ours' };

      const before = await ownItems();
      expect(before.length).toBeGreaterThan(10);
      const own = ['delete-session', 'delete-sessions', 'change-representative'];
      // Another test shows that the operators' routes refuse the credentials of customers.
      const others = [...guarded.bySession, ...guarded.byApiKey].filter(({ name }) => !own.includes(name));
      for (const route of others) {
        const credential = route.caller === 'rp' ? other.apiKey : other.alice.session;
        const answer = await callRoute(service, route, asked, credential);
        const { name } = route;
        if (route.path.includes('{')) {
          expect({ name, body: answer.body }).toMatchObject({
            name,
            body: { type: '/problems/not-found', status: 404 },
          });
        }
        expect({ name, answer: answer.text, isOurs: isOurs(answer.text) }).toMatchObject({ isOurs: false });
      }
      expect(await ownItems()).toEqual(before);
    });

    it('does not allow choosing another customer’s administrator as representative', async () => {
      const etag = (await service.send('GET /v1/customer', { as: other.alice.session })).headers.get('etag') ?? '';
      const answer = await service.send('PUT /v1/customer/representative', {
        as: other.alice.session,
        headers: { 'if-match': etag },
        body: { administratorId: made.things.administrator },
      });
      expect(answer.status).toBe(400);
      expect(answer.body).toMatchObject({ errors: [{ pointer: '#/administratorId' }] });
    });
  });

  describe('with a session', () => {
    it('is refused after the administrator has signed out of the session', async () => {
      const { email } = await service.addAdministrator(made.alice.session, 'privileged');
      const session = await service.signIn(email);
      const signedOut = await service.send('DELETE /v1/sessions/current', { as: session });
      expect(signedOut.status).toBe(204);
      expect(signedOut.headers.get('set-cookie')).toBe(service.sessionCookie('', 0));
      await expectRefused(guarded.bySession, session, 'unauthenticated');
    });

    it('stays possible after the same administrator has signed out of another session', async () => {
      const { email, session: first } = await service.addAdministrator(made.alice.session, 'privileged');
      const second = await service.signIn(email);
      await service.send('DELETE /v1/sessions/current', { as: second });
      expect((await service.send('GET /v1/customer', { as: first })).status).toBe(200);
    });

    it('is refused as soon as the administrator is removed', async () => {
      const { administratorId, session } = await service.addAdministrator(made.alice.session, 'privileged');
      const removed = await service.send(`DELETE /v1/administrators/${administratorId}`, { as: made.alice.session });
      expect(removed.status).toBe(204);
      await expectRefused(guarded.bySession, session, 'unauthenticated');
    });

    it('is refused as soon as the administrator loses the privilege, and a new session is not privileged', async () => {
      const { administratorId, email, session } = await service.addAdministrator(made.alice.session, 'privileged');
      const lowered = await service.send(`PATCH /v1/administrators/${administratorId}`, {
        as: made.alice.session,
        body: { privilege: 'administrator' },
      });
      expect(lowered.body).toMatchObject({ id: administratorId, privilege: 'administrator' });
      await expectRefused(guarded.bySession, session, 'unauthenticated');
      await expectRefused(guarded.byPrivilege, await service.signIn(email), 'forbidden');
    });

    it('includes the new rights as soon as the administrator gains the privilege', async () => {
      const { administratorId, session } = await service.addAdministrator(made.alice.session, 'administrator');
      await service.send(`PATCH /v1/administrators/${administratorId}`, {
        as: made.alice.session,
        body: { privilege: 'privileged' },
      });
      const answer = await service.send('GET /v1/customer', { as: session });
      expect(answer.body).toMatchObject({ permissions: { editCustomer: true } });
    });
  });

  it.each([
    'GET /v1/nothing',
    'GET /index.html',
    'GET /v1/customer/',
    'PUT /v1/rps',
    'DELETE /v1/customers',
    'GET /V1/health',
    'POST /v1/health',
    'GET /v1/rp/users/%zz',
  ])('results in a 404 response for the unknown route %s', async (request) => {
    const answer = await service.send(request, { as: made.alice.session });
    expect(answer.status).toBe(404);
    expect(answer.body).toMatchObject({ type: '/problems/not-found', status: 404 });
  });
});

const basic = (credentials: string) => `Basic ${Buffer.from(credentials).toString('base64')}`;

function withLastChanged(token: string): string {
  return token.slice(0, -1) + (token.endsWith('A') ? 'B' : 'A');
}
