import type { Check, Context, Finding } from './check.ts';
import { UnansweredError } from '../aws/unanswered-error.ts';

/** A finding with the name of its check. */
export interface Result extends Finding {
  readonly check: string;
}

/**
 * Runs all checks at the same time. Returns their results in the order of the checks. If AWS or the name servers do not
 * answer a check, its result is `not checked`, and the other checks go on.
 */
export function runChecks(checks: readonly Check[], context: Context): Promise<Result[]> {
  return Promise.all(
    checks.map(async ({ name, run }) => {
      try {
        return { check: name, ...(await run(context)) };
      } catch (error) {
        if (!(error instanceof UnansweredError)) throw error;
        return { check: name, state: 'not checked' as const, found: error.message, next: error.next };
      }
    }),
  );
}

/** Returns whether the operator must do something: also if a check has no answer. */
export const mustAct = (results: readonly Result[]): boolean =>
  results.some(({ state }) => state === 'to do' || state === 'not checked');
