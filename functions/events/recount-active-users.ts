import type { Context, ScheduledEvent } from 'aws-lambda';
import { recountActiveUsers } from '../domain/metering/recount-active-users.ts';
import type { RecountServices } from '../domain/metering/recount-run.ts';
import { SECOND } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, setting, withCalendar } from '../environment.ts';
import { openMetrics } from '../aws/metrics.ts';
import { openStreamLag } from '../aws/stream-lag.ts';

/**
 * A recount run, one run of this Lambda function, begins to recount an RP's MAU counter only while more than this many
 * milliseconds remain before the Lambda time-out.
 */
const RESERVE = 30 * SECOND;

/**
 * Creates the hourly Lambda function that recounts the active users of the months that are not closed yet. Each recount
 * run ends before the time-out of the Lambda function, and the next recount run continues the work.
 */
export function build(services: RecountServices) {
  return (_: ScheduledEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) =>
    recountActiveUsers(services, () => context.getRemainingTimeInMillis() > RESERVE);
}

export const handler = onLambda(() =>
  build({
    ...withCalendar(servicesFromEnvironment()),
    metrics: openMetrics(),
    streamLag: openStreamLag(setting('AGGREGATOR_NAME')),
  }),
);
