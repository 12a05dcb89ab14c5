import { routeKeyOf, routes, type ApiFunctionName, type RouteName, type RoutesOf } from '../api/routes.ts';
import type { HttpHandler, RouteHandler } from './endpoint.ts';

/** What builds the handler of each route that the function F serves. */
type Builds<F extends ApiFunctionName> = { readonly [N in RoutesOf<F>]: (services: never) => RouteHandler<N> };
/** What all handlers of a function need together. */
type ServicesOf<B> = B[keyof B] extends (services: infer S) => HttpHandler ? S : never;

/**
 * Creates the function that builds a Lambda function's handler, which passes each request on to the handler of its route.
 * The compiler refuses a table that lacks a route of the function, or has one that `routes.ts` gives to another function.
 * The handler throws for a request of any other route: that is a fault of the deployment, and shows as one.
 */
export function dispatch<F extends ApiFunctionName, B extends Builds<F>>(
  name: F,
  builds: B & Readonly<Record<Exclude<keyof B, RoutesOf<F>>, never>>,
): (services: ServicesOf<B>) => HttpHandler {
  const table = builds as Partial<Record<RouteName, (services: ServicesOf<B>) => HttpHandler>>;
  return (services) => {
    const handlers = new Map(routes.map((route) => [routeKeyOf(route), table[route.name]?.(services)]));
    return async (event, context) => {
      const handler = handlers.get(event.routeKey);
      if (!handler) throw new Error(`The function ${name} does not serve the route ${event.routeKey}.`);
      return handler(event, context);
    };
  };
}
