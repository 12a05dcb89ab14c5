/**
 * Gives a curl command for a POSIX shell. `as` is the session token or API key; a body is sent as JSON, which makes it a
 * POST unless a method is named.
 */
export function curl(url: string, { method, as, body }: { method?: string; as?: string; body?: unknown } = {}): string {
  return [
    'curl',
    ...(method === undefined ? [] : ['-X', method]),
    url,
    ...(as === undefined ? [] : ['-H', quoted(`Authorization: Bearer ${as}`)]),
    ...(body === undefined ? [] : ['-H', quoted('Content-Type: application/json'), '-d', quoted(JSON.stringify(body))]),
  ].join(' ');
}

/** Within single quotes a shell takes everything as it is but the single quote. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
