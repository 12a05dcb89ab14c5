import type { ActiveUserCounts } from '../../table/metering/active-users.ts';
import type { Recount } from '../../table/metering/mau-counters.ts';

/**
 * Returns the number that a recount must add to an MAU counter to correct the part of the counter's error that is
 * certain. First, the recount reads the counter (`counter`, C0) and counts the records (`records`, R0). At least an
 * hour later, when the aggregator (the Lambda function that adds new active-user records from the table's stream to the
 * counters) has caught up with the stream, the recount reads the counter again (`later`, C1) and the number of records
 * (`recordsLater`, R1). Returns 0 when operations that were counted between these reads can explain the difference
 * between the counter and the number of records.
 *
 *     C0, R0 read ── … an hour, the stream caught up … ── C1, R1 read
 *
 * If C1 < R0, the counter is R0 − C1 too low and the function returns R0 − C1. If C0 > R1, the counter is C0 − R1 too
 * high and the function returns R1 − C0, which is negative.
 *
 * For an RP, `records` is the number of its active-user records, and R1 defaults to R0. The recount reads C0 before the
 * recount counts the records, so R0 includes every record that C0 includes. A second count is therefore not necessary.
 *
 * For a customer's total, `records` is the sum of the RPs' counters. The aggregator writes an RP's counter and the
 * total in one transaction. A Query that runs during such a transaction X may see only a part of the writes of X
 * (DynamoDB calls this read-committed):
 *
 *     R0 read: the RP without X ── X is committed ── C0 read: the total with X       C0 > R0, and nothing is wrong
 *
 * So the function never compares C0 with R0, or C1 with R1. The function compares C1 with R0, and C0 with R1, because
 * the recount reads the two numbers of each pair at least an hour apart. At the time of the second read, every
 * transaction that changed the first number is complete.
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

/**
 * Returns the certain drift of both numbers of a counter: the MAU, and how many of these users were measured. The
 * aggregator adds a record to both numbers in the same write, and the recount counts the records for both numbers in
 * the same reads. So the number of measured users is a counter of the measured records alone, and `certainDrift` holds
 * for it as it holds for the MAU. The drift of the measured users is 0 if an earlier release began the recount, because
 * that release did not count the measured records. The next recount then finds the drift.
 */
export function certainDrifts(
  { measured, ...recount }: Recount,
  later: ActiveUserCounts,
  recordsLater?: ActiveUserCounts,
): ActiveUserCounts {
  return {
    mau: certainDrift(recount, later.mau, recordsLater?.mau),
    measured: measured ? certainDrift(measured, later.measured, recordsLater?.measured) : 0,
  };
}
