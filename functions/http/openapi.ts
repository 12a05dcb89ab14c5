import * as z from 'zod';
import { createDocument, type ZodOpenApiOperationObject, type ZodOpenApiPathsObject } from 'zod-openapi';
import { routes, type Route } from '../api/routes.ts';
import type { Contract } from '../contract/contract.ts';
import { contracts } from '../contract/contracts.ts';
import { MEANT_FOR } from './credentials.ts';
import { problemTypes } from './problems.ts';

const problem = z
  .object({
    type: z.string().meta({ examples: ['/problems/validation'] }),
    status: z.int(),
    title: z.string(),
    detail: z.string().optional(),
    requestId: z.string(),
    errors: z
      .array(z.object({ pointer: z.string().meta({ examples: ['#/users/0/userId'] }), detail: z.string() }))
      .optional()
      .meta({ description: 'Where something is wrong, and what it must be: with `validation` and `already-exists`' }),
    contact: z.string().optional().meta({ description: 'Whom to write to: with `contact-required`' }),
    limit: z
      .enum(['registered-rps', 'registered-users'])
      .optional()
      .meta({ description: 'This, `max`, `current` and `licenseType`: with `license-limit-reached`' }),
    max: z.int().optional(),
    current: z.int().optional(),
    licenseType: z.string().optional(),
  })
  .catchall(z.unknown())
  .meta({ id: 'Problem' });

let document: ReturnType<typeof createDocument> | undefined;

/** Gives the OpenAPI 3.1 document of all routes, from the list of routes and the schemas that validate. Made once a process. */
export function openapi() {
  document ??= createDocument(
    {
      openapi: '3.1.0',
      info: {
        title: 'FIDO2 Server Service',
        version: '1',
        description: 'Customers, licenses and monthly active users of a multi-tenant FIDO2 (passkey) service.',
      },
      paths: paths(),
      components: {
        securitySchemes: {
          session: { type: 'http', scheme: 'bearer', description: 'The sessionToken of POST /v1/sessions' },
          apiKey: { type: 'http', scheme: 'bearer', description: 'An API key of the RP' },
        },
      },
    },
    {
      // Answers may get more fields: clients that validate must not break by that.
      override: ({ jsonSchema, io }) => {
        if (io === 'output') delete jsonSchema.additionalProperties;
      },
    },
  );
  return document;
}

function paths(): ZodOpenApiPathsObject {
  const result: Record<string, Record<string, ZodOpenApiOperationObject>> = {};
  for (const route of routes) {
    if (route.name === 'answer-not-found') continue;
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
  rp: [{ apiKey: [] }],
};

/** The problems that a route may answer; those that hang on what it takes only where it does. */
function problemsOf({ ifMatch, body }: Contract): string[] {
  const never = [
    ...(ifMatch ? [] : ['precondition-required', 'version-conflict']),
    ...(body ? [] : ['payload-too-large']),
  ];
  return problemTypes.filter(({ slug }) => !never.includes(slug)).map(({ slug, status }) => `${slug} (${status})`);
}

function operation(route: Route, contract: Contract): ZodOpenApiOperationObject {
  const { summary, params, query, body, ifMatch, answer } = contract;
  const isBySession = route.caller !== 'anyone' && route.caller !== 'rp';
  const header = z.object({
    ...(ifMatch && { 'If-Match': z.string().meta({ description: 'The ETag that was read, such as "3"' }) }),
    ...(isBySession && {
      [MEANT_FOR]: z.string().optional().meta({
        description: 'Whose session it must be: with that of another administrator, the request is unauthenticated',
      }),
    }),
  });
  return {
    operationId: route.name,
    summary,
    ...(route.caller === 'signed-in' && { description: 'Also with a session that may only add a passkey.' }),
    ...(route.caller === 'privileged' && { description: 'For privileged administrators.' }),
    ...(route.caller === 'representative' && { description: 'For the representative alone.' }),
    security: security[route.caller],
    requestParams: { ...(params && { path: params }), ...(query && { query }), header },
    ...(body && { requestBody: { required: true, content: { 'application/json': { schema: body } } } }),
    responses: {
      [answer.status]: {
        description: answer.description,
        ...(answer.etag && { headers: z.object({ ETag: z.string().meta({ description: 'What `If-Match` takes' }) }) }),
        ...(answer.body && {
          content: {
            'application/json': { schema: answer.body },
            ...(answer.csv && { 'text/csv': { schema: z.string() } }),
          },
        }),
      },
      '429': {
        description: 'Too many requests at this moment, refused by the gateway: try again later',
        content: { 'application/json': { schema: z.object({ message: z.string() }) } },
      },
      default: {
        description: `A problem: ${problemsOf(contract).join(', ')}`,
        content: { 'application/problem+json': { schema: problem } },
      },
    },
  };
}
