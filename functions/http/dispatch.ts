import { routeKeysOf, type ApiFunctionName, type Route, type RouteName, type RoutesOf } from '../api/routes.ts';
import type { HttpHandler, RouteHandler } from './endpoint.ts';

/** For each route that the Lambda function F serves, the function that builds the route's handler. */
type Builds<F extends ApiFunctionName> = {
  readonly [N in RoutesOf<F>]: (services: never, route: Route) => RouteHandler<N>;
};
/** All services that the route handlers of a Lambda function need. */
type ServicesOf<B> = B[keyof B] extends (services: infer S, route: Route) => HttpHandler ? S : never;

/**
 * Returns a function that builds the handler of a Lambda function. The Lambda function's handler passes each request to
 * the handler of the request's route. It builds the handler of a route when the first request for the route arrives.
 * `routes` are the routes that `routes.ts` assigns to the Lambda function, and `builds` must have exactly these;
 * otherwise the code does not compile. The Lambda function's handler throws an error when it receives a request for any
 * other route, because such a request shows that the deployment is wrong.
 */
export function dispatch<F extends ApiFunctionName, B extends Builds<F>>(
  routes: readonly (Route & { readonly function: F; readonly name: RoutesOf<F> })[],
  builds: B & Readonly<Record<Exclude<keyof B, RoutesOf<F>>, never>>,
): (services: ServicesOf<B>) => HttpHandler {
  const table = builds as Partial<Record<RouteName, (services: ServicesOf<B>, route: Route) => HttpHandler>>;
  return (services) => {
    const handlers = new Map(
      routes.flatMap((route) => {
        let built: HttpHandler | undefined;
        // A cold start serves one request, so it needs the handler of one route only.
        const handler = () => (built ??= table[route.name]?.(services, route));
        return routeKeysOf(route).map((key) => [key, handler] as const);
      }),
    );
    return async (event, context) => {
      const handler = handlers.get(event.routeKey)?.();
      if (!handler) throw new Error(`This function does not serve the route ${event.routeKey}.`);
      const { body, ...head } = await handler(event, context);
      // The response to HEAD has the status and the headers of the response to GET, but no body.
      return event.requestContext.http.method === 'HEAD' || body === undefined ? head : { ...head, body };
    };
  };
}
