import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'aws-lambda';
import findMyWay from 'find-my-way';
import { routeKeysOf, routeNamed, routes, type ApiFunctionName, type Route } from '../../functions/api/routes.ts';
import type { Clock } from '../../functions/domain/time.ts';
import type { HttpHandler } from '../../functions/http/endpoint.ts';
import type { Turnstile } from '../turnstile.ts';
import { readBody, refusal, requestEvent, sendAnswer } from './http-messages.ts';

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
  const fallback = routeNamed('answer-not-found');

  return async (request, response) => {
    const body = await readBody(request);
    if (body === undefined) {
      sendAnswer(response, refusal(413, 'Request Entity Too Large'));
      return;
    }
    const url = new URL(`http://localhost${request.url ?? '/'}`);
    const found = router.find(request.method as findMyWay.HTTPMethod, url.pathname);
    const route = (found?.store as Route | null) ?? fallback;
    // Nobody can set the clock while this callback runs, so the time in the event stays correct until the Lambda
    // function returns.
    const answer = await turnstile.pass(() => {
      const routeKey = route.path === '$default' ? route.path : `${request.method ?? 'GET'} ${route.path}`;
      const parameters = parametersOf(route, found?.params);
      const event = requestEvent(request, { url, body, routeKey, parameters, now: clock.now() });
      const context = contextOf({ name: route.function }, event.requestContext.requestId);
      return handlers[route.function](event, context);
    });
    const isTooLarge = Buffer.byteLength(JSON.stringify(answer)) > MAX_RESPONSE;
    sendAnswer(response, isTooLarge ? refusal(500, 'Internal Server Error') : answer);
  };
}

/** Returns the path parameters of a request. The router calls a parameter that takes the rest of the path `*`. */
function parametersOf({ path }: Route, found: Record<string, string | undefined> = {}) {
  const { '*': rest, ...others } = found;
  const [, greedy] = /\{(\w+)\+\}/.exec(path) ?? [];
  return greedy === undefined ? found : { ...others, [greedy]: rest };
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
