import type { IncomingMessage, ServerResponse } from 'node:http';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2 } from 'aws-lambda';
import { httpEvent } from './http-event.ts';

/** The largest body that API Gateway accepts, in bytes. */
const MAX_PAYLOAD = 10 * 1024 * 1024;

/** Returns a response that the gateway itself sends, as API Gateway does. */
export const refusal = (statusCode: number, message: string): APIGatewayProxyStructuredResultV2 => ({
  statusCode,
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ message }),
});

/** Reads a body. Returns undefined if the body is larger than API Gateway accepts. */
export async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size <= MAX_PAYLOAD) chunks.push(chunk);
  }
  return size <= MAX_PAYLOAD ? Buffer.concat(chunks) : undefined;
}

/** The facts about a request that the gateway finds out, besides the request itself. */
export interface Routed {
  readonly url: URL;
  readonly body: Buffer;
  /** The key of the route, such as `GET /v1/rps/{id}` or `$default`. */
  readonly routeKey: string;
  readonly parameters: Readonly<Record<string, string | undefined>>;
  /** The time of the request, in epoch milliseconds. */
  readonly now: number;
  /** @default - the address of the other end of the connection */
  readonly sourceIp?: string;
}

/** Returns the event that API Gateway makes of a request, in payload format 2.0. */
export function requestEvent(
  request: IncomingMessage,
  { url, body, routeKey, parameters, now, sourceIp = request.socket.remoteAddress ?? '127.0.0.1' }: Routed,
): APIGatewayProxyEventV2 {
  const { cookie, ...headers } = Object.fromEntries(
    Object.entries(request.headers).map(([name, value]) => [name, Array.isArray(value) ? value.join(',') : value]),
  );
  const isText = /^(text\/|application\/([\w.+-]+\+)?(json|xml|javascript)\b)/i.test(headers['content-type'] ?? '');
  const values = Map.groupBy(url.searchParams, ([name]) => name);
  const query = Object.fromEntries([...values].map(([name, all]) => [name, all.map(([, value]) => value).join()]));
  const event = httpEvent(routeKey, { now });
  return {
    ...event,
    rawPath: url.pathname,
    rawQueryString: url.search.slice(1),
    ...(cookie !== undefined && { cookies: cookie.split(/; */) }),
    headers,
    ...(Object.keys(query).length > 0 && { queryStringParameters: query }),
    ...(Object.keys(parameters).length > 0 && { pathParameters: { ...parameters } }),
    requestContext: {
      ...event.requestContext,
      domainName: headers['host'] ?? 'localhost',
      http: {
        method: request.method ?? 'GET',
        path: url.pathname,
        protocol: `HTTP/${request.httpVersion}`,
        sourceIp,
        userAgent: headers['user-agent'] ?? '',
      },
    },
    ...(body.length > 0 && { body: body.toString(isText ? 'utf8' : 'base64') }),
    isBase64Encoded: body.length > 0 && !isText,
  };
}

/** Sends the answer of a function, or that of the gateway itself. */
export function sendAnswer(response: ServerResponse, answer: APIGatewayProxyStructuredResultV2): void {
  const { statusCode = 200, headers = {}, cookies, body = '', isBase64Encoded = false } = answer;
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (cookies) response.setHeader('set-cookie', cookies);
  response.writeHead(statusCode).end(Buffer.from(body, isBase64Encoded ? 'base64' : 'utf8'));
}
