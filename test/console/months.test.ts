import { expect, it } from 'vitest';
import { createCalendar } from '../../functions/domain/calendar.ts';
import { CLOSING_DAY } from '../../functions/domain/closing-day.ts';
import { MONTHS_KEPT } from '../../functions/domain/retention.ts';
import { areUsersKept, closingDayOf } from '../../web/src/customer/statements/months.ts';

it('the console knows on which day the service closes a month', () => {
  expect(Number(closingDayOf('2026-11').slice('2026-12-'.length))).toBe(CLOSING_DAY);
});

it('the console offers the active users of a month exactly as long as the service keeps them', () => {
  const calendar = createCalendar('UTC');
  expect(areUsersKept(calendar.plus('2026-11', -MONTHS_KEPT), '2026-11')).toBe(true);
  expect(areUsersKept(calendar.plus('2026-11', -MONTHS_KEPT - 1), '2026-11')).toBe(false);
});
