import * as z from 'zod';
import {
  createDocument,
  type ZodOpenApiOperationObject,
  type ZodOpenApiPathsObject,
  type ZodOpenApiResponseObject,
} from 'zod-openapi';
import { routes, type CallerKind, type Route, type RouteName } from '../api/routes.ts';
import type { Contract } from '../contract/contract.ts';
import { credential, type CredentialView } from '../contract/credentials.ts';
import { user, type UserView } from '../contract/users.ts';
import { contracts } from '../contract/contracts.ts';
import { verification } from '../contract/rp-views.ts';
import { apiErrorKinds, type ApiErrorCode } from '../contract/errors/field-errors.ts';
import { fieldErrorMeanings } from '../contract/errors/field-error-meanings.ts';
import type { JsonType } from '../contract/errors/field-error-kinds.ts';
import { SIGN_UP_LIMITS } from '../domain/customers/limit-sign-ups.ts';
import { OWN_STEPS } from '../domain/fido2/ceremony-refusals.ts';
import { STEPS } from '../domain/webauthn/refusal.ts';
import { CEREMONY_REFUSALS } from '../domain/errors.ts';
import { REQUESTS_A_DAY } from '../domain/leaving/unsubscription-limit.ts';
import { ceremonyRefusalsOf } from './ceremony-refusals.ts';
import { MEANT_FOR } from './credentials.ts';
import { problemTypes } from './problems.ts';

const codes = Object.keys(apiErrorKinds) as ApiErrorCode[];
const fieldErrorCode = z.enum(codes).meta({
  id: 'FieldErrorCode',
  description: [
    'The code of the kind of error. Clients must decide by the code and its parameters, never by the words of `detail`. Later versions may add codes.',
    '',
    ...codes.map((code) => `- \`${code}\`: ${fieldErrorMeanings[code]}`),
  ].join('\n'),
});

const fieldError = z
  .object({
    pointer: z.string().meta({
      description: 'The wrong field or parameter: a JSON pointer as a URI fragment',
      examples: ['#/users/0/userId'],
    }),
    code: fieldErrorCode,
    detail: z.string().meta({ description: 'The error in English, for people' }),
    min: z.int().optional().meta({ description: 'Present with `too-short`, `too-few` and `too-small`' }),
    max: z
      .int()
      .optional()
      .meta({ description: 'Present with `too-long`, `too-many`, `too-large` and `too-many-related-domains`' }),
    expected: z
      .enum(['string', 'number', 'integer', 'boolean', 'array', 'object'] satisfies JsonType[])
      .optional()
      .meta({ description: 'Present with `wrong-type`' }),
    values: z.array(z.string()).optional().meta({ description: 'Present with `unknown-value`' }),
    earliest: z
      .string()
      .optional()
      .meta({ description: 'Present with `no-longer-kept`: the earliest month', examples: ['2025-10'] }),
    fields: z
      .array(z.string())
      .optional()
      .meta({ description: 'Present with `at-least-one-required` and `exactly-one-required`' }),
  })
  .meta({ id: 'FieldError' });

