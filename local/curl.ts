/**
 * Returns a curl command for a POSIX shell. `as` is a session token or API key. If there is a body, the command sends
 * the body as JSON in a POST request.
 */
export function curl(url: string, { as, body }: { as?: string; body?: unknown }): string {
  return [
    'curl',
    url,
    ...(as === undefined ? [] : ['-H', quoted(`Authorization: Bearer ${as}`)]),
    ...(body === undefined ? [] : ['-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(body))]),
  ].join(' ');
}

/** Returns a text in single quotes. A shell takes every character in single quotes literally, except a single quote. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
