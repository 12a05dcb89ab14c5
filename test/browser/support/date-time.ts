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
