import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { lambdaLog } from '../aws/lambda-log.ts';
import { openQueue } from '../aws/queue.ts';
import { forwardMails, type ForwardMailsServices } from '../domain/mail/forward-mails.ts';
import { onLambda, setting } from '../environment.ts';
import { mailIn } from '../table/metering/stream.ts';

/**
 * Creates the handler for the stream records of new e-mails. The handler forwards the IDs of the e-mails to the queues
 * from which `send-mail` sends them. When a queue does not accept the IDs, the handler reports the first stream record
 * as failed, and Lambda delivers the whole batch again.
 */
export function build(services: ForwardMailsServices) {
  return async ({ Records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    try {
      await forwardMails(
        services,
        Records.map(({ dynamodb }) => mailIn(dynamodb?.NewImage)),
      );
    } catch (error) {
      services.log.error('e-mails could not be forwarded and are forwarded again', { error });
      return { batchItemFailures: [{ itemIdentifier: Records[0]?.dynamodb?.SequenceNumber ?? '' }] };
    }
    return { batchItemFailures: [] };
  };
}

export const handler = onLambda(() =>
  build({
    log: lambdaLog(),
    lines: { links: openQueue(setting('LINKS_QUEUE_URL')), notices: openQueue(setting('NOTICES_QUEUE_URL')) },
  }),
);
