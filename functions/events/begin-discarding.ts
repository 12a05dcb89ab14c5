import type { Context, ScheduledEvent } from 'aws-lambda';
import { openQueue } from '../aws/queue.ts';
import { beginDiscarding } from '../domain/leaving/begin-discarding.ts';
import type { AnnouncingServices } from '../domain/discarding.ts';
import { SECOND } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';
import { withRequest } from '../with-request.ts';

/**
 * A run of this Lambda function begins to handle a customer only while more than this time, in milliseconds, remains
 * before the Lambda time-out.
 */
const RESERVE = 30 * SECOND;

/**
 * Creates the hourly Lambda function that begins to discard each customer that is due. Discarding a customer deletes
 * the customer's data.
 */
export function build(services: AnnouncingServices) {
  return (_: ScheduledEvent, context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>) => {
    const own = withRequest(services, 'begin-discarding', context.awsRequestId);
    return beginDiscarding(own, () => context.getRemainingTimeInMillis() > RESERVE);
  };
}

export const handler = onLambda(() =>
  build({ ...servicesFromEnvironment(), discard: openQueue(setting('DISCARDING_QUEUE_URL')) }),
);
