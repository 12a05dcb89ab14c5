/** Gives what the console writes of a time, in English and where `visit` has the browser be. */
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
