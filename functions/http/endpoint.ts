import middy, { type Request } from '@middy/core';
import httpJsonBodyParser from '@middy/http-json-body-parser';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import { routeNamed, type CallerOf, type Route, type RouteName } from '../api/routes.ts';
import type { AnswerOf, BodyOf, Contract, ParamsOf, QueryOf } from '../contract/contract.ts';
import type { ApiKeyServices } from '../domain/rps/authenticate-api-key.ts';
import type { AdministratorCaller, RpCaller } from '../domain/callers.ts';
import type { Services } from '../domain/services.ts';
import { untilAborted } from '../table/engine/client.ts';
import { authenticate } from './authenticate.ts';
import { logFor } from './log-for.ts';
import { problemOf } from './problems.ts';
import { refuseTooLarge, validate } from './validate.ts';

interface Callers {
  anyone: undefined;
  'signed-in': AdministratorCaller;
  administrator: AdministratorCaller;
  privileged: AdministratorCaller;
  representative: AdministratorCaller;
  rp: RpCaller;
}

/** A request as a handler gets it: authenticated, parsed. */
export interface ParsedRequest<N extends RouteName, C extends Contract> {
  readonly caller: Callers[CallerOf<N>];
  readonly params: ParamsOf<C>;
  readonly query: QueryOf<C>;
  readonly body: BodyOf<C>;
  /** The version sent as `If-Match`. */
  readonly version: C['ifMatch'] extends true ? number : undefined;
  /** When the gateway got the request, epoch milliseconds. */
  readonly receivedAt: number;
  /** Whether CSV is preferred over JSON. */
  readonly wantsCsv: boolean;
}

/** What a handler answers; the status is the contract's. */
export interface Answer<C extends Contract> {
  readonly body?: AnswerOf<C>;
  /** Instead of a body. */
  readonly csv?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: string[];
}

type Handle<N extends RouteName, C extends Contract, S> = (
  request: ParsedRequest<N, C>,
  services: S,
) => Promise<Answer<C>> | Answer<C>;

/** What a route needs at least: what authenticates its kind of caller. */
type ServicesOf<N extends RouteName> = CallerOf<N> extends 'rp' ? ApiKeyServices : Services;

interface EndpointEvent extends APIGatewayProxyEventV2 {
  caller?: AdministratorCaller | RpCaller | undefined;
  input?: ReturnType<typeof validate>;
}
export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;
/** The handler of the route named N. The name is never set: it tells the compiler apart what two routes' handlers are. */
export type RouteHandler<N extends RouteName> = HttpHandler & { readonly route?: N };

/**
 * Returns a factory of the Lambda handler of a route. The handler is the one middy chain: it authenticates the caller,
 * parses the request by its contract, calls `handle`, and answers JSON. An error becomes a problem.
 */
export function endpoint<N extends RouteName, C extends Contract, S extends ServicesOf<N> = ServicesOf<N>>(
  name: N,
  contract: C,
  handle: Handle<N, C, S>,
): (services: S) => RouteHandler<N> {
  const route = routeNamed(name);
  return (services) => {
    const handler = middy<EndpointEvent, APIGatewayProxyStructuredResultV2>()
      .use(answerProblems(route, services))
      .before(async ({ event, context }) => {
        const outOfTime = AbortSignal.timeout(Math.max(0, Math.floor(context.getRemainingTimeInMillis()) - TO_ANSWER));
        const table = untilAborted(services.table, outOfTime);
        event.caller = await authenticate(route.caller, event, { ...services, table });
      });
    if (contract.body) {
      handler
        .before(({ event }) => {
          refuseTooLarge(event);
        })
        .use(httpJsonBodyParser());
    }
    return handler
      .before(({ event }) => {
        event.input = validate(contract, event);
      })
      .handler(async (event, _, { signal: outOfTime }) => {
        const answered = new AbortController();
        const request = {
          caller: event.caller,
          ...event.input,
          receivedAt: event.requestContext.timeEpoch,
          wantsCsv: prefersCsv(event.headers['accept']),
        };
        try {
          const answer = await handle(request as ParsedRequest<N, C>, {
            ...services,
            table: untilAborted(services.table, AbortSignal.any([outOfTime, answered.signal])),
            log: logFor(services.log, route.name, event.requestContext.requestId),
          });
          return respond(contract, answer);
        } finally {
          // A failed call is answered at once, whatever others are under way.
          answered.abort();
        }
      });
  };
}

/** What is left of a request's time to say that authenticating took too long, in milliseconds: middy's time-out is the handler's. */
const TO_ANSWER = 100;

/** Headers of every answer. Programs read the API: nobody may keep, sniff, frame or show its answers as a page. */
const securityHeaders = {
  'cache-control': 'no-store',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'cross-origin-resource-policy': 'same-origin',
  'referrer-policy': 'no-referrer',
  // The console has the same, since both are on one host.
  'strict-transport-security': 'max-age=31536000; includeSubDomains',
  'x-content-type-options': 'nosniff',
};

function respond<C extends Contract>(
  { answer: { status, csv: hasCsv } }: C,
  { body, csv, headers, cookies }: Answer<C>,
): APIGatewayProxyStructuredResultV2 {
  const text = csv ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = csv === undefined ? 'application/json' : 'text/csv; charset=utf-8';
  return {
    statusCode: status,
    headers: {
      ...securityHeaders,
      ...(text !== undefined && { 'content-type': type }),
      ...(hasCsv && { vary: 'accept' }),
      ...headers,
    },
    ...(cookies && { cookies }),
    ...(text !== undefined && { body: text }),
  };
}

/** Logs each request in one line, and turns what was thrown into a problem. */
function answerProblems(route: Route, services: Services) {
  const line = ({ event, response }: Request<EndpointEvent, APIGatewayProxyStructuredResultV2>) => ({
    route: route.name,
    requestId: event.requestContext.requestId,
    status: response?.statusCode,
    ...callerFields(event.caller),
  });
  return {
    after: (request: Request<EndpointEvent, APIGatewayProxyStructuredResultV2>) => {
      services.log.info('request', line(request));
    },
    onError: (request: Request<EndpointEvent, APIGatewayProxyStructuredResultV2>) => {
      const problem = problemOf(request.error, request.event.requestContext.requestId);
      request.response = {
        statusCode: problem.status,
        headers: {
          ...securityHeaders,
          'content-type': 'application/problem+json',
          ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
          ...(problem.status === 503 && { 'retry-after': '1' }),
          ...request.response?.headers,
        },
        body: JSON.stringify(problem),
      };
      if (problem.status < 500) services.log.info('request', { ...line(request), problem: problem.type });
      else services.log.error('request', { ...line(request), problem: problem.type, error: request.error });
    },
  };
}

function callerFields(caller: AdministratorCaller | RpCaller | undefined) {
  if (!caller) return {};
  return 'keyId' in caller
    ? { customerId: caller.customerId, keyId: caller.keyId }
    : { customerId: caller.customer.customerId, administratorId: caller.administrator.administratorId };
}

/** Whether `text/csv` is named in `Accept` and JSON is not. */
function prefersCsv(accept = ''): boolean {
  return /\btext\/csv\b/i.test(accept) && !/\bapplication\/json\b/i.test(accept);
}