const problem = z
  .object({
    type: z.string().meta({ examples: ['/problems/validation'] }),
    status: z.int(),
    title: z.string(),
    detail: z.string().optional(),
    requestId: z.string(),
    errors: z.array(fieldError).optional().meta({
      description:
        'The wrong fields and parameters, each with its error. Present with `validation`, `confirmation-mismatch` and `already-exists`',
    }),
    contact: z
      .string()
      .optional()
      .meta({ description: 'The e-mail address of the operator. Present with `contact-required`' }),
    until: z.iso.datetime().optional().meta({
      description:
        'The time from which the request is possible. With `recovery-hold`, the end of the hold. With `reauthentication-required`, present only if the administrator added the first passkey more than 5 minutes after the sign-in: until this time, only an e-mailed link is a recent sign-in',
    }),
    step: z
      .enum([...STEPS, ...OWN_STEPS])
      .optional()
      .meta({
        description:
          'The step of the verification that refused the response. Present with `response-invalid`, `origin-not-allowed` and `user-verification-required`',
      }),
    origin: z
      .string()
      .optional()
      .meta({ description: 'The origin on which the ceremony ran. Present with `origin-not-allowed`' }),
    usedAt: z.iso.datetime().optional().meta({
      description:
        'When the ceremony was used. Present with `ceremony-used`, unless the service no longer knows the time',
    }),
    aaguid: z.string().optional().meta({
      description:
        'The AAGUID of the authenticator. Present with `authenticator-not-allowed` and `attestation-not-trusted`',
    }),
    signals: z
      .object({ unknownCredential: z.object({ rpId: z.string(), credentialId: z.string() }) })
      .optional()
      .meta({
        description:
          'For `PublicKeyCredential.signalUnknownCredential`. Present with `credential-unknown` if no user of the RP has the credential',
      }),
    stored: z.int().optional().meta({
      description: 'The sign count that the service has stored. Present with `sign-count-not-increased`',
    }),
    received: z.int().optional().meta({
      description: 'The sign count in the response. Present with `sign-count-not-increased`',
    }),
    record: verification.shape.record.optional().meta({
      description:
        'The DNS record that the service looked for. Present with `rp-not-verified` in the response to `POST /v1/rps/{id}/verification`',
    }),
    found: z.array(z.string()).optional().meta({
      description: 'The TXT records that the service found instead, shortened. Present together with `record`',
    }),
    limit: z.enum(['registered-rps', 'registered-users']).optional().meta({
      description:
        'The limit that is reached. Present with `license-limit-reached`, together with `max`, `current` and `licenseType`',
    }),
    max: z.int().optional().meta({
      description: 'The maximum that is reached. Present with `license-limit-reached` and `too-many-credentials`',
    }),
    current: z.int().optional(),
    licenseType: z.string().optional(),
    month: z
      .string()
      .optional()
      .meta({
        description:
          'Present with `license-limit-reached` if you have reached the limit of RPs or users that you can register in a month. `max` and `current` are then the numbers of this month, including removed RPs or users',
        examples: ['2026-11'],
      }),
    monthEndsAt: z
      .string()
      .optional()
      .meta({
        description: 'Present together with `month`: the time from which you can register more',
        examples: ['2026-12-01T00:00:00Z'],
      }),
  })
  .catchall(z.unknown())
  .meta({ id: 'Problem' });

const exampleUser = {
  userId: 'user-1',
  userName: 'alice@example.com',
  displayName: 'Alice Arai',
  attributes: { plan: 'gold' },
  disabled: false,
  userHandle: 'pVIs1Sqo4-2-Nm1_m3w7T0ZCz9Fz8lTjNnrfJqxJ2zE',
  credentials: { total: 1, enabled: 1 },
  registeredAt: '2026-11-22T09:30:00.000Z',
  updatedAt: '2026-11-22T09:30:00.000Z',
  version: 1,
} satisfies UserView;
const exampleCredential = {
  id: 'kM0a2pQbT8S5vXwLr1uYjA',
  name: 'Phone of Alice',
  attributes: null,
  authenticator: { aaguid: 'fbfc3007-154e-4ecc-8c0b-6e020557d7bd', name: 'Apple Passwords' },
  publicKey:
    'MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEaxfR8uEsQkf4vOblY6RA8ncDfYEt6zOg9KE5RdiYwpZP40Li_hp_m47n60p8D54WK84zV2sxXs7LtkBoN79R9Q',
  algorithm: -7,
  transports: ['internal', 'hybrid'],
  discoverable: true,
  backupEligible: true,
  backedUp: true,
  userVerified: true,
  signCount: 0,
  attestation: { format: 'none', type: 'none', trusted: false },
  disabled: false,
  createdAt: '2026-11-22T09:30:00.000Z',
  lastUsedAt: null,
  version: 1,
} satisfies CredentialView;
/** Examples of objects, for API pages. Only the document contains them, so that other functions do not load them. */
const examples = new Map<z.core.$ZodType, unknown>([
  [user, exampleUser],
  [credential, exampleCredential],
]);

let document: ReturnType<typeof createDocument> | undefined;

/**
 * Returns the OpenAPI 3.1 document of all routes. The document depends only on the list of routes and on the schemas of
 * the contracts, so each process creates the document only once.
 */
