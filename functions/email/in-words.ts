import { OwnText } from './sentence.ts';

/** Formats a number with thousands separators, such as "10,412". */
export function countInWords(number: number): OwnText {
  return new OwnText(number.toLocaleString('en-US'));
}

/** Formats a month such as `2026-11` as "November 2026". */
export function monthInWords(month: string): OwnText {
  // JavaScript parses a date without a time as UTC, so the function must format the date as UTC, whatever the service's
  // time zone is.
  return new OwnText(format({ month: 'long', year: 'numeric', timeZone: 'UTC' }, Date.parse(`${month}-01`)));
}

/** Formats a time, in epoch milliseconds, as local time in a time zone: "1 December 2026, 00:00 (UTC)". */
export function timeInWords(time: number, timeZone: string): OwnText {
  const date = format({ dateStyle: 'long', timeZone }, time);
  return new OwnText(`${date}, ${format({ timeStyle: 'short', timeZone }, time)} (${timeZone})`);
}

/**
 * The formatters that earlier calls created, because creating one takes longer than composing the rest of an e-mail.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Formats a date or a time for an e-mail in British English, in which the day comes before the name of the month and
 * midnight is 00:00. The process keeps a formatter for each set of options. There are few sets, because the service has
 * one time zone.
 */
function format(options: Intl.DateTimeFormatOptions, time: number): string {
  const key = JSON.stringify(options);
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat('en-GB', options);
  formatters.set(key, formatter);
  return formatter.format(time);
}
