import type { Context, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { openQueue } from '../aws/queue.ts';
import { discardItems } from '../domain/leaving/discard-items.ts';
import type { DiscardingServices, ToDiscard } from '../domain/discarding.ts';
import { SECOND } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, setting, withCalendar } from '../environment.ts';
import { keepClosingRecord } from '../table/closing-records.ts';
import { openTable } from '../table/engine/client.ts';
import { withRequest } from '../with-request.ts';

const customerId = z.string();
const toDiscard: z.ZodType<ToDiscard> = z.discriminatedUnion('what', [
  z.strictObject({ what: z.literal('rp'), customerId, id: z.string(), removedBy: z.number() }),
  z.strictObject({
    what: z.literal('partition'),
    customerId,
    partition: z.string(),
    lastMonth: z.string().optional(),
  }),
  z.strictObject({
    what: z.literal('customer'),
    customerId,
    step: z.enum(['count', 'announce', 'sweep', 'finish']),
    afterRp: z.string().optional(),
    counts: z.record(z.string(), z.number()).optional(),
    uncounted: z.array(z.strictObject({ partition: z.string(), after: z.string().optional() })).optional(),
    found: z.boolean().optional(),
  }),
]);
/**
 * The worker, this Lambda function, begins another batch of deletions only while more than this many milliseconds
 * remain before the Lambda time-out.
 */
const RESERVE = 5 * SECOND;

/**
 * Creates the discarding worker: the Lambda function that handles one message of the discarding queue at a time. When
 * the worker runs out of time, the worker sends a new queue message for the remaining work, and afterwards the queue
 * deletes the handled message. If the process dies after the worker has sent the new message and before the queue
 * deletes the handled message, the queue delivers both messages. When the worker then handles the second of them, the
 * items that the worker discarded for the first are already gone.
 */
export function build(services: DiscardingServices) {
  return async (
    { Records }: Pick<SQSEvent, 'Records'>,
    context: Pick<Context, 'awsRequestId' | 'getRemainingTimeInMillis'>,
  ) => {
    const own = withRequest(services, 'discard-items', context.awsRequestId);
    const hasTime = () => context.getRemainingTimeInMillis() > RESERVE;
    for (const { body } of Records) {
      await discardItems(own, toDiscard.parse(JSON.parse(body)), hasTime);
    }
  };
}

export const handler = onLambda(() => {
  const closingRecords = openTable(setting('CLOSING_RECORDS_TABLE_NAME'), { random: Math.random });
  return build({
    ...withCalendar(servicesFromEnvironment()),
    discard: openQueue(setting('DISCARDING_QUEUE_URL')),
    keepClosingRecord: (record) => keepClosingRecord(closingRecords, record),
    sweepAfter: Number(setting('SWEEP_AFTER_SECONDS')) * SECOND,
  });
});
