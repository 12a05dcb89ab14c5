import { createCalendar } from '../functions/domain/calendar.ts';

/** Returns whether a name is the IANA name of a time zone. */
export function isTimeZone(name: string): boolean {
  // `createCalendar` also accepts an offset such as "+09:00". `isTimeZone` refuses an offset, because an offset does
  // not follow changes such as daylight saving time.
  if (!/^[A-Za-z]/.test(name)) return false;
  try {
    return Boolean(createCalendar(name));
  } catch {
    return false;
  }
}
