/**
 * Returns the header that names the URL of the next part of a response (RFC 8288), or no header when `cursor` is null
 * because there is no next part. `path` is the path of the request, and `query` contains its other parameters. Leaves
 * out undefined parameters.
 */
export function nextLink(
  path: string,
  cursor: string | null,
  query: Readonly<Record<string, string | undefined>> = {},
): { headers?: Record<string, string> } {
  if (cursor === null) return {};
  const parameters = Object.entries({ ...query, cursor }).filter((entry): entry is [string, string] => !!entry[1]);
  return { headers: { link: `<${path}?${new URLSearchParams(parameters).toString()}>; rel="next"` } };
}
