/** Formats a time as the console does, in English and in UTC, the time zone of the pages that `visit` opens. */
export const dateTime = (time: string): string =>
  new Intl.DateTimeFormat('en', {
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
    timeZoneName: 'short',
    timeZone: 'UTC',
  }).format(new Date(time));

/** Returns a month such as `2026-11` as the console writes it in English: `Nov 2026`. */
export const monthName = (month: string) =>
  new Date(`${month}-01T00:00:00Z`).toLocaleDateString('en-US', { year: 'numeric', month: 'short', timeZone: 'UTC' });
