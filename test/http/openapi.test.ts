import { CEREMONY_REFUSALS } from '../../functions/domain/errors.ts';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { routes } from '../../functions/api/routes.ts';
import type { Contract } from '../../functions/contract/contract.ts';
import { credential } from '../../functions/contract/credentials.ts';
import { customerView, getCustomerContract, unsubscribeCustomerContract } from '../../functions/contract/customers.ts';
import { getSessionContract } from '../../functions/contract/sessions.ts';
import { user } from '../../functions/contract/users.ts';
import { contracts } from '../../functions/contract/contracts.ts';
import { apiErrorKinds } from '../../functions/contract/errors/field-errors.ts';
import { fieldErrorMeanings } from '../../functions/contract/errors/field-error-meanings.ts';
import { callRoute, credentialFor, makeThings } from '../support/route-calls.ts';
import { startTestService, type TestService } from '../support/service.ts';

const parameter = z.looseObject({
  name: z.string(),
  in: z.enum(['path', 'query', 'header']),
  required: z.boolean().optional(),
  schema: z.record(z.string(), z.unknown()),
});
const content = z.record(z.string(), z.strictObject({ schema: z.record(z.string(), z.unknown()) }));
const operation = z.strictObject({
  operationId: z.string(),
  summary: z.string().min(1),
  tags: z.tuple([z.string()]),
  description: z.string().optional(),
  security: z.array(z.record(z.string(), z.tuple([]))),
  parameters: z.array(parameter).optional(),
  requestBody: z.strictObject({ required: z.literal(true), content }).optional(),
  responses: z.record(
    z.string().regex(/^(20[0-4]|304|429|default)$/),
    z.strictObject({
      description: z.string().min(1),
      headers: z.record(z.string(), z.looseObject({ schema: z.object({ type: z.literal('string') }) })).optional(),
      content: content.optional(),
    }),
  ),
});
/** The requirements of OpenAPI 3.1 that apply to our document. */
const openapi = z.strictObject({
  openapi: z.literal('3.1.0'),
  info: z.looseObject({ title: z.string().min(1), version: z.string().min(1) }),
  paths: z.record(
    z.string().startsWith('/v1/'),
    z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), operation),
  ),
  servers: z.tuple([z.strictObject({ url: z.literal('/') })]),
  tags: z.array(z.strictObject({ name: z.string() })),
  'x-tagGroups': z.array(z.strictObject({ name: z.string(), tags: z.array(z.string()) })),
  components: z.strictObject({
    schemas: z.record(z.string().regex(/^[A-Z][\w.-]+$/), z.record(z.string(), z.unknown())),
    securitySchemes: z.record(z.string(), z.looseObject({ type: z.literal('http'), scheme: z.literal('bearer') })),
  }),
});
const examplesOf = (schema: unknown) => z.looseObject({ examples: z.array(z.unknown()) }).parse(schema).examples;
type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

const documented = routes.filter((route) => route.name !== 'answer-not-found' && route.name !== 'answer-fss-call');
let service: TestService;

beforeAll(async () => {
  service = await startTestService();
});
afterAll(() => service.stop());

