import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { lambdaLog } from '../aws/lambda-log.ts';
import { openQueue } from '../aws/queue.ts';
import { forwardMails, type ForwardMailsServices } from '../domain/mail/forward-mails.ts';
import { forwardDeliveries, type ForwardDeliveriesServices } from '../domain/webhooks/forward-deliveries.ts';
import { onLambda, setting } from '../environment.ts';
import { mailIn, webhookDeliveryIn } from '../table/metering/stream.ts';

/**
 * Creates the handler for the stream records of new e-mails and of new events for webhooks. The handler forwards the
 * IDs of the e-mails to the queues from which `send-mail` sends them, and the IDs of the events to the queue from which
 * `deliver-webhooks` delivers them. When a queue does not accept the IDs, the handler reports the first stream record
 * as failed, and Lambda delivers the whole batch again.
 */
export function build(services: ForwardMailsServices & ForwardDeliveriesServices) {
  return async ({ Records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    try {
      const items = Records.map(({ dynamodb }) => dynamodb?.NewImage);
      const mails = items.filter((item) => !webhookDeliveryIn(item)).map(mailIn);
      const deliveries = items.flatMap((item) => webhookDeliveryIn(item) ?? []);
      await Promise.all([forwardMails(services, mails), forwardDeliveries(services, deliveries)]);
    } catch (error) {
      services.log.error('e-mails or events could not be forwarded and are forwarded again', { error });
      return { batchItemFailures: [{ itemIdentifier: Records[0]?.dynamodb?.SequenceNumber ?? '' }] };
    }
    return { batchItemFailures: [] };
  };
}

export const handler = onLambda(() =>
  build({
    log: lambdaLog(),
    lines: { links: openQueue(setting('LINKS_QUEUE_URL')), notices: openQueue(setting('NOTICES_QUEUE_URL')) },
    webhooks: openQueue(setting('WEBHOOKS_QUEUE_URL')),
  }),
);