export function openapi() {
  document ??= createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'FIDO2 Server Service',
        version: '1',
        description:
          'A multi-tenant FIDO2 (passkey) server: registers passkeys and signs users in with them, and manages the customers, their licenses and their monthly active users. Every route for GET also serves HEAD. The routes `POST /api/…` are for SDKs that use the FSS format. They have a format of their own, which this document does not describe.',
      },
      // The document's own host: the paths are the same at the URL of the console and at that of the API.
      servers: [{ url: '/' }],
      tags: tagGroups.flatMap(({ tags }) => tags.map((name) => ({ name }))),
      'x-tagGroups': tagGroups,
      paths: paths(),
      components: {
        securitySchemes: {
          session: {
            type: 'http',
            scheme: 'bearer',
            description: 'The `sessionToken` that `POST /v1/sessions` returns',
          },
          operatorSession: {
            type: 'http',
            scheme: 'bearer',
            description: 'The `sessionToken` that `POST /v1/operator/sessions` returns',
          },
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the RP' },
        },
      },
    },
    {
      // Later versions of the API may add fields to responses, so the schemas of responses must not forbid unknown
      // fields.
      override: ({ jsonSchema, zodSchema, io }) => {
        if (io === 'output') delete jsonSchema.additionalProperties;
        // Zod states the limits of JavaScript's numbers, which would become the examples of API pages.
        if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
        if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum;
        const example = examples.get(zodSchema) ?? (jsonSchema.contentEncoding === 'base64url' ? 'AQIDBA' : undefined);
        if (example !== undefined) jsonSchema.examples ??= [example];
      },
    },
  );
  return document;
}

/** The tag of a route, by the route's subject: for the routes of RPs' servers, and for all other routes. */
const RP_TAGS: Readonly<Record<string, string>> = {
  fido2: 'Ceremonies',
  users: 'Users',
  credentials: 'Credentials',
  rps: 'The RP',
  metering: 'Operations',
};
const CONSOLE_TAGS: Readonly<Record<string, string>> = {
  customers: 'Customer',
  metering: 'MAU',
  alerts: 'MAU alert',
  webhooks: 'Webhook',
  statements: 'Statements',
  leaving: 'Unsubscribing',
  rps: 'RPs and API keys',
  audit: 'Activity',
  activity: 'Refused ceremonies of an RP',
  users: 'Users of an RP',
  credentials: 'Credentials of an RP’s user',
  fido2: 'Keys that verify tokens',
  administrators: 'Administrators',
  sessions: 'Sessions',
  'signing-in': 'Signing in',
  service: 'The service',
};
/** The tags of the routes of the operators' pages. */
const OPERATOR_TAGS: Readonly<Record<string, string>> = {
  operator: 'Operators’ view of customers',
  operators: 'Operators’ sign-in',
};
/** Groups of tags, as API pages such as Redoc show them. The routes that developers of RPs need come first. */
const tagGroups = [
  { name: 'For RPs’ servers', tags: Object.values(RP_TAGS) },
  { name: 'For the console', tags: Object.values(CONSOLE_TAGS) },
  { name: 'For the operators’ pages', tags: Object.values(OPERATOR_TAGS) },
];

function tagOf({ caller, subject, ...route }: Route): string {
  const tags = caller === 'rp' ? RP_TAGS : route.function === 'operator' ? OPERATOR_TAGS : CONSOLE_TAGS;
  const tag = tags[subject];
  if (tag === undefined) throw new Error(`The subject ${subject} has no tag.`);
  return tag;
}

function paths(): ZodOpenApiPathsObject {
  const result: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of [...routes].sort((a, b) => Number(b.caller === 'rp') - Number(a.caller === 'rp'))) {
    if (route.name === 'answer-not-found' || route.name === 'answer-fss-call') continue;
    (result[route.path] ??= {})[route.method.toLowerCase()] = operation(route, contracts[route.name]);
  }
  return result;
}

const security = {
  anyone: [],
  'signed-in': [{ session: [] }],
  administrator: [{ session: [] }],
  privileged: [{ session: [] }],
  representative: [{ session: [] }],
  operator: [{ operatorSession: [] }],
  rp: [{ apiKey: [] }],
};

