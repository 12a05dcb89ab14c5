import { randomUUID } from 'node:crypto';
import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { routeNamed, type RouteName } from '../functions/api/routes.ts';
import { contextOf } from '../local/aws/gateway.ts';
import { BEGINNING } from './population.ts';

/** Makes the event that API Gateway's HTTP API sends for a request to a route, in payload format 2.0. */
export function httpEvent(name: RouteName, token: string, body?: unknown): APIGatewayProxyEventV2 {
  const { method, path } = routeNamed(name);
  const text = body === undefined ? undefined : JSON.stringify(body);
  return {
    version: '2.0',
    routeKey: `${method} ${path}`,
    rawPath: path,
    rawQueryString: '',
    headers: {
      accept: '*/*',
      authorization: `Bearer ${token}`,
      'content-type': 'application/json',
      host: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      'user-agent': 'bench/1.0',
      'x-amzn-trace-id': 'Root=1-67000000-000000000000000000000000',
      'x-forwarded-for': '192.0.2.1',
      'x-forwarded-port': '443',
      'x-forwarded-proto': 'https',
      ...(text !== undefined && { 'content-length': String(Buffer.byteLength(text)) }),
    },
    requestContext: {
      accountId: '123456789012',
      apiId: 'abcdefghij',
      domainName: 'abcdefghij.execute-api.us-east-1.amazonaws.com',
      domainPrefix: 'abcdefghij',
      http: { method, path, protocol: 'HTTP/1.1', sourceIp: '192.0.2.1', userAgent: 'bench/1.0' },
      requestId: randomUUID(),
      routeKey: `${method} ${path}`,
      stage: '$default',
      time: '15/Nov/2026:12:00:00 +0000',
      timeEpoch: BEGINNING,
    },
    ...(text !== undefined && { body: text }),
    isBase64Encoded: false,
  };
}

/** The context of a route's invocation. */
export const httpContext = (name: RouteName): Context => contextOf({ name });