describe('the OpenAPI document', () => {
  let document: z.output<typeof openapi>;
  let raw: unknown;

  beforeAll(async () => {
    const answer = await service.send('GET /v1/openapi.json');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('application/json');
    raw = answer.body;
    document = answer.read(openapi);
  });

  it('lists exactly the routes of the service', () => {
    const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
      Object.entries(methods).map(([method, described]) => `${described.operationId}: ${method} ${path}`),
    );
    expect(operations.sort()).toEqual(
      documented.map(({ name, method, path }) => `${name}: ${method.toLowerCase()} ${path}`).sort(),
    );
  });

  it.each(documented.map((route) => [route.name, route] as const))('describes the route %s', (name, route) => {
    const contract: Contract = contracts[name];
    const described = document.paths[route.path]?.[route.method.toLowerCase() as Method];
    const parameters = described?.parameters ?? [];
    const named = (where: string) => parameters.filter((one) => one.in === where).map((one) => one.name);

    const inPath = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, parameterName]) => parameterName);
    expect(named('path')).toEqual(inPath);
    expect(parameters.filter((one) => one.in === 'path').every(({ required }) => required)).toBe(true);
    expect(named('query')).toEqual(Object.keys(contract.query?.shape ?? {}));
    const bySession = ['anyone', 'operator', 'rp'].includes(route.caller) ? [] : ['Administrator-Id'];
    const constant = 'isConstant' in route ? ['If-None-Match'] : [];
    const repeatable = contract.idempotencyKey ? ['Idempotency-Key'] : [];
    const ifMatch = contract.ifMatch ? ['If-Match'] : [];
    expect(named('header')).toEqual([...repeatable, ...ifMatch, ...constant, ...bySession]);

    expect(Object.keys(described?.requestBody?.content ?? {})).toEqual(contract.body ? ['application/json'] : []);
    const { responses = {}, security } = described ?? {};
    const unchanged = 'isConstant' in route ? ['304'] : [];
    const tried = contract.answer.dryRun ? ['200'] : [];
    expect(Object.keys(responses)).toEqual([...tried, String(contract.answer.status), ...unchanged, '429', 'default']);
    for (const status of tried) expect(responses[status]?.content).toEqual(responses[contract.answer.status]?.content);
    expect(Object.keys(responses[String(contract.answer.status)]?.content ?? {})).toEqual([
      ...(contract.answer.body ? ['application/json'] : []),
      ...(contract.answer.csv ? ['text/csv'] : []),
    ]);
    expect(Object.keys(responses['default']?.content ?? {})).toEqual(['application/problem+json']);
    const scheme = {
      anyone: [],
      'signed-in': [{ session: [] }],
      administrator: [{ session: [] }],
      privileged: [{ session: [] }],
      representative: [{ session: [] }],
      operator: [{ operatorSession: [] }],
      rp: [{ apiKey: [] }],
    };
    expect(security).toEqual(scheme[route.caller]);
  });

  it('contains examples that match their schemas', () => {
    const { User, Credential } = document.components.schemas;
    expect(user.parse(examplesOf(User)[0])).toEqual(examplesOf(User)[0]);
    expect(credential.parse(examplesOf(Credential)[0])).toEqual(examplesOf(Credential)[0]);
  });

  it('has short summaries without Markdown', () => {
    for (const { summary } of Object.values(document.paths).flatMap((methods) => Object.values(methods))) {
      expect(summary).toMatch(/^[A-Z][^`:]{3,100}$/);
    }
  });

  it('groups the routes by tags, those of RPs’ servers first', () => {
    const tagsOf = (isWanted: (route: (typeof documented)[number]) => boolean) =>
      documented
        .filter(isWanted)
        .flatMap(({ path, method }) => document.paths[path]?.[method.toLowerCase() as Method]?.tags ?? []);
    const [forRps, forConsole, forOperators] = document['x-tagGroups'].map(({ tags }) => tags);
    const byName = (tags: readonly string[] = []) => [...new Set(tags)].sort();

    expect(byName(tagsOf(({ caller }) => caller === 'rp'))).toEqual(byName(forRps));
    const isForOperators = ({ path }: (typeof documented)[number]) => path.startsWith('/v1/operator/');
    expect(byName(tagsOf(isForOperators))).toEqual(byName(forOperators));
    expect(byName(tagsOf((route) => route.caller !== 'rp' && !isForOperators(route)))).toEqual(byName(forConsole));
    expect(document.tags.map(({ name }) => name)).toEqual([forRps, forConsole, forOperators].flatMap((tags) => tags));
    expect(Object.keys(document.paths)[0]).toMatch(/^\/v1\/rp/);
  });

  it('lists a problem only for routes that can respond with it', () => {
    const responseOf = ({ path, method }: (typeof documented)[number]) =>
      document.paths[path]?.[method.toLowerCase() as Method];
    const inCeremonies = documented
      .filter(({ subject, caller }) => subject === 'fido2' && caller === 'rp')
      .map(({ name }) => name);
    const routesWith = (slug: string) =>
      documented
        .filter(({ path, method }) =>
          document.paths[path]?.[method.toLowerCase() as Method]?.responses['default']?.description.includes(
            `/problems/${slug})`,
          ),
        )
        .map(({ name }) => name);
    const bySession = documented
      .filter(({ caller }) => !['anyone', 'operator', 'rp'].includes(caller))
      .map(({ name }) => name);
    expect(routesWith('reauthentication-required')).toEqual(bySession);
    expect(routesWith('recovery-hold').sort()).toEqual([...bySession, 'confirm-email'].sort());
    expect(routesWith('forbidden')).toEqual(documented.filter(({ caller }) => caller !== 'rp').map(({ name }) => name));
    expect(routesWith('contact-required')).toEqual(['unsubscribe-customer']);
    expect(routesWith('confirmation-mismatch')).toEqual(['unsubscribe-customer']);
    const withoutLicense = [
      ...(['sign-up-customer', 'request-authentication-options', 'authenticate-user'] as const),
      ...(['add-operator-passkey', 'get-operator-session'] as const),
    ];
    for (const name of withoutLicense) {
      expect(routesWith('license-limit-reached')).not.toContain(name);
    }
    expect(routesWith('sign-in-refused')).toEqual(['authenticate-user']);
    expect(routesWith('credential-exists')).toEqual(['register-credential']);
    expect(routesWith('no-credential')).toEqual(['request-authentication-options']);
    expect(routesWith('rp-not-verified').sort()).toEqual([...inCeremonies, 'verify-rp'].sort());
    for (const refusal of CEREMONY_REFUSALS) expect([refusal, routesWith(refusal)]).not.toEqual([refusal, []]);
    for (const other of documented.filter(({ subject }) => !['fido2', 'credentials', 'rps'].includes(subject))) {
      const { description = '' } = responseOf(other)?.responses['default'] ?? {};
      expect(CEREMONY_REFUSALS.filter((refusal) => description.includes(`/problems/${refusal})`))).toEqual([]);
    }
  });

  it('allows further fields in responses, since later versions of the service may add fields', () => {
    const schemas = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .flatMap(({ responses }) => Object.values(responses))
      .flatMap((answer) => Object.values(answer.content ?? {}));
    const answered = JSON.stringify(schemas);
    expect(answered).not.toContain('"additionalProperties":false');
    const { CustomerView, Administrator } = document.components.schemas;
    expect(JSON.stringify([CustomerView, Administrator])).not.toContain('additionalProperties');
  });

  it('declares an ETag for exactly the responses that contain an item with a version or are constant', () => {
    const tagged = Object.values(document.paths)
      .flatMap((methods) => Object.values(methods))
      .filter(({ responses }) => responses['200']?.headers?.['ETag'] !== undefined);
    expect(tagged.map(({ operationId }) => operationId).sort()).toEqual([
      'change-representative',
      'edit-credential',
      'edit-credential-of-rp',
      'edit-customer',
      'edit-rp',
      'edit-user',
      'edit-user-of-rp',
      'get-credential',
      'get-customer',
      'get-openapi',
      'get-rp',
      'get-user',
      'get-user-of-rp',
      'list-plans',
      'set-mau-alert',
      'verify-rp',
    ]);
  });

  it('declares that the service refuses unknown fields in a request body', () => {
    for (const { path, method } of documented) {
      const schema = document.paths[path]?.[method.toLowerCase() as Method]?.requestBody?.content['application/json'];
      if (schema)
        expect({ path, method, ...schema.schema }).toMatchObject({ type: 'object', additionalProperties: false });
    }
  });

  it('lists exactly the codes that a field error may have, and says what each code means', () => {
    const code = z
      .object({ enum: z.array(z.string()), description: z.string() })
      .parse(document.components.schemas['FieldErrorCode']);
    expect(code.enum).toEqual(Object.keys(apiErrorKinds));
    for (const [name, means] of Object.entries(fieldErrorMeanings)) {
      expect(code.description).toContain(`\n- \`${name}\`: ${means}`);
    }
  });

  it('has no dangling references', () => {
    const references = JSON.stringify(raw).matchAll(/"\$ref":"([^"]+)"/g);
    const names = [...references].map(([, reference = '']) => reference.replace('#/components/schemas/', ''));
    expect(names.length).toBeGreaterThan(5);
    expect(names.filter((name) => !(name in document.components.schemas))).toEqual([]);
    const schemes = Object.keys(document.components.securitySchemes);
    const used = Object.values(document.paths).flatMap((methods) =>
      Object.values(methods).flatMap((one) => one.security.flatMap((scheme) => Object.keys(scheme))),
    );
    expect([...new Set(used)].sort()).toEqual(schemes.sort());
  });
});

