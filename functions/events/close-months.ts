import type { Context, ScheduledEvent } from 'aws-lambda';
import { closeMonths } from '../domain/close-months.ts';
import type { CalendarServices } from '../domain/services.ts';
import { MINUTE } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, withCalendar } from '../environment.ts';

/** What one month of a customer with many RPs and users may take at the end of a run. */
const RESERVE = 3 * MINUTE;

/** Makes the closing of months: fired hourly, it ends in good time and the next run goes on. */
export function build(services: CalendarServices) {
  return (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) =>
    closeMonths(services, () => context.getRemainingTimeInMillis() > RESERVE);
}

export const handler = onLambda(() => build(withCalendar(servicesFromEnvironment())));
