import type { Policy } from '../aws/policy.ts';
import { questions } from './questions.ts';

/**
 * Returns the smallest IAM policy with which the preflight can check everything: a statement for each right that a
 * question needs, limited to the resources of the service where the right can be limited.
 */
export function preflightPolicy(): Policy {
  const asked: readonly { readonly right?: string; readonly resources?: readonly string[] }[] =
    Object.values(questions);
  const byResources = Map.groupBy(
    asked.filter(({ right }) => right !== undefined),
    ({ resources }) => JSON.stringify(resources ?? ['*']),
  );
  return {
    Version: '2012-10-17',
    Statement: [...byResources].map(([resources, those]) => ({
      Effect: 'Allow',
      Action: those.flatMap(({ right }) => right ?? []).sort(),
      Resource: JSON.parse(resources) as string[],
    })),
  };
}
