import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { routes } from '../../functions/api/routes.ts';
import type { Contract } from '../../functions/contract/contract.ts';
import { contracts } from '../../functions/contract/contracts.ts';
import { apiErrorKinds } from '../../functions/contract/errors/field-errors.ts';
import type { FieldError } from '../../functions/contract/errors/field-errors.ts';
import { openTable } from '../../functions/table/engine/client.ts';
import { rpKey } from '../../functions/table/keys.ts';
import type { TableAction } from '../../functions/table/role-statements.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { engineEndpoint } from '../support/engine.ts';
import { makeThings } from '../support/route-calls.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { ofCeremonies, ofStrictCeremonies } from './bad-ceremonies.ts';
import { ofMoving } from './bad-imports.ts';
import {
  byAnyone,
  byApiKey,
  byApiKeyOfUniqueNames,
  bySession,
  MAXIMAL_USER_ID,
  byOperator,
  onFree,
  type BadRequests,
} from './bad-requests.ts';

type Caller =
  | 'anyone'
  | 'administrator'
  | 'operator'
  | 'representative on Free'
  | 'rp'
  | 'RP with unique names'
  | 'RP with strict settings';
/** The actions that can change the table. */
const WRITES = new Set<TableAction>(['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem']);
const statusOf: Readonly<Record<string, number>> = {
  validation: 400,
  unauthenticated: 401,
  'not-found': 404,
  'credential-unknown': 404,
  'ceremony-invalid': 400,
  'already-exists': 409,
  'too-many-credentials': 409,
  'confirmation-mismatch': 400,
  'version-conflict': 412,
  'payload-too-large': 413,
  'precondition-required': 428,
};

const listed = (caller: Caller, requests: BadRequests) =>
  Object.entries(requests).flatMap(([request, list]) =>
    list.map(([what, sent, ...expected]) => {
      const problem = expected[0]?.startsWith('#') ? 'validation' : (expected[0] ?? '');
      const errors = expected.filter((error) => error.startsWith('#'));
      return { caller, request, what, sent, problem, errors, where: errors.join(', ') || problem };
    }),
  );
const requests = [
  ...listed('anyone', byAnyone),
  ...listed('administrator', bySession),
  ...listed('operator', byOperator),
  ...listed('representative on Free', onFree),
  ...listed('rp', byApiKey),
  ...listed('RP with unique names', byApiKeyOfUniqueNames),
  ...listed('rp', ofCeremonies),
  ...listed('rp', ofMoving),
  ...listed('RP with strict settings', ofStrictCeremonies),
];

