import type { Recount } from '../../table/mau-counters.ts';

/**
 * Returns by how much a counter is wrong for certain: the number to add to it, 0 when what moved between the reads explains
 * every difference. `counter` (C0) and `records` (R0) were read first; `later` (C1) and `recordsLater` (R1) at least an hour
 * later, with the stream caught up.
 *
 *     C0, R0 read ── … an hour, the stream caught up … ── C1, R1 read
 *
 * C1 < R0: C1 misses some of what R0 shows, R0 − C1 of them. C0 > R1: C0 counted R1 − C0 too many.
 *
 * For an RP, the counter is compared with its active-user records. Their second count is not needed, so that R1 is R0: C0
 * is read before the records are counted, and every record that C0 counted was there by then.
 *
 * For a total, the counter is compared with the sum over the RPs. The aggregator writes an RP's counter and the total in one
 * transaction, but a Query that runs beside a transaction may show one half of it (DynamoDB calls that read-committed):
 *
 *     R0 read: the RP without X ── X is committed ── C0 read: the total with X       C0 > R0, and nothing is wrong
 *
 * So neither is compared with the other one of its own time: an hour later, every transaction that C0 or R0 shows has long
 * been done, in both halves.
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
