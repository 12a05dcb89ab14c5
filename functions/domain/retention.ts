import type { Calendar, Month } from './calendar.ts';
import { toTtl } from './time.ts';

/**
 * The service keeps the active-user records and the MAU alerts of a month for this many months after the month ends.
 */
export const MONTHS_KEPT = 13;

/** The maximum number of months that the MAU view shows, including the current month. */
export const MONTHS_SHOWN = 12;

/**
 * Returns when DynamoDB deletes the two items of a removed RP, in epoch seconds. `shown` is the end of the last month in
 * which the MAU view can show `lastMonth`, the RP's last month. `removed` is a month after DynamoDB deletes the RP's
 * last active-user record, because the service finds these records through the item when it discards the customer, and
 * DynamoDB may delete a record some days late.
 */
export const removedRpTtls = (calendar: Calendar, lastMonth: Month) => ({
  removed: toTtl(calendar.endOf(calendar.plus(lastMonth, MONTHS_KEPT + 1))),
  shown: toTtl(calendar.endOf(calendar.plus(lastMonth, MONTHS_SHOWN - 1))),
});
