import { useMemo } from 'react';
import { useLanguage } from './language.tsx';

/** Numbers, money and times as the present language writes them, and the order of names. */
export interface Format {
  number(value: number): string;
  /** Of a ratio: 0.5 is 50 %. */
  percent(ratio: number): string;
  money(value: { readonly amount: string; readonly currency: string }): string;
  /** A time of ISO 8601 with its time zone, which is the browser's unless one is named. */
  dateTime(time: string | number, timeZone?: string): string;
  /** The day of a time. */
  date(time: string | number, timeZone?: string): string;
  /** A month such as `2026-11`. */
  month(month: string): string;
  /** For sorting: numbers in names count as numbers. */
  compare(a: string, b: string): number;
}

export function useFormat(): Format {
  const { language } = useLanguage();
  return useMemo(() => {
    const number = new Intl.NumberFormat(language);
    const percent = new Intl.NumberFormat(language, { style: 'percent', maximumFractionDigits: 1 });
    const month = new Intl.DateTimeFormat(language, { year: 'numeric', month: 'short', timeZone: 'UTC' });
    const collator = new Intl.Collator(language, { numeric: true });
    return {
      number: (value) => number.format(value),
      percent: (ratio) => percent.format(ratio),
      // The digits as they came: a fee is a decimal, which a number may not hold exactly.
      money: ({ amount, currency }) =>
        new Intl.NumberFormat(language, { style: 'currency', currency }).format(amount as Intl.StringNumericLiteral),
      dateTime: (time, timeZone) =>
        new Intl.DateTimeFormat(language, {
          year: 'numeric',
          month: 'short',
          day: 'numeric',
          hour: '2-digit',
          minute: '2-digit',
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
    };
  }, [language]);
}
