import { OwnText } from './sentence.ts';

/** Gives a number with its thousands set apart, such as "10,412". */
export function countInWords(number: number): OwnText {
  return new OwnText(number.toLocaleString('en-US'));
}

/** Gives a month such as `2026-11` as "November 2026". */
export function monthInWords(month: string): OwnText {
  // A date alone is one of UTC to JavaScript: its first instant is, whatever zone the month is of.
  return new OwnText(format({ month: 'long', year: 'numeric', timeZone: 'UTC' }, Date.parse(`${month}-01`)));
}

/** Gives a time, in epoch milliseconds, on the clocks of a time zone: "1 December 2026, 00:00 (UTC)". */
export function timeInWords(time: number, timeZone: string): OwnText {
  const date = format({ dateStyle: 'long', timeZone }, time);
  return new OwnText(`${date}, ${format({ timeStyle: 'short', timeZone }, time)} (${timeZone})`);
}

/** British: the day comes before the month, which has a name, and midnight is 00:00. */
const format = (options: Intl.DateTimeFormatOptions, time: number) =>
  new Intl.DateTimeFormat('en-GB', options).format(time);
