/** Returns a time (epoch milliseconds, or ISO 8601) as the FSS format writes it: ISO 8601 in UTC with milliseconds. */
export const fssTime = (time: number | string): string => new Date(time).toISOString();
