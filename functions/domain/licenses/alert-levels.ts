import type { MauAlertSetting } from '../../table/customers/customers.ts';
import type { License } from './license.ts';

/**
 * A level of a customer's MAU alert, as the table stores it: a number of MAU such as `800`, or percents of the
 * license's maximum MAU such as `80%`.
 */
export type StoredLevel = string;

/** A level in the form that requests and responses use. */
export type Level =
  { readonly kind: 'absolute'; readonly threshold: number } | { readonly kind: 'percent'; readonly percent: number };

/** Returns a level in the form that the table stores. */
export const storedLevel = (level: Level): StoredLevel =>
  level.kind === 'percent' ? `${level.percent}%` : `${level.threshold}`;

/** Returns a stored level in the form that requests use. */
export const levelOf = (stored: StoredLevel): Level =>
  isPercent(stored)
    ? { kind: 'percent', percent: Number.parseInt(stored, 10) }
    : { kind: 'absolute', threshold: Number(stored) };

/** Returns whether a stored level is in percents of the license's maximum MAU. */
export const isPercent = (stored: StoredLevel): boolean => stored.endsWith('%');

/** Returns levels in the order in which the service stores them: numbers before percents, the lowest first. */
export const sortedLevels = (levels: readonly StoredLevel[]): StoredLevel[] =>
  levels.toSorted(
    (a, b) => Number(isPercent(a)) - Number(isPercent(b)) || Number.parseInt(a, 10) - Number.parseInt(b, 10),
  );

/**
 * Returns the number of MAU that a level stands for with a license. Percents of a maximum are rounded down, so that an
 * MAU exceeds the level exactly if it exceeds the number. Returns null for percents if the license has no maximum MAU.
 */
export function thresholdOf(level: StoredLevel, license: License): number | null {
  if (!isPercent(level)) return Number(level);
  return license.type === 'free' ? null : percentOf(license.maxMau, Number.parseInt(level, 10));
}

/** Returns percents of a whole number, rounded down. The product may exceed the integers that a number can represent. */
const percentOf = (maximum: number, percent: number): number => Number((BigInt(maximum) * BigInt(percent)) / 100n);

/** A threshold of a customer's MAU alert, and the level that stands for it. */
export interface LevelThreshold {
  readonly threshold: number;
  /** The further level. @default - the threshold is the setting's own `threshold` */
  readonly level?: StoredLevel | undefined;
}

/**
 * Returns the thresholds of a customer's MAU alert with a license, each once, the lowest first. Returns no threshold
 * while the alert is off. A further level whose number equals another threshold of the customer stands for no e-mail of
 * its own.
 */
export function thresholdsOf(
  { enabled, threshold, levels = [] }: Pick<MauAlertSetting, 'enabled' | 'threshold' | 'levels'>,
  license: License,
): LevelThreshold[] {
  if (!enabled) return [];
  const all = new Map<number, LevelThreshold>();
  if (threshold !== null) all.set(threshold, { threshold });
  for (const level of levels) {
    const stands = thresholdOf(level, license);
    if (stands !== null && !all.has(stands)) all.set(stands, { threshold: stands, level });
  }
  return [...all.values()].sort((a, b) => a.threshold - b.threshold);
}