describe('the validation of requests', () => {
  let service: TestService;
  let made: Awaited<ReturnType<typeof makeThings>>;
  let credentials: Readonly<Record<Caller, string | undefined>>;
  /** The items of the table before the first bad request. */
  let before: unknown;
  /** Whether a function has tried to write to the table since a test last compared the items. */
  let written = false;

  /** Returns the items of the table, without the refused ceremonies, which the service stores. */
  const dump = async () => (await service.dump()).filter((item) => !isRefusal(String(item['pk'])));
  const isRefusal = (key: string) => key.startsWith('REFUSAL#');

  beforeAll(async () => {
    service = await startTestService({
      onTableUse: (_, { action, keys }) => {
        if (WRITES.has(action) && !keys.every(isRefusal)) written = true;
      },
    });
    made = await makeThings(service);
    credentials = {
      anyone: undefined,
      administrator: made.alice.session,
      operator: made.operatorSession,
      'representative on Free': (await service.signUp('Free Corporation')).session,
      rp: made.apiKey,
      'RP with unique names': await keyOfUniqueNames(),
      'RP with strict settings': await keyOfStrictSettings(),
    };
    await service.send('GET /_local/mail'); // waits until the table contains no unsent e-mail
    before = await dump();
    expect(written).toBe(true); // the set-up has written, so this fails if the test does not notice writes
    written = false;
  });
  afterAll(() => service.stop());

  it('is tested on every route that takes a body, a query or If-Match', () => {
    expect(requests.length).toBeGreaterThanOrEqual(60);
    const taking = routes.filter(({ name }) => {
      const { body, query, ifMatch } = (contracts as Partial<Record<string, Contract>>)[name] ?? {};
      return [body, query, ifMatch].some((input) => input !== undefined);
    });
    const isOf = ({ method, path }: (typeof routes)[number], request: string) => {
      const pattern = `${method} ${path}`.replaceAll(/\{\w+\}/g, '[^/]+');
      return new RegExp(`^${pattern}(\\?|$)`).test(request);
    };
    const missing = taking.filter((route) => !requests.some(({ request }) => isOf(route, request)));
    expect(missing.map(({ name }) => name)).toEqual([]);
  });

  it('is tested for exactly the codes that a field error may have', () => {
    const codes = requests.flatMap(({ errors }) => errors.map((error) => error.split(': ')[1]));
    expect([...new Set(codes)].sort()).toEqual(Object.keys(apiErrorKinds).sort());
  });

  it.each(requests)('refuses $request with $what ($where), and changes nothing', async (bad) => {
    const { edits, headers, ...sent } = bad.sent;
    const answer = await service.send(filled(bad.request), {
      ...sent,
      ...(sent.body !== undefined && { body: JSON.parse(filled(JSON.stringify(sent.body))) as unknown }),
      headers: { ...headers, ...(edits && { 'if-match': '"1"' }) },
      as: credentials[bad.caller],
    });
    const status = statusOf[bad.problem];
    expect(answer.body).toMatchObject({
      type: `/problems/${bad.problem}`,
      status,
      title: expect.stringMatching(/./) as string,
      detail: expect.stringMatching(/./) as string,
      requestId: expect.stringMatching(/^[0-9a-f-]{36}$/) as string,
    });
    expect(answer.status).toBe(status);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    const { errors = [] } = answer.body as { errors?: FieldError[] };
    expect([...new Set(errors.map(({ pointer, code }) => `${pointer}: ${code}`))].sort()).toEqual(bad.errors.sort());
    for (const { detail } of errors) expect(detail).toMatch(/^Must (be|have|not|consist) /);
    // Without a write, the table cannot change. A write whose condition is false does not change the table either, so
    // after an attempt to write, the test compares the items.
    if (written) {
      written = false;
      expect(await dump()).toEqual(before);
    }
  });

  it('changes nothing, even if all the bad requests are sent', async () => {
    expect(await dump()).toEqual(before);
  });

  /** Creates an RP with strict settings. Returns an API key of the RP. */
  async function keyOfStrictSettings(): Promise<string> {
    const { session } = made.alice;
    const { id } = await service.newRp(session, 'strict.example.com');
    const settings = { userVerification: 'required', requireTrustedAttestation: true };
    await service.send(`PATCH /v1/rps/${id}`, { as: session, body: { settings } });
    const { apiKey } = await service.newApiKey(session, id);
    // The first use of an API key writes the time of the use.
    await service.send('GET /v1/rp/users', { as: apiKey });
    return apiKey;
  }

  /** Creates an RP that requires unique names, with the users user-1 and taken. Returns an API key of the RP. */
  async function keyOfUniqueNames(): Promise<string> {
    const { customerId, alice } = made;
    const { id } = await service.newRp(alice.session, 'unique.example.com');
    const table = openTable(service.tableName, localClientConfig(await engineEndpoint()));
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: rpKey(customerId, id),
        UpdateExpression: 'SET uniqueUserNames = :true',
        ExpressionAttributeValues: { ':true': true },
      }),
    );
    table.client.destroy();
    const { apiKey } = await service.newApiKey(alice.session, id);
    await service.registerUsers(apiKey, ['user-1', 'taken']);
    return apiKey;
  }

  /** Replaces the names in braces, such as `{rp}`, with the IDs and addresses that the test created. */
  function filled(text: string): string {
    const { things, alice, bob } = made;
    return text
      .replaceAll('{rp}', things.rp)
      .replaceAll('{customer}', things.customer)
      .replaceAll('{administrator}', things.administrator)
      .replaceAll('{invited}', things.provisionalAdministrator)
      .replaceAll('{passkey}', things.passkey)
      .replaceAll('{credential}', things.credential)
      .replaceAll('{operatorLink}', things.operatorLink)
      .replaceAll('{operatorClientDataJSON}', things.operatorRegistration?.response.clientDataJSON ?? '')
      .replaceAll('{clientDataJSON}', things.newPasskey?.response.clientDataJSON ?? '')
      .replaceAll('{email}', bob.email)
      .replaceAll('{EMAIL}', alice.email.toUpperCase());
  }

  const long = (length: number) => 'x'.repeat(length);
  const signUp = (customer: object, email: string) => ({ customer, representative: { name: long(200), email } });
  const operation = { userId: 'user-1', type: 'authentication' };

  it.each<[string, Caller, string, unknown, number]>([
    [
      'fields of the maximum lengths',
      'anyone',
      'POST /v1/customers',
      signUp(
        { name: ` ${'😀'.repeat(100)} `, address: `${long(249)}\r\n${long(249)}`, phoneNumber: '1'.repeat(30) },
        `${long(64)}@${long(60)}.example.com`,
      ),
      202,
    ],
    [
      'empty values for optional fields',
      'anyone',
      'POST /v1/customers',
      signUp({ name: 'C', address: null, phoneNumber: '' }, 'a@example.com'),
      202,
    ],
    ['a domain of 253 characters', 'administrator', 'POST /v1/rps', rpNamed(`${`${long(61)}.`.repeat(4)}x.org`), 201],
    ['the domain localhost', 'administrator', 'POST /v1/rps', rpNamed('localhost'), 201],
    ['a domain that is not ASCII', 'administrator', 'POST /v1/rps', rpNamed('ショップ.example'), 201],
    ['a limit of 100 and a cursor', 'administrator', 'GET /v1/rps?limit=100&cursor=cnBfMA', undefined, 200],
    [
      '50 users whose IDs contain every allowed character',
      'rp',
      'POST /v1/rp/users',
      { users: Array.from({ length: 50 }, (_, index) => ({ userId: `${index}-Az._~:@+=` })) },
      200,
    ],
    [
      'a user ID with every allowed character, percent-encoded in a path',
      'rp',
      `GET /v1/rp/users/${encodeURIComponent('7-Az._~:@+=')}`,
      undefined,
      200,
    ],
    [
      'a user ID with every allowed character, not percent-encoded in a path',
      'rp',
      'GET /v1/rp/users/7-Az._~:@+=',
      undefined,
      200,
    ],
    [
      'a user ID of 128 characters',
      'rp',
      'POST /v1/rp/users',
      { users: [{ userId: MAXIMAL_USER_ID, displayName: long(200) }] },
      200,
    ],
    ['a user ID of 128 characters in a path', 'rp', `GET /v1/rp/users/${MAXIMAL_USER_ID}`, undefined, 200],
    [
      'a user ID of 128 characters in the path of a DELETE request',
      'rp',
      `DELETE /v1/rp/users/${MAXIMAL_USER_ID}`,
      undefined,
      204,
    ],
    [
      '100 operations',
      'rp',
      'POST /v1/rp/operations',
      { operations: Array.from({ length: 100 }, () => operation) },
      200,
    ],
  ])('accepts %s', async (_, caller, request, body, status) => {
    const answer = await service.send(request, { as: credentials[caller], body });
    expect({ status: answer.status, text: answer.text }).toEqual({ status, text: answer.text });
  });

  it('accepts a request with operations in a closed month or in the future, but rejects these operations', async () => {
    const times = ['0000-01-01T00:00:00Z', '9999-12-31T23:59:59Z', '2000-02-29T00:00:00.123456+14:00'];
    const answer = await service.send('POST /v1/rp/operations', {
      as: made.apiKey,
      body: { operations: times.map((occurredAt) => ({ userId: 'user-2', type: 'registration', occurredAt })) },
    });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      results: [
        { userId: 'user-2', status: 'rejected', reason: 'month-closed' },
        { userId: 'user-2', status: 'rejected', reason: 'in-the-future' },
        { userId: 'user-2', status: 'rejected', reason: 'month-closed' },
      ],
    });
  });
});

function rpNamed(rpId: string) {
  return { rpId, name: 'x'.repeat(200) };
}
