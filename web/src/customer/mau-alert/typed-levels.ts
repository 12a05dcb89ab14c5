import type { CustomerView, SetMauAlertData } from '../../client/types.gen.ts';

export type Level = NonNullable<SetMauAlertData['body']['levels']>[number];
export type ShownLevel = NonNullable<CustomerView['mauAlert']['levels']>[number];

/** The percents of the maximum that the form offers as checkboxes. */
export const OFFERED = [80, 100] as const;
/** The maximum number of levels besides the threshold. */
export const MAX_LEVELS = 4;
const MAX_PERCENT = 1_000;

/**
 * Parses a typed number of at least 1, with ASCII or full-width digits and optional commas between thousands. Returns
 * null if the text is not such a number.
 */
export function numberOf(typed: string): number | null {
  const digits = typed.normalize('NFKC').trim();
  if (!/^(\d+|\d{1,3}(,\d{3})+)$/.test(digits)) return null;
  const number = Number(digits.replaceAll(',', ''));
  return number >= 1 ? number : null;
}

/**
 * Parses one typed level: a number of MAU such as `9,000`, or percents of the maximum such as `120 %`. Returns null if
 * the text is neither, or if the service would refuse the number because it is too large.
 */
export function levelOf(typed: string): Level | null {
  const text = typed.normalize('NFKC').trim();
  const isPercent = text.endsWith('%');
  const number = numberOf(isPercent ? text.slice(0, -1) : text);
  if (number === null || number > (isPercent ? MAX_PERCENT : Number.MAX_SAFE_INTEGER)) return null;
  return isPercent ? { kind: 'percent', percent: number } : { kind: 'absolute', threshold: number };
}

/** Returns the lines of a text that are not blank. */
export const linesOf = (typed: string): string[] => typed.split('\n').filter((line) => line.trim() !== '');

/** Returns a level as a person would type it. */
export const typedLevel = (level: ShownLevel): string =>
  level.kind === 'percent' ? `${level.percent} %` : `${level.threshold}`;

/** Returns whether a level is one of the percents that the form offers as checkboxes. */
export const isOffered = (level: Level | ShownLevel): boolean =>
  level.kind === 'percent' && OFFERED.some((percent) => percent === level.percent);
