import type { Recount } from '../../table/mau-counters.ts';

/**
 * Returns the number that must be added to a counter to correct the part of the counter's error that is certain.
 * Returns 0 when changes between the reads can explain every difference. The recount reads `counter` (C0) and `records`
 * (R0) first. At least an hour later, when the aggregator has caught up with the stream, the recount reads `later` (C1)
 * and `recordsLater` (R1).
 *
 *     C0, R0 read ── … an hour, the stream caught up … ── C1, R1 read
 *
 * If C1 < R0, the counter is R0 − C1 too low and the function returns R0 − C1. If C0 > R1, the counter is C0 − R1 too
 * high and the function returns R1 − C0, which is negative.
 *
 * For an RP, `records` is the number of its active-user records. R1 defaults to R0, because an RP needs no second count
 * of the records: C0 is read before the records are counted, so R0 includes every record that C0 includes.
 *
 * For a customer's total, `records` is the sum of the RPs' counters. The aggregator writes an RP's counter and the
 * total in one transaction. A Query that runs during a transaction may see only a part of the transaction's writes
 * (DynamoDB calls this read-committed):
 *
 *     R0 read: the RP without X ── X is committed ── C0 read: the total with X       C0 > R0, and nothing is wrong
 *
 * So the function never compares C0 with R0, or C1 with R1. The function compares each number with a number that was
 * read an hour earlier or later. At the time of the later read, every transaction that changed the earlier number is
 * complete.
 */
export function certainDrift(
  { counter, records }: Pick<Recount, 'counter' | 'records'>,
  later: number,
  recordsLater = records,
): number {
  if (later < records) return records - later;
  if (counter > recordsLater) return recordsLater - counter;
  return 0;
}
