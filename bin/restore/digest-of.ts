import { createHash } from 'node:crypto';
import type { ClosingRecord } from '../../functions/table/closing-records.ts';

/** Returns a digest of all closing records. It changes when the service begins or completes to discard a customer. */
export function digestOf(records: readonly ClosingRecord[]): string {
  const times = records.map(({ customerId, unsubscribedAt, discardedAt }) => [customerId, unsubscribedAt, discardedAt]);
  return createHash('sha256').update(JSON.stringify(times)).digest('hex');
}
