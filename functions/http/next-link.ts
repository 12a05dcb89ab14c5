import { routeNamed, type RouteName } from '../api/routes.ts';

/**
 * Returns the header that names the URL of the next part of a response (RFC 8288), or no header when `cursor` is null
 * because there is no next part.
 */
export function nextLink(route: RouteName, cursor: string | null): { headers?: Record<string, string> } {
  if (cursor === null) return {};
  return { headers: { link: `<${routeNamed(route).path}?cursor=${cursor}>; rel="next"` } };
}
