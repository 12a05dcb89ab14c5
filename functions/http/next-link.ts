import { routeNamed, type RouteName } from '../api/routes.ts';

/**
 * Returns the header that names the URL of the next part of a response (RFC 8288), or no header when `cursor` is null
 * because there is no next part. `query` contains the other parameters of the request. Leaves out undefined parameters.
 */
export function nextLink(
  route: RouteName,
  cursor: string | null,
  query: Readonly<Record<string, string | undefined>> = {},
): { headers?: Record<string, string> } {
  if (cursor === null) return {};
  const parameters = Object.entries({ ...query, cursor }).filter((entry): entry is [string, string] => !!entry[1]);
  return { headers: { link: `<${routeNamed(route).path}?${new URLSearchParams(parameters).toString()}>; rel="next"` } };
}
