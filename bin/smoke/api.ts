import * as z from 'zod';
import { SmokeError } from './smoke-error.ts';

type Fetch = typeof fetch;

/** How long the service may take for a response, in milliseconds. A cold start takes 1 to 2 seconds. */
const TIMEOUT = 30_000;

const problem = z.object({
  type: z.string(),
  title: z.string(),
  detail: z.string().optional(),
  requestId: z.string().optional(),
});

/** The error for a response with a status that was not expected. */
export class RefusedError extends SmokeError {
  readonly status: number;
  /** The last part of the problem's type, such as `reauthentication-required`. Undefined if there is no problem. */
  readonly slug: string | undefined;
  constructor(request: string, status: number, body: string) {
    const parsed = problem.safeParse(jsonIn(body));
    const { type, title, detail, requestId } = parsed.data ?? {};
    const id = requestId === undefined ? '' : ` (request ${requestId})`;
    const text = title === undefined ? body.slice(0, 200).replaceAll(/\s+/g, ' ') : `${title}. ${detail ?? ''}`.trim();
    super(`${request} answered ${status}: ${text}${id}`);
    this.status = status;
    this.slug = type?.split('/').at(-1);
  }
}

/** Sends requests to the service at one URL. */
export interface Api {
  readonly url: string;
  /**
   * Sends a request such as `GET /v1/customer`, with a JSON body and a session. Returns the response. Throws
   * `SmokeError` if no response comes.
   */
  fetch(request: string, options?: { body?: object; session?: string | undefined }): Promise<Response>;
  /**
   * Sends a request and returns the body, parsed with the schema of its contract. Throws `RefusedError` unless the
   * status is 2xx, and `SmokeError` if the body does not match the schema.
   */
  send<S extends z.ZodType>(
    request: string,
    schema: S,
    options?: { body?: object; session?: string | undefined },
  ): Promise<z.output<S>>;
}

/** Returns an API whose requests go to `url`, a URL with or without a slash at its end. */
export function openApi(url: string, send: Fetch): Api {
  const base = url.replace(/\/$/, '');
  const api: Api = {
    url: base,
    async fetch(request, { body, session } = {}) {
      const [method = '', path = ''] = request.split(' ');
      try {
        return await send(`${base}${path}`, {
          method,
          redirect: 'manual',
          signal: AbortSignal.timeout(TIMEOUT),
          headers: {
            ...(body !== undefined && { 'content-type': 'application/json' }),
            ...(session !== undefined && { authorization: `Bearer ${session}` }),
          },
          ...(body !== undefined && { body: JSON.stringify(body) }),
        });
      } catch (error) {
        throw new SmokeError(`${request} got no answer from ${base} (${reasonOf(error)})`, { cause: error });
      }
    },
    async send(request, schema, options) {
      const response = await api.fetch(request, options);
      const text = await response.text();
      if (!response.ok) throw new RefusedError(request, response.status, text);
      const parsed = schema.safeParse(jsonIn(text));
      if (!parsed.success) {
        // The body may contain a session token or an API key, so the message names only the fields.
        const fields = [...new Set(parsed.error.issues.map(({ path }) => path.join('.')))];
        const wrong = fields.includes('') ? '' : ` (wrong fields: ${fields.join(', ')})`;
        throw new SmokeError(`${request} answered ${response.status} with an unexpected body${wrong}`);
      }
      return parsed.data;
    },
  };
  return api;
}

/** Returns the parsed JSON, or undefined for a text that is not JSON, such as an empty one. */
function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Returns why `fetch` got no response. Node hides the reason in the cause. */
function reasonOf(error: unknown): string {
  const { cause, message } = error as Error & {
    readonly cause?: { readonly code?: string; readonly message?: string };
  };
  return cause?.code ?? cause?.message ?? message;
}