/** Returns whether a route needs the session of an administrator. */
const isBySession = ({ caller }: Route) => caller !== 'anyone' && caller !== 'operator' && caller !== 'rp';
/** Returns whether a route belongs to the operators' pages, which change nothing of a customer. */
const isForOperators = (route: Route) => route.function === 'operator';

/** Returns whether a route begins or ends an authentication, which creates nothing. */
const isAuthentication = ({ name }: Route) => name === 'request-authentication-options' || name === 'authenticate-user';

/**
 * Returns the types of the problems with which a route may respond. Nothing is forbidden to an API key. Includes the
 * problems about the header `If-Match` only if the route has or requires this header, and the problem about a body that
 * is too large only if the route accepts a body. Includes the problem about too many requests only if the route has a
 * limit. Includes the problems about the caller's sign-in only if the route needs an administrator's session, and the
 * problems about unsubscribing only for the route that unsubscribes. Authentications create nothing, so they have no
 * problem about licenses or about values that are taken. The route that confirms an e-mail address needs no session,
 * but is refused during a recovery hold. `ceremonyRefusalsOf` lists the refusals of ceremonies.
 */
export function problemTypesOf(route: Route, { ifMatch, body }: Contract) {
  const never = [
    ...(limitOf(route) === undefined ? ['too-many-requests'] : []),
    ...(ifMatch === true ? [] : ['precondition-required']),
    ...(ifMatch ? [] : ['version-conflict']),
    ...(body ? [] : ['payload-too-large']),
    ...(route.caller === 'rp' ? ['forbidden'] : []),
    ...(isBySession(route) ? [] : ['reauthentication-required']),
    ...(isBySession(route) || route.name === 'confirm-email' ? [] : ['recovery-hold']),
    ...(route.name === 'unsubscribe-customer' ? [] : ['contact-required', 'confirmation-mismatch']),
    ...(route.caller === 'anyone' || isForOperators(route) || isAuthentication(route)
      ? ['license-not-active', 'license-limit-reached']
      : []),
    ...(isForOperators(route) || isAuthentication(route) ? ['already-exists'] : []),
    ...CEREMONY_REFUSALS.filter((refusal) => !ceremonyRefusalsOf[route.name as RouteName]?.includes(refusal)),
  ];
  return problemTypes.filter(({ slug }) => !never.includes(slug));
}

/**
 * Returns a line of Markdown for each problem with which a route may respond: its slug (the last part of the problem's
 * `type`) with a link to its page, its status and its title.
 */
const problemsOf = (route: Route, contract: Contract): string[] =>
  problemTypesOf(route, contract).map(
    ({ slug, status, title }) => `- [\`${slug}\`](/problems/${slug}) (${status}): ${title}`,
  );

/** The limits behind the problem `too-many-requests`, for each route or kind of caller that has such a limit. */
const SIGN_UPS = `the service accepts at most ${SIGN_UP_LIMITS.network} sign-ups an hour from one network (IPv4 /24 or IPv6 /48) and ${SIGN_UP_LIMITS.domain} with one e-mail domain`;
function limitOf({ name, caller }: Route): string | undefined {
  if (name === 'sign-up-customer') return SIGN_UPS;
  if (name === 'unsubscribe-customer')
    return `a customer can be unsubscribed at most ${REQUESTS_A_DAY} times in 24 hours`;
  if (name === 'verify-rp') return 'the service limits how often it looks for the DNS record of one RP';
  if (caller === 'rp') return 'the service limits how many unknown API keys and unregistered users it looks up';
  return undefined;
}

/**
 * Returns the response to a request that is refused because there were too many requests. The gateway can refuse
 * requests to every route. The service itself refuses requests only to routes with a limit.
 */
function tooMany(route: Route): ZodOpenApiResponseObject {
  const gateway = 'The gateway received too many requests and refused this one. Try again later';
  const byGateway = { 'application/json': { schema: z.object({ message: z.string() }) } };
  const limit = limitOf(route);
  if (limit === undefined) return { description: gateway, content: byGateway };
  return {
    description: `${gateway}. Or the problem \`too-many-requests\`: ${limit}`,
    headers: z.object({
      'Retry-After': z
        .string()
        .optional()
        .meta({ description: 'With `too-many-requests`: the number of seconds after which you can try again' }),
    }),
    content: { ...byGateway, 'application/problem+json': { schema: problem } },
  };
}

