import { setTimeout as wait } from 'node:timers/promises';
import { Fido2ConnectionError } from './fido2-connection-error.ts';
import { Fido2Problem, type Answer } from './fido2-problem.ts';

/** The part of `fetch` that the client needs. The global `fetch` and the one of the package undici have it. */
export type Fetch = (
  url: string,
  init: {
    readonly method: string;
    readonly headers: Record<string, string>;
    readonly body?: string;
    readonly redirect: 'manual';
    readonly signal: AbortSignal;
  },
) => Promise<{
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  text(): Promise<string>;
}>;

/**
 * When a request may be sent again. `always`: a second request with the same effect changes nothing more. `if-refused`:
 * only if the service certainly did nothing. Another edit may come between two tries, and the second try would undo it.
 */
export type Repetition = 'always' | 'if-refused';

export interface Tries {
  /** How long each try may take, in seconds. */
  readonly timeoutSeconds: number;
  /** How often a request is sent again at most. */
  readonly retries: number;
  readonly fetch: Fetch;
}

/** The longest pause before another try if the service asks for none, in milliseconds. */
const LONGEST_PAUSE = 5_000;
/** The statuses of answers that may differ at another try. */
const PASSING = new Set([429, 500, 502, 503, 504]);
/** The codes of errors with which Node says that it could not connect, so that no request was sent. */
const NOT_CONNECTED = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT']);

/**
 * Returns a function in the place of `fetch` that sends a request up to `1 + retries` times, always with the same
 * headers and body. Throws `Fido2Problem` for an answer that is not a success, `Fido2ConnectionError` if no answer came
 * at the last try, and the reason of the request's own signal if that was aborted.
 */
export function retryingFetch(tries: Tries, repetition: Repetition): (request: Request) => Promise<Response> {
  return async (request) => {
    const body = await request.text();
    for (let retriesLeft = tries.retries; ; retriesLeft -= 1) {
      const outcome = await tryOnce(tries, request, body);
      request.signal.throwIfAborted();
      if (outcome instanceof Response) return outcome;
      const pause = pauseAfter(outcome, tries, repetition, tries.retries - retriesLeft);
      if (retriesLeft <= 0 || pause === undefined) throw outcome;
      await wait(pause, undefined, { signal: request.signal }).catch(() => {
        request.signal.throwIfAborted();
      });
    }
  };
}

/** Sends a request once. Returns the response, or the error for it. */
async function tryOnce(
  { fetch, timeoutSeconds }: Tries,
  { url, method, headers, signal }: Request,
  body: string,
): Promise<Response | Fido2Problem | Fido2ConnectionError> {
  let answer: Answer;
  try {
    const response = await fetch(url, {
      method,
      headers: Object.fromEntries(headers),
      ...(body !== '' && { body }),
      // Another server must not get the API key, and a redirected POST would become a GET.
      redirect: 'manual',
      signal: AbortSignal.any([signal, AbortSignal.timeout(Math.ceil(timeoutSeconds * 1_000))]),
    });
    // The time-out includes the body.
    answer = { status: response.status, headers: response.headers, text: await response.text() };
  } catch (cause) {
    return new Fido2ConnectionError(`${new URL(url).origin} did not answer: ${reasonOf(cause)}`, { cause });
  }
  if (answer.status === 204 && method === 'DELETE') return new Response(null, { status: 204 });
  if (answer.status < 200 || answer.status > 299 || !isJsonObject(answer)) return new Fido2Problem(answer);
  return new Response(answer.text, { status: answer.status, headers: { 'content-type': 'application/json' } });
}

/** Returns whether the body of an answer is a JSON object, as every body of the service is. */
function isJsonObject({ headers, text }: Answer): boolean {
  if (!/^application\/json\b/i.test(headers.get('content-type') ?? '')) return false;
  try {
    const body: unknown = JSON.parse(text);
    return typeof body === 'object' && body !== null && !Array.isArray(body);
  } catch {
    return false;
  }
}

/**
 * Returns how long to wait before another try, in milliseconds, or undefined if the request must not be sent again. The
 * pause doubles with each retry, with a random part so that many servers do not retry at the same moment. The service's
 * own `Retry-After` counts instead, unless it is longer than a try may take: then the caller gets the problem at once.
 */
function pauseAfter(
  outcome: Fido2Problem | Fido2ConnectionError,
  { timeoutSeconds }: Tries,
  repetition: Repetition,
  retriesDone: number,
): number | undefined {
  const isRepeatable =
    outcome instanceof Fido2Problem
      ? PASSING.has(outcome.status) && (repetition === 'always' || outcome.status === 429)
      : repetition === 'always' || isNotConnected(outcome.cause);
  if (!isRepeatable) return undefined;
  const asked = outcome instanceof Fido2Problem ? outcome.retryAfterSeconds : undefined;
  if (asked !== undefined) return asked > timeoutSeconds ? undefined : asked * 1_000;
  return Math.min(LONGEST_PAUSE, 200 * 2 ** retriesDone) * (0.5 + Math.random() / 2);
}

/** Returns whether an error of `fetch` says that no request was sent. */
const isNotConnected = (error: unknown): boolean => NOT_CONNECTED.has(codeOf(error) ?? '');

/** Returns the code that Node gives the reason of a failed `fetch`, such as `ECONNREFUSED`. */
function codeOf(error: unknown): string | undefined {
  const { cause } = (error instanceof Error ? error : {}) as { cause?: { code?: unknown } };
  return typeof cause?.code === 'string' ? cause.code : undefined;
}
const reasonOf = (error: unknown): string => codeOf(error) ?? (error instanceof Error ? error.message : String(error));
