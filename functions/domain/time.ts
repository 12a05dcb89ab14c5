/** The service's clock. */
export interface Clock {
  /** Returns the current time in epoch milliseconds. */
  now(): number;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/**
 * Returns a time in the API's format: ISO 8601 in UTC, with milliseconds only when the milliseconds are not zero.
 * `time` is in epoch milliseconds.
 */
export function toIso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/**
 * Returns the value of a TTL attribute, in epoch seconds, for an item that the service does not need after the time
 * `time` (epoch milliseconds).
 */
export function toTtl(time: number): number {
  return Math.ceil(time / SECOND);
}
