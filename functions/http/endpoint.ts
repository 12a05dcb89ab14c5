import middy, { type Request } from '@middy/core';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import type { CallerOf, ContractedRouteName, Route, RouteName } from '../api/routes.ts';
import type { AnswerOf, BodyOf, Contract, ParamsOf, QueryOf } from '../contract/contract.ts';
import type { ApiKeyServices } from '../domain/rps/authenticate-api-key.ts';
import type { AdministratorCaller, OperatorCaller, RpCaller, RpServer } from '../domain/callers.ts';
import { TooManyRequestsError } from '../domain/errors.ts';
import type { Services } from '../domain/services.ts';
import { untilAborted } from '../table/engine/client.ts';
import { withRequest } from '../with-request.ts';
import { authenticate } from './authenticate.ts';
import { callerAddressOf, requireCloudFront, type EdgeServices } from './edge.ts';
import { ANSWERED, TO_ANSWER } from './end-of-request.ts';
import { jsonBodyOf } from './json-body.ts';
import type { RefusedRequest } from './record-refusals.ts';
import { securityHeaders } from './security-headers.ts';
import { refuseTooLarge, validate } from './validate.ts';

interface Callers {
  anyone: undefined;
  'signed-in': AdministratorCaller;
  administrator: AdministratorCaller;
  privileged: AdministratorCaller;
  representative: AdministratorCaller;
  operator: OperatorCaller;
  rp: RpServer;
}

/** A request after authentication and parsing, in the form that the function `handle` of a route receives. */
interface ParsedRequest<N extends ContractedRouteName, C extends Contract> {
  readonly caller: Callers[CallerOf<N>];
  readonly params: ParamsOf<C>;
  readonly query: QueryOf<C>;
  readonly body: BodyOf<C>;
  /** The version in the header `If-Match`. Undefined if the header is optional and the request lacks it. */
  readonly version: C['ifMatch'] extends true
    ? number
    : C['ifMatch'] extends 'optional'
      ? number | undefined
      : undefined;
  /** The header `Idempotency-Key`, if the route's contract allows it and the request has it. */
  readonly idempotencyKey: string | undefined;
  /** The time at which API Gateway received the request, in epoch milliseconds. */
  readonly receivedAt: number;
  /** The IP address from which the caller sent the request, IPv4 or IPv6. */
  readonly callerAddress: string;
  /** Whether the request's header `Accept` contains `text/csv` and does not contain `application/json`. */
  readonly wantsCsv: boolean;
  /** The path of the request, without the query. */
  readonly path: string;
  /** The headers of the request, with names in lower case. */
  readonly headers: APIGatewayProxyEventV2['headers'];
}

/**
 * The response that the function `handle` of a route returns. The route's contract declares the HTTP status of the
 * response.
 */
interface Answer<C extends Contract> {
  readonly body?: AnswerOf<C>;
  /** @default - the HTTP status in the contract */
  readonly status?: number;
  /** A CSV body, which replaces the JSON body of the response. */
  readonly csv?: string;
  readonly headers?: Record<string, string>;
  readonly cookies?: string[];
}

type Handle<N extends ContractedRouteName, C extends Contract, S> = (
  request: ParsedRequest<N, C>,
  services: S,
) => Promise<Answer<C>> | Answer<C>;

/**
 * The services that a route's handler needs to authenticate the caller. The services depend on the kind of caller that
 * the route accepts.
 */
type ServicesOf<N extends ContractedRouteName> = CallerOf<N> extends 'rp' ? ApiKeyServices : Services;

interface EndpointEvent extends APIGatewayProxyEventV2 {
  caller?: AdministratorCaller | OperatorCaller | RpCaller | undefined;
  input?: ReturnType<typeof validate>;
}
export type HttpHandler = (
  event: APIGatewayProxyEventV2,
  context: Context,
) => Promise<APIGatewayProxyStructuredResultV2>;
/**
 * The handler of the route whose name is N. No code sets the property `route`. The property exists only in the type, so
 * that the compiler can distinguish the handlers of different routes.
 */
export type RouteHandler<N extends RouteName> = HttpHandler & { readonly route?: N };

/**
 * Returns a function that creates the Lambda handler of the route whose name is `name`. `dispatch` passes the route to
 * this function, so that a bundle contains only the routes that it serves. The handler is a chain of middy middleware.
 * No other code in the project uses middy. The handler authenticates the caller, parses the request with the contract,
 * calls `handle` and returns a JSON response. If a step throws an error, the response is a problem (RFC 9457). If the
 * caller is an RP's server, the handler first waits until `onRefusal` has finished, which must not throw.
 */
