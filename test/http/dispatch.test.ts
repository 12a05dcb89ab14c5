import type { APIGatewayProxyEventV2, Context } from 'aws-lambda';
import { describe, expect, it } from 'vitest';
import { operationsRoutes, usersRoutes } from '../../functions/api/routes.ts';
import { dispatch } from '../../functions/http/dispatch.ts';
import type { RouteHandler } from '../../functions/http/endpoint.ts';

const handler =
  <N extends 'report-operations' | 'get-user'>(_: N, body: string) =>
  (services: { readonly suffix: string }): RouteHandler<N> =>
  () =>
    Promise.resolve({ statusCode: 200, body: `${body}${services.suffix}` });
const reports = handler('report-operations', 'reported');
const event = (routeKey: string) => {
  const [method] = routeKey.split(' ');
  return { routeKey, requestContext: { http: { method } } } as APIGatewayProxyEventV2;
};

describe('a Lambda function of the API', () => {
  const serve = dispatch(operationsRoutes, { 'report-operations': reports })({ suffix: ', once' });

  it('passes a request to the handler of the requested route', async () => {
    expect(await serve(event('POST /v1/rp/operations'), {} as Context)).toMatchObject({ body: 'reported, once' });
  });

  it.each(['GET /v1/customer', '$default', 'POST /v1/rp/operations/'])(
    'fails for the route %s, which the function does not serve',
    async (key) => {
      await expect(serve(event(key), {} as Context)).rejects.toThrow(`does not serve the route ${key}`);
    },
  );

  it('answers HEAD as it answers GET, without a body', async () => {
    const wrong = () => () => Promise.reject(new Error('wrong route'));
    const users = dispatch(usersRoutes, {
      'get-user': handler('get-user', 'got'),
      'get-own-rp': wrong,
      'list-users': wrong,
      'register-users': wrong,
      'edit-user': wrong,
      'remove-user': wrong,
      'list-credentials': wrong,
      'get-credential': wrong,
      'edit-credential': wrong,
      'remove-credential': wrong,
      'import-credentials': wrong,
      'export-credentials': wrong,
    })({ suffix: '' });
    expect(await users(event('GET /v1/rp/users/{userId}'), {} as Context)).toEqual({ statusCode: 200, body: 'got' });
    expect(await users(event('HEAD /v1/rp/users/{userId}'), {} as Context)).toEqual({ statusCode: 200 });
    await expect(users(event('HEAD /v1/rp/operations'), {} as Context)).rejects.toThrow('does not serve the route');
  });

  it('compiles only if it has exactly the handlers of its routes', () => {
    // @ts-expect-error -- a route is missing
    dispatch(operationsRoutes, {});
    // @ts-expect-error -- a route of another function
    dispatch(operationsRoutes, { 'report-operations': reports, 'get-user': handler('get-user', '') });
    // @ts-expect-error -- the handler of another route
    dispatch(operationsRoutes, { 'report-operations': handler('get-user', '') });
    // @ts-expect-error -- a service that a handler needs is missing
    dispatch(operationsRoutes, { 'report-operations': reports })({});
    expect(dispatch).toBeTypeOf('function');
  });
});
