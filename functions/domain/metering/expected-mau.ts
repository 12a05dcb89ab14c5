import type { MauView } from '../../contract/customers.ts';
import type { Calendar } from '../calendar.ts';
import { DAY } from '../time.ts';

/** How much of a month must have passed, in milliseconds, before its own pace says something about the rest of it. */
const ENOUGH = 3 * DAY;

/**
 * Returns about how many active users a customer will have in the current month at its end, or null if nothing is known
 * from which to reckon it. The customer is expected to gain, for each hour that is left of the month, as many active
 * users as in an average hour of the last month (`last-month`), or, if the customer was not there for the whole last
 * month or had no active users in it, as in an average hour of this month so far (`this-month`). This month's own pace
 * would be too high for a customer with regular users: most of them are active in the first days, and count only once.
 *
 * @param began - the time from which the customer could have active users, in epoch milliseconds
 * @param lastMau - the customer's MAU in the last month
 * @param mau - the customer's MAU in the current month so far
 */
export function expectedMau(
  calendar: Calendar,
  now: number,
  { began, lastMau, mau }: { readonly began: number; readonly lastMau: number; readonly mau: number },
): MauView['expectedMau'] {
  const month = calendar.monthOf(now);
  const [start, end] = [calendar.startOf(month), calendar.endOf(month)];
  const lastStart = calendar.startOf(calendar.plus(month, -1));
  const expected = (mauOfSpan: number, span: number) => mau + Math.round((mauOfSpan * (end - now)) / span);
  if (began <= lastStart && lastMau > 0) return { mau: expected(lastMau, start - lastStart), pace: 'last-month' };
  const elapsed = now - Math.max(start, began);
  return elapsed >= ENOUGH && mau > 0 ? { mau: expected(mau, elapsed), pace: 'this-month' } : null;
}