export function endpoint<N extends ContractedRouteName, C extends Contract, S extends ServicesOf<N> = ServicesOf<N>>(
  name: N,
  contract: C,
  handle: Handle<N, C, S>,
  onRefusal?: (services: S, refused: RefusedRequest) => Promise<void>,
): (services: S & EdgeServices, route: Route) => RouteHandler<N> {
  return (services, route) => {
    const handler = middy<EndpointEvent, APIGatewayProxyStructuredResultV2>()
      .use(answerProblems(route, services, onRefusal))
      .before(async ({ event, context }) => {
        requireCloudFront(route, event, services.edge);
        // The time-out that middy itself provides does not apply to the authentication.
        const outOfTime = AbortSignal.timeout(Math.max(0, Math.floor(context.getRemainingTimeInMillis()) - TO_ANSWER));
        const table = untilAborted(services.table, outOfTime);
        event.caller = await authenticate(route.caller, event, { ...services, table });
      });
    // Only the function with constant routes loads this code.
    const constant =
      route.isConstant === true
        ? import('./constant-answer.ts').then(({ rememberConstant }) => rememberConstant())
        : undefined;
    return handler
      .before(({ event }) => {
        if (contract.body) refuseTooLarge(event);
        event.input = validate(contract, event, contract.body && jsonBodyOf(event));
      })
      .handler(async (event, _, { signal: outOfTime }) => {
        const ended = new AbortController();
        // Not `AbortSignal.any`, which takes as long as a fifth of a table call.
        outOfTime.addEventListener('abort', () => {
          ended.abort(outOfTime.reason);
        });
        const { headers, requestContext } = event;
        const request = {
          caller: event.caller,
          ...event.input,
          receivedAt: requestContext.timeEpoch,
          callerAddress: callerAddressOf(event, services.edge),
          wantsCsv: prefersCsv(headers['accept']),
          path: event.rawPath,
          headers,
        };
        try {
          const answer = await handle(request as ParsedRequest<N, C>, {
            ...withRequest(services, name, requestContext.requestId),
            ...services.factsOf?.(event),
            table: untilAborted(services.table, ended.signal),
          });
          return constant ? (await constant)(event, () => respond(contract, answer)) : respond(contract, answer);
        } finally {
          // If one call to the table fails, the handler responds without waiting for the other calls to the table, and
          // `abort` cancels the calls that are still running.
          ended.abort(ANSWERED);
        }
      });
  };
}

function respond<C extends Contract>(
  { answer: { status, csv: hasCsv } }: C,
  { body, csv, headers, cookies, status: ownStatus = status }: Answer<C>,
): APIGatewayProxyStructuredResultV2 {
  const text = csv ?? (body === undefined ? undefined : JSON.stringify(body));
  const type = csv === undefined ? 'application/json' : 'text/csv; charset=utf-8';
  return {
    statusCode: ownStatus,
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

/** Creates the middleware that logs each request in one line and turns an error into a problem response. */
function answerProblems<S extends Services>(
  route: Route,
  services: S,
  onRefusal?: (services: S, refused: RefusedRequest) => Promise<void>,
) {
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
    onError: async (request: Request<EndpointEvent, APIGatewayProxyStructuredResultV2>) => {
      // Most processes never need the code of problems, so a cold start does not load it.
      const { problemOf } = await import('./problems.ts');
      const problem = problemOf(request.error, request.event.requestContext.requestId);
      request.response = {
        statusCode: problem.status,
        headers: {
          ...securityHeaders,
          'content-type': 'application/problem+json',
          ...(problem.status === 401 && { 'www-authenticate': 'Bearer' }),
          ...(problem.status === 503 && { 'retry-after': '1' }),
          ...(request.error instanceof TooManyRequestsError && { 'retry-after': String(request.error.retryAfter) }),
          ...request.response?.headers,
        },
        body: JSON.stringify(problem),
      };
      if (problem.status < 500) services.log.info('request', { ...line(request), problem: problem.type });
      else services.log.error('request', { ...line(request), problem: problem.type, error: request.error });
      const { caller } = request.event;
      if (caller && 'keyId' in caller) {
        await onRefusal?.(services, { caller, problem, left: request.context.getRemainingTimeInMillis() });
      }
    },
  };
}

function callerFields(caller: EndpointEvent['caller']) {
  if (!caller) return {};
  if ('operator' in caller) return { operatorId: caller.operator.operatorId };
  return 'keyId' in caller
    ? { customerId: caller.customerId, keyId: caller.keyId }
    : { customerId: caller.customer.customerId, administratorId: caller.administrator.administratorId };
}

/** Returns whether the header `Accept` contains `text/csv` and does not contain `application/json`. */
function prefersCsv(accept = ''): boolean {
  return /\btext\/csv\b/i.test(accept) && !/\bapplication\/json\b/i.test(accept);
}
