/**
 * Returns a curl command for a POSIX shell. `as` is a session token or an API key. The command sends a body as JSON, with
 * POST unless `method` is set.
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

/** Quotes a text for a POSIX shell. Within single quotes, only the single quote itself is special. */
const quoted = (text: string) => `'${text.replaceAll("'", String.raw`'\''`)}'`;
