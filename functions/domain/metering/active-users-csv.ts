import type { ActiveUserView } from '../../contract/active-users.ts';
import { csv } from '../csv.ts';
import type { Month } from '../calendar.ts';

/** The header row of active users as CSV. */
export const activeUsersCsvHeader = csv([['month', 'timeZone', 'id', 'rpId', 'userId', 'firstOperationAt', 'source']]);

/** Returns the row of an active user. Its first columns have the same names as in the CSV of statements. */
export const activeUserCsvRow = (
  { month, timeZone }: { readonly month: Month; readonly timeZone: string },
  { userId, firstOperationAt, source, rp }: ActiveUserView,
): string => csv([[month, timeZone, rp.id, rp.rpId, userId, firstOperationAt, source]]);
