import { signUpLimitKey } from '../keys.ts';
import { isUnsetOr } from '../engine/conditions.ts';
import type { Table } from '../engine/client.ts';
import { transact, type Write } from '../engine/transaction.ts';

/** The number of sign-ups from one network, or with one e-mail domain, in an hour. */
interface SignUpLimit {
  readonly signUps: number;
}
/** A counter of the sign-ups in an hour from the same network or with the same e-mail domain. */
export interface SignUpCounter {
  readonly of: 'network' | 'domain';
  readonly name: string;
  /** The maximum number of sign-ups in an hour. */
  readonly max: number;
}

/**
 * Counts a sign-up in each of the counters, or in none of them if one of the counters has reached its maximum. Returns
 * whether the sign-up was counted. `hour` is the time at which the current hour started, in epoch milliseconds; `ttl`
 * is the time after which DynamoDB may delete the counters, in epoch seconds.
 *
 * DynamoDB checks the condition and increases the number in one step, so concurrent sign-ups cannot exceed a maximum.
 * If the process dies after the transaction, the sign-up is counted but not stored. The caller can try again, unless
 * this was the last sign-up that the hour allows.
 */
export async function countSignUp(
  table: Table,
  counters: readonly SignUpCounter[],
  hour: number,
  ttl: number,
): Promise<boolean> {
  const writes = counters.map(({ of, name, max }): [string, Write<SignUpLimit>] => [
    of,
    {
      Update: {
        Key: signUpLimitKey(of, name, hour),
        UpdateExpression: 'ADD signUps :one SET #ttl = :ttl',
        ConditionExpression: isUnsetOr('signUps', 'signUps < :max'),
        ExpressionAttributeNames: { '#ttl': 'ttl' },
        ExpressionAttributeValues: { ':one': 1, ':max': max, ':ttl': ttl },
      },
    },
  ]);
  return (await transact(table, Object.fromEntries(writes))) === undefined;
}
