import type { RefusalServices } from '../domain/activity/refusal-limits.ts';
import type { RpCaller } from '../domain/callers.ts';
import { FssError, type FssErrorCode } from '../domain/fss/fss-call.ts';
import type { Refusal } from '../table/refusals.ts';
import { problemOf, type Problem } from './problems.ts';
import { recordRefusal } from './record-refusal.ts';

/** A call in the FSS format that failed. */
interface FailedCall {
  readonly caller: RpCaller;
  readonly error: unknown;
  readonly requestId: string;
  /** How many milliseconds the request may still take. */
  readonly left: number;
}

/** Stores a failed call that begins or ends a ceremony in the FSS format, as the refusal of the native route. */
export async function recordFssRefusal(
  services: RefusalServices,
  kind: Refusal['kind'],
  { caller, error, requestId, left }: FailedCall,
): Promise<void> {
  await recordRefusal(services, kind, { caller, problem: nativeProblemOf(error, requestId), left });
}

/** Returns the problem that the native route would respond with. */
function nativeProblemOf(error: unknown, requestId: string): Problem {
  if (!(error instanceof FssError)) return problemOf(error, requestId);
  const { cause, errorCode, message: detail } = error;
  if (cause !== undefined) {
    const problem = problemOf(cause, requestId);
    return problem['errors'] === undefined ? { ...problem, detail } : problem;
  }
  const slug = ownSlugs[errorCode ?? ''] ?? 'validation';
  return { type: `/problems/${slug}`, status: 400, title: '', detail, requestId };
}

/** The slugs for the failures that the calls themselves find. All others are wrong parameters. */
const ownSlugs: Readonly<Record<string, string>> = {
  INVALID_SESSION: 'ceremony-invalid',
  USER_NOT_FOUND: 'not-found',
  USER_IS_DISABLED: 'user-disabled',
} satisfies Partial<Record<FssErrorCode, string>>;
