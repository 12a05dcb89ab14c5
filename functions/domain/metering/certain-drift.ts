import type { Recount } from '../../table/mau-counters.ts';

/**
 * Returns how much a counter is certainly wrong by, as the number to add to the counter. Returns 0 when changes between the
 * reads can explain every difference. The recount reads `counter` (C0) and `records` (R0) first. At least an hour later,
 * when the aggregator has caught up with the stream, it reads `later` (C1) and `recordsLater` (R1).
 *
 *     C0, R0 read ── … an hour, the stream caught up … ── C1, R1 read
 *
 * If C1 < R0, the counter misses R0 − C1 records and the function returns R0 − C1. If C0 > R1, the counter holds C0 − R1
 * too many and the function returns R1 − C0, which is negative.
 *
 * For an RP, `records` is the number of its active-user records. R1 defaults to R0, because an RP needs no second count of
 * the records: C0 is read before the records are counted, so every record that C0 contains is among those in R0.
 *
 * For a customer's total, `records` is the sum of the RPs' counters. The aggregator writes an RP's counter and the total in
 * one transaction. A Query that runs during a transaction may see only a part of its writes (DynamoDB calls this
 * read-committed):
 *
 *     R0 read: the RP without X ── X is committed ── C0 read: the total with X       C0 > R0, and nothing is wrong
 *
 * So the function never compares C0 with R0, or C1 with R1. The function compares each number with a number that was
 * read an hour earlier or later. By the later read, every transaction that contributed to the earlier one is complete.
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