/** Returns the first part of a summary, which API pages show beside the path, and the rest as a sentence of its own. */
function partsOf(summary: string): { readonly head: string; readonly rest: string | undefined } {
  const [, head = summary, rest] = /^(.+?)(?:: |\. )(.+)$/s.exec(summary) ?? [];
  return { head, rest: rest && `${rest.charAt(0).toUpperCase()}${rest.slice(1)}.`.replace(/\.\.$/, '.') };
}

function forWhom({ caller }: Route): string[] {
  if (caller === 'signed-in') return ['The route also accepts a session that may only add a passkey.'];
  if (caller === 'privileged') return ['For privileged administrators.'];
  if (caller === 'representative') return ['For the representative only.'];
  return [];
}

const etagRead = z.string().meta({ description: 'The ETag of the response that you read, such as "3"' });

const cacheControl = z.string().meta({ description: 'How long the response may be cached' });

type DocumentedRoute = Route & { readonly caller: Exclude<CallerKind, 'fss'> };
function operation(route: DocumentedRoute, contract: Contract): ZodOpenApiOperationObject {
  const { summary, params, query, body, ifMatch, answer } = contract;
  const { isConstant = false, isCacheable = false } = route;
  const { head, rest } = partsOf(summary);
  const description = [...(rest === undefined ? [] : [rest]), ...forWhom(route)];
  const header = z.object({
    ...(contract.idempotencyKey && {
      'Idempotency-Key': z.string().min(1).max(255).optional().meta({
        description:
          'Lets you repeat the request if its answer is lost: 1 to 255 visible ASCII characters. A request with the same API key, header and body then succeeds again, and counts and stores nothing twice',
      }),
    }),
    ...(ifMatch === true && { 'If-Match': etagRead }),
    ...(ifMatch === 'optional' && { 'If-Match': etagRead.optional() }),
    ...(isConstant && {
      'If-None-Match': z.string().optional().meta({
        description: 'The ETag of the response that you have. If the response has not changed, the status is 304',
      }),
    }),
    ...(isBySession(route) && {
      [MEANT_FOR]: z.string().optional().meta({
        description:
          'The ID of the administrator who is meant to send the request. If the session belongs to another administrator, the response is the problem `unauthenticated`',
      }),
    }),
  });
  return {
    operationId: route.name,
    summary: head,
    tags: [tagOf(route)],
    ...(description.length > 0 && { description: description.join('\n\n') }),
    security: security[route.caller],
    requestParams: { ...(params && { path: params }), ...(query && { query }), header },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.etag && {
          headers: z.object({ ETag: z.string().meta({ description: 'The value for `If-Match`' }) }),
        }),
        ...(answer.link && {
          headers: z.object({
            Link: z
              .string()
              .optional()
              .meta({
                description: 'Present if another CSV follows: the URL of the next CSV, with `rel="next"` (RFC 8288)',
                examples: [
                  `<${route.path}?${query && 'month' in query.shape ? 'month=2026-11&' : ''}cursor=MjAyNi0xMQ>; rel="next"`,
                ],
              }),
          }),
        }),
        ...(isConstant && {
          headers: z.object({
            ETag: z.string().meta({ description: 'The value for `If-None-Match`' }),
            'Cache-Control': cacheControl,
          }),
        }),
        ...(isCacheable && { headers: z.object({ 'Cache-Control': cacheControl }) }),
        ...(answer.body && {
          content: {
            'application/json': { schema: answer.body },
            ...(answer.csv && { 'text/csv': { schema: z.string() } }),
          },
        }),
      },
      ...(answer.dryRun && {
        200: { description: answer.dryRun, content: { 'application/json': { schema: answer.body } } },
      }),
      '429': tooMany(route),
      ...(isConstant && { 304: { description: 'The response has not changed' } }),
      default: {
        description: ['A problem:', '', ...problemsOf(route, contract)].join('\n'),
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}