/**
 * The tests in access.test.ts send the same calls with other credentials and expect failures. The tests below prove
 * that the calls succeed with the right credential.
 */
describe('the service', () => {
  it('responds to valid calls exactly as the contracts of the routes declare', async () => {
    const made = await makeThings(service);
    const { alice, bob, things } = made;
    // The test signs out last, because the other calls need the session. The next test unsubscribes, because a customer
    // with a paid license cannot unsubscribe.
    const leaving: readonly string[] = ['unsubscribe-customer', 'cancel-unsubscription'];
    const ending: readonly string[] = ['delete-sessions', 'delete-session', 'delete-operator-session'];
    const others = documented.filter(({ name }) => !ending.includes(name) && !leaving.includes(name));
    for (const route of [...others, ...documented.filter(({ name }) => ending.includes(name))]) {
      const { name } = route;
      const etag = (await service.send('GET /v1/customer', { as: bob.session })).headers.get('etag') ?? '';
      const as = name === 'delete-sessions' ? await service.signInByPasskey(alice.passkey) : credentialFor(route, made);
      const answer = await callRoute(service, route, things, as, etag);
      const { status, body }: Contract['answer'] = contracts[name].answer;
      expect({ name, status: answer.status, text: answer.text }).toEqual({ name, status, text: answer.text });
      // Parsing drops fields that the contract does not declare, so the comparison fails if the response has such a
      // field.
      if (body) expect({ name, body: answer.body }).toEqual({ name, body: answer.read(body) });
      else expect({ name, text: answer.text }).toEqual({ name, text: '' });
      expect(answer.headers.get('cache-control')).toBe(
        'isConstant' in route || 'isCacheable' in route ? 'public, max-age=300' : 'no-store',
      );
      expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    }
  });

  it('returns the grace period exactly as the contracts declare', async () => {
    const { session } = await service.signUp();
    const as = { as: session };
    const path = '/v1/customer/unsubscription';
    const body = { confirmation: 'Example Corporation' };
    const [unsubscribing, cancelling] = [contracts['unsubscribe-customer'], contracts['cancel-unsubscription']];
    const requested = await service.send(`POST ${path}`, { ...as, body });
    expect(requested.status).toBe(unsubscribing.answer.status);
    expect(requested.body).toEqual(requested.read(unsubscribeCustomerContract.answer.body));
    for (const [read, contract] of [
      ['GET /v1/customer', getCustomerContract],
      ['GET /v1/sessions/current', getSessionContract],
    ] as const) {
      const shown = await service.send(read, as);
      expect(shown.body).toMatchObject({ unsubscription: { requestedAt: expect.any(String) as string } });
      expect(shown.body).toEqual(shown.read(contract.answer.body as z.ZodType));
    }
    const cancelled = await service.send(`DELETE ${path}`, as);
    expect([cancelled.status, cancelled.text]).toEqual([cancelling.answer.status, '']);
  });

  it('returns the Customer view for each paid license exactly as the contract declares', async () => {
    const { customerId, session } = await service.signUp();
    for (const type of ['starter', 'business', 'enterprise'] as const) {
      await service.setLicense(customerId, { type, endsAt: '2036-01-01T00:00:00Z' });
      const answer = await service.send('GET /v1/customer', { as: session });
      expect(answer.body).toEqual(answer.read(customerView));
      expect(answer.body).toMatchObject({ license: { type } });
    }
  });

  it('returns the plan catalogue', async () => {
    const answer = await service.send('GET /v1/plans');
    const { items, contact } = answer.body as { items: { type: string }[]; contact: string };
    expect(contact).toBe('sales@example.com');
    expect(items.map(({ type }) => type)).toEqual(['free', 'starter', 'business', 'enterprise']);
    expect(items[0]).toMatchObject({
      maxRegisteredRps: 1,
      maxRegisteredUsers: 100,
      maxMau: null,
      overageFeePerMau: null,
    });
  });
});
