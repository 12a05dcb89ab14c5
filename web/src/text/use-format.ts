import { useMemo } from 'react';
import { formatMoney } from './format-money.ts';
import { useLanguage } from './language.tsx';

/** Formats numbers, money and times for the current language, and compares names. */
export interface Format {
  number(value: number): string;
  /** Formats a ratio: 0.5 becomes 50 %. */
  percent(ratio: number): string;
  money(value: { readonly amount: string; readonly currency: string }): string;
  /**
   * Formats a time in a time zone. The time is an ISO 8601 string or a number of milliseconds since 1970. Seconds are
   * left out unless `second` is '2-digit'.
   * @default - the browser's time zone
   */
  dateTime(time: string | number, timeZone?: string, second?: '2-digit'): string;
  /** Formats the date of a time in a time zone. @default - the browser's time zone */
  date(time: string | number, timeZone?: string): string;
  /** Formats a month such as `2026-11`. */
  month(month: string): string;
  /** Formats a month such as `2026-11` without its year. */
  shortMonth(month: string): string;
  /** Compares two names for sorting. Digits in names are compared as numbers, so "RP 2" comes before "RP 10". */
  compare(a: string, b: string): number;
}

export function useFormat(): Format {
  const { language } = useLanguage();
  return useMemo(() => {
    const number = new Intl.NumberFormat(language);
    const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
    const month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', timeZone: 'UTC' });
    const shortMonth = new Intl.DateTimeFormat(language, { month: 'short', timeZone: 'UTC' });
    const collator = new Intl.Collator(language, { numeric: true });
    return {
      number: (value) => number.format(value),
      percent: (ratio) => percent.format(ratio),
      money: (value) => formatMoney(language, value),
      dateTime: (time, timeZone, second) =>
        new Intl.DateTimeFormat(language, {
          year: 'numeric',
          month: 'short',
          day: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
          second,
          hourCycle: 'h23',
          timeZoneName: 'short',
          timeZone,
        }).format(new Date(time)),
      date: (time, timeZone) =>
        new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', day: 'numeric', timeZone }).format(
          new Date(time),
        ),
      compare: (a, b) => collator.compare(a, b),
      month: (name) => month.format(new Date(`${name}-01T00:00:00Z`)),
      shortMonth: (name) => shortMonth.format(new Date(`${name}-01T00:00:00Z`)),
    };
  }, [language]);
}
