import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, Context } from 'aws-lambda';
import findMyWay from 'find-my-way';
import { routeKeysOf, routes, type ApiFunctionName, type Route } from '../../functions/api/routes.ts';
import type { Clock } from '../../functions/domain/time.ts';
import type { HttpHandler } from '../../functions/http/endpoint.ts';
import type { Turnstile } from '../turnstile.ts';
import { httpEvent } from './http-event.ts';

/** The largest body that API Gateway accepts, in bytes. */
const MAX_PAYLOAD = 10 * 1024 * 1024;
/** The largest response, in bytes of JSON, that Lambda accepts from a function. */
const MAX_RESPONSE = 6 * 1024 * 1024;
/** The time-out that the CDK app sets for the Lambda functions behind the API, in milliseconds. */
const FUNCTION_TIMEOUT = 10_000;

/** Responds to an HTTP request in the same way as an HTTP API of API Gateway with Lambda functions. */
export type Gateway = (request: IncomingMessage, response: ServerResponse) => Promise<void>;

/**
 * Creates a gateway that sends each request to the Lambda function for the request's route. Events and responses have
 * payload format 2.0.
 */
export function createGateway(
  handlers: Readonly<Record<ApiFunctionName, HttpHandler>>,
  clock: Clock,
  turnstile: Turnstile,
): Gateway {
  const router = findMyWay({ caseSensitive: true, maxParamLength: 10_000 });
  for (const route of routes) {
    for (const key of routeKeysOf(route)) {
      const [method, path] = key.split(' ') as [findMyWay.HTTPMethod, string?];
      // A parameter with "+" takes the rest of the path, with its slashes.
      const pattern = path?.replaceAll(/\{\w+\+\}/g, '*').replaceAll(/\{(\w+)\}/g, ':$1');
      if (pattern !== undefined) router.on(method, pattern, () => undefined, route);
    }
  }
  const fallback: Route = routes[routes.length - 1] as Route;

  return async (request, response) => {
    const body = await readBody(request);
    if (body === undefined) {
      send(response, refusal(413, 'Request Entity Too Large'));
      return;
    }
    const url = new URL(`http://localhost${request.url ?? '/'}`);
    const found = router.find(request.method as findMyWay.HTTPMethod, url.pathname);
    const route = (found?.store as Route | null) ?? fallback;
    // Nobody can set the clock while this callback runs, so the time in the event stays correct until the Lambda
    // function returns.
    const answer = await turnstile.pass(() => {
      const event = toEvent(request, url, body, route, parametersOf(route, found?.params), clock.now());
      const context = contextOf({ name: route.function }, event.requestContext.requestId);
      return handlers[route.function](event, context);
    });
    const isTooLarge = Buffer.byteLength(JSON.stringify(answer)) > MAX_RESPONSE;
    send(response, isTooLarge ? refusal(500, 'Internal Server Error') : answer);
  };
}

/** Returns the path parameters of a request. The router calls a parameter that takes the rest of the path `*`. */
function parametersOf({ path }: Route, found: Record<string, string | undefined> = {}) {
  const { '*': rest, ...others } = found;
  const [, greedy] = /\{(\w+)\+\}/.exec(path) ?? [];
  return greedy === undefined ? found : { ...others, [greedy]: rest };
}

/** Returns a response that the gateway itself sends, as API Gateway does. */
const refusal = (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** Reads a body. Returns undefined if the body is larger than API Gateway accepts. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_PAYLOAD) chunks.push(chunk);
  }
  return size <= MAX_PAYLOAD ? Buffer.concat(chunks) : undefined;
}

function toEvent(
  request: IncomingMessage,
  url: URL,
  body: Buffer,
  route: Route,
  params: Record<string, string | undefined>,
  now: number,
): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const isText = /^(text\/|application\/([\w.+-]+\+)?(json|xml|javascript)\b)/i.test(headers['content-type'] ?? '');
  const values = Map.groupBy(url.searchParams, ([name]) => name);
  const query = Object.fromEntries([...values].map(([name, all]) => [name, all.map(([, value]) => value).join()]));
  const routeKey = route.path === '$default' ? route.path : `${request.method ?? 'GET'} ${route.path}`;
  const event = httpEvent(routeKey, { now });
  return {
    ...event,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(params).length > 0 && { pathParameters: params }),
    requestContext: {
      ...event.requestContext,
      domainName: headers['host'] ?? 'localhost',
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp: request.socket.remoteAddress ?? '127.0.0.1',
        userAgent: headers['user-agent'] ?? '',
      },
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/**
 * Returns the context object of a Lambda invocation, without the deprecated callbacks. `lasts` is the time limit, in
 * milliseconds.
 */
export function contextOf(
  { name }: { name: string },
  requestId: string = randomUUID(),
  lasts = FUNCTION_TIMEOUT,
): Context {
  const endsAt = performance.now() + lasts;
  return {
    awsRequestId: requestId,
    functionName: name,
    functionVersion: '$LATEST',
    invokedFunctionArn: `arn:aws:lambda:local:000000000000:function:${name}`,
    memoryLimitInMB: '512',
    logGroupName: `/aws/lambda/${name}`,
    logStreamName: 'local',
    callbackWaitsForEmptyEventLoop: false,
    getRemainingTimeInMillis: () => Math.max(0, endsAt - performance.now()),
  } as Context;
}

function send(response: ServerResponse, answer: APIGatewayProxyStructuredResultV2): void {
  const { statusCode = 200, headers = {}, cookies, body = '', isBase64Encoded = false } = answer;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies) response.setHeader('set-cookie', cookies);
  response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}
