import type { Language } from '../domain/mail/languages.ts';
import { OwnText } from './sentence.ts';

/** Formats a number with thousands separators, such as "10,412". The form is the same in every language. */
export function countInWords(number: number): OwnText {
  return new OwnText(number.toLocaleString('en-US'));
}

/** Formats a month such as `2026-11` as "November 2026" or "2026年11月". */
export function monthInWords(month: string, language: Language): OwnText {
  // JavaScript parses a date without a time as UTC, so the function must format the date as UTC, whatever the service's
  // time zone is.
  const options = { month: 'long', year: 'numeric', timeZone: 'UTC' } as const;
  return new OwnText(format(language, options, Date.parse(`${month}-01`)));
}

/**
 * Formats a time, in epoch milliseconds, as local time in a time zone: "1 December 2026, 00:00 (UTC)" or "2026年12月1日
 * 0:00（UTC）".
 */
export function timeInWords(time: number, timeZone: string, language: Language): OwnText {
  const date = format(language, { dateStyle: 'long', timeZone }, time);
  const clock = format(language, { timeStyle: 'short', timeZone }, time);
  return new OwnText(language === 'ja' ? `${date} ${clock}（${timeZone}）` : `${date}, ${clock} (${timeZone})`);
}

/** Formats an amount of money, such as "20.60 USD". The amount keeps all its decimals, and stays exact. */
export function moneyInWords({ amount, currency }: { readonly amount: string; readonly currency: string }): OwnText {
  return new OwnText(`${amount} ${currency}`);
}

/**
 * The locale of each language. In British English, the day comes before the name of the month, and midnight is 00:00.
 */
const locales: Readonly<Record<Language, string>> = { en: 'en-GB', ja: 'ja-JP' };

/**
 * The formatters that earlier calls created, because creating one takes longer than composing the rest of an e-mail.
 */
const formatters = new Map<string, Intl.DateTimeFormat>();

/**
 * Formats a date or a time in a language. The process keeps a formatter for each language and set of options. There are
 * few of them, because the service has one time zone.
 */
function format(language: Language, options: Intl.DateTimeFormatOptions, time: number): string {
  const key = JSON.stringify([language, options]);
  const formatter = formatters.get(key) ?? new Intl.DateTimeFormat(locales[language], options);
  formatters.set(key, formatter);
  return formatter.format(time);
}
