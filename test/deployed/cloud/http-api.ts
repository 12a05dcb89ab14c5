import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import findMyWay from 'find-my-way';
import * as z from 'zod';
import type { Clock } from '../../../functions/domain/time.ts';
import { readBody, refusal, requestEvent, sendAnswer } from '../../../local/aws/http-messages.ts';
import type { Assembly } from './assembly.ts';
import type { Cloud } from './cloud.ts';

const routeProperties = z.strictObject({
  ApiId: z.string(),
  AuthorizationType: z.literal('NONE'),
  RouteKey: z.string().regex(/^(\$default|(GET|HEAD|POST|PUT|PATCH|DELETE|ANY) \/.*)$/, 'is not the key of a route'),
  Target: z.string().regex(/^integrations\//),
});
const integrationProperties = z.strictObject({
  ApiId: z.string(),
  IntegrationType: z.literal('AWS_PROXY'),
  IntegrationUri: z.string(),
  PayloadFormatVersion: z.literal('2.0'),
});

/** The largest event that Lambda accepts, in bytes of JSON (AWS, "Lambda quotas"). */
const MAX_EVENT = 6 * 1024 * 1024;

interface Target {
  readonly routeKey: string;
  /** The name of the parameter that takes the rest of the path. @default - the route has none */
  readonly greedy: string | undefined;
  readonly functionArn: string;
}

/**
 * Creates the HTTP API of a cloud: API Gateway selects the route with the most specific path ("Create routes for HTTP
 * APIs"), and invokes the function of the route's integration. A function that fails, or that API Gateway may not
 * invoke, is answered with 500. `sourceIp` returns the address of the next caller of a route.
 */
export function createHttpApi(cloud: Cloud, clock: Clock, sourceIp: (routeKey: string) => string) {
  const { assembly } = cloud.release;
  const { find, fallback } = createRouter(assembly);
  const [{ ref: apiId } = { ref: '' }] = assembly.ofType('AWS::ApiGatewayV2::Api');
  const { account, region } = assembly.place;

  async function answerOf(request: IncomingMessage, body: Buffer): Promise<APIGatewayProxyStructuredResultV2> {
    const url = new URL(`http://localhost${request.url ?? '/'}`);
    const found = find(request.method ?? 'GET', url.pathname);
    const target = found?.target ?? fallback;
    if (!target) return refusal(404, 'Not Found');
    const { '*': rest, ...others } = found?.parameters ?? {};
    const parameters = target.greedy === undefined ? others : { ...others, [target.greedy]: rest };
    const { routeKey, functionArn } = target;
    const event = requestEvent(request, {
      url,
      body,
      routeKey,
      parameters,
      now: clock.now(),
      sourceIp: sourceIp(routeKey),
    });
    if (Buffer.byteLength(JSON.stringify(event)) > MAX_EVENT) return refusal(413, 'Request Entity Too Large');
    // API Gateway names the route in the ARN: the stage, the method and the path.
    const source = `arn:aws:execute-api:${region}:${account}:${apiId}/$default/${routeKey.replace(' ', '')}`;
    const obstacle = cloud.invocations.obstacle('apigateway.amazonaws.com', functionArn, source);
    if (obstacle !== undefined) {
      cloud.deny(obstacle);
      return refusal(500, 'Internal Server Error');
    }
    const { requestId } = event.requestContext;
    const outcome = await cloud.invocations.invoke(cloud.invocations.find(functionArn), event, requestId);
    if ('error' in outcome) return refusal(500, 'Internal Server Error');
    const answer = JSON.parse(outcome.payload) as unknown;
    // AWS, "Lambda function response for format 2.0": without a status code, the whole result is the body.
    return typeof answer === 'object' && answer !== null && 'statusCode' in answer
      ? (answer as APIGatewayProxyStructuredResultV2)
      : { statusCode: 200, headers: { 'content-type': 'application/json' }, body: outcome.payload };
  }

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await readBody(request);
    sendAnswer(response, body === undefined ? refusal(413, 'Request Entity Too Large') : await answerOf(request, body));
  };
}

function createRouter(assembly: Assembly) {
  const integrations = new Map(
    assembly
      .ofType('AWS::ApiGatewayV2::Integration')
      .map(({ ref, properties }) => [`integrations/${ref}`, integrationProperties.parse(properties).IntegrationUri]),
  );
  const router = findMyWay({ caseSensitive: true, maxParamLength: 10_000 });
  let fallback: Target | undefined;
  for (const { logicalId, properties } of assembly.ofType('AWS::ApiGatewayV2::Route')) {
    const { RouteKey: routeKey, Target: integration } = routeProperties.parse(properties);
    const functionArn = integrations.get(integration);
    if (functionArn === undefined) throw new Error(`The integration ${integration} of ${logicalId} does not exist.`);
    const [, greedy] = /\{(\w+)\+\}/.exec(routeKey) ?? [];
    const target: Target = { routeKey, greedy, functionArn };
    const [method, path] = routeKey.split(' ') as [findMyWay.HTTPMethod | 'ANY', string?];
    const pattern = path?.replaceAll(/\{\w+\+\}/g, '*').replaceAll(/\{(\w+)\}/g, ':$1');
    if (pattern === undefined) fallback = target;
    else if (method === 'ANY') router.all(pattern, () => undefined, target);
    else router.on(method, pattern, () => undefined, target);
  }
  return {
    fallback,
    find: (method: string, path: string) => {
      const found = router.find(method as findMyWay.HTTPMethod, path);
      return found && { target: found.store as Target, parameters: found.params };
    },
  };
}
