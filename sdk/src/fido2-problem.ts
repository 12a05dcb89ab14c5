import type { FieldError, Problem, ProblemSlug } from './generated/types.gen.ts';

/**
 * The code of a problem: the last part of its `type`. `unexpected-answer` stands for an answer that is not one of the
 * service, for example of a proxy, or of another server because `baseUrl` is wrong. Later versions of the service may
 * have further codes.
 */
export type ProblemCode = ProblemSlug | 'unexpected-answer';

/** The codes for refusals of the gateway in front of the service, which have a status but are no problems. */
const OF_GATEWAY: Readonly<Record<number, ProblemCode>> = {
  413: 'payload-too-large',
  429: 'too-many-requests',
  500: 'internal',
  502: 'unavailable',
  503: 'unavailable',
  504: 'unavailable',
};

/** The parts of an answer that a problem needs. */
export interface Answer {
  readonly status: number;
  readonly headers: { get(name: string): string | null };
  readonly text: string;
}

/** The error for a request that the service refused. Branch on `code`, never on the texts. */
export class Fido2Problem extends Error {
  override readonly name = 'Fido2Problem';
  /** The HTTP status. */
  readonly status: number;
  readonly code: ProblemCode;
  /** The kind of the problem in English. */
  readonly title: string;
  /** The occurrence of the problem in English. */
  readonly detail: string | undefined;
  /** The wrong fields, each with a pointer and a code. Empty unless `code` is `validation` or `already-exists`. */
  readonly errors: readonly FieldError[];
  /** The step of the verification that refused the response of an authenticator. */
  readonly step: Problem['step'];
  /** The arguments of the Signal API of browsers. */
  readonly signals: Problem['signals'];
  /** The ID of the request in the service's log. */
  readonly requestId: string | undefined;
  /** The number of seconds after which the request can be repeated, from the header `Retry-After`. */
  readonly retryAfterSeconds: number | undefined;
  /** The whole problem, with members such as `origin`, `usedAt` and `limit`. Undefined if the answer is no problem. */
  readonly problem: Problem | undefined;

  constructor({ status, headers, text }: Answer) {
    const problem = problemIn(headers.get('content-type'), text);
    const code = codeOf(problem, status);
    const title = problem?.title ?? `The answer with the status ${status} is not one of the service`;
    super(problem?.detail === undefined ? `${code}: ${title}` : `${code}: ${title}. ${problem.detail}`);
    this.status = status;
    this.code = code;
    this.title = title;
    this.detail = problem?.detail;
    this.errors = problem?.errors ?? [];
    this.step = problem?.step;
    this.signals = problem?.signals;
    this.requestId = problem?.requestId;
    this.retryAfterSeconds = secondsIn(headers.get('retry-after'));
    this.problem = problem;
  }
}

/** Returns the problem in the body of an answer. */
function problemIn(contentType: string | null, text: string): Problem | undefined {
  if (!contentType?.startsWith('application/problem+json')) return undefined;
  try {
    return JSON.parse(text) as Problem;
  } catch {
    return undefined;
  }
}

function codeOf(problem: Problem | undefined, status: number): ProblemCode {
  const slug = /^\/problems\/([\w-]+)$/.exec(problem?.type ?? '')?.[1];
  // The service may be newer than this package, and have a code that the type does not name.
  return (slug as ProblemSlug | undefined) ?? OF_GATEWAY[status] ?? 'unexpected-answer';
}

/** Returns the seconds that `Retry-After` asks for, as a number or as a date (RFC 9110, 10.2.3). */
function secondsIn(retryAfter: string | null): number | undefined {
  if (retryAfter === null) return undefined;
  if (/^\d+$/.test(retryAfter)) return Number(retryAfter);
  const at = Date.parse(retryAfter);
  return Number.isNaN(at) ? undefined : Math.max(0, Math.ceil((at - Date.now()) / 1_000));
}
