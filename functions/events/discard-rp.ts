import type { Context, SQSEvent } from 'aws-lambda';
import * as z from 'zod';
import { openDiscardingQueue } from '../aws/discarding-queue.ts';
import { discardRp } from '../domain/discard-rp.ts';
import type { DiscardingServices } from '../domain/remove-rp.ts';
import { SECOND } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';

const message = z.strictObject({ customerId: z.string(), id: z.string() });
/** What a batch of users may take at the end of an invocation. */
const RESERVE = 5 * SECOND;

/**
 * Makes the discarding worker: one message is one RP. What is not done in time goes on with another message, sent before
 * this one is taken off the queue: if the process dies between the two, both come, and the second finds nothing.
 */
export function build(services: DiscardingServices) {
  return async ({ Records }: SQSEvent, context: Pick<Context, 'getRemainingTimeInMillis'>) => {
    for (const { body } of Records) {
      const rp = message.parse(JSON.parse(body));
      const outcome = await discardRp(services, rp, () => context.getRemainingTimeInMillis() > RESERVE);
      if (outcome === 'to-be-continued') await services.discard(rp);
    }
  };
}

export const handler = onLambda(() =>
  build({ ...servicesFromEnvironment(), discard: openDiscardingQueue(setting('DISCARDING_QUEUE_URL')) }),
);
