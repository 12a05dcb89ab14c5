/** The service's clock. */
export interface Clock {
  /** Epoch milliseconds. */
  now(): number;
}

export const SECOND = 1_000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;

/** Gives a time as the API writes it: ISO 8601 in UTC, milliseconds only where there are some. */
export function toIso(time: number): string {
  return new Date(time).toISOString().replace('.000Z', 'Z');
}

/** Gives the value of a TTL attribute, seconds since the epoch, for an item that is not needed from a time on. */
export function toTtl(time: number): number {
  return Math.ceil(time / SECOND);
}
