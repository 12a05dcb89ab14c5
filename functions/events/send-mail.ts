import { Metrics } from '@aws-lambda-powertools/metrics';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { sendMail, type SendMailServices } from '../domain/mail/send-mail.ts';
import { sesMailer } from '../email/ses.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';
import { mailIdIn } from '../table/stream.ts';

/**
 * Creates the handler for the stream records of new e-mails. The handler sends these e-mails one after another. The
 * handler stops at the first e-mail that it cannot send, and reports the stream record of this e-mail as failed. Then
 * Lambda delivers this stream record and all later stream records of the batch again. The handler has already sent and
 * deleted the earlier e-mails, so the handler does not send an earlier e-mail twice.
 *
 * Lambda's metric `Errors` does not count a stream record that the handler reports as failed, and the service itself
 * publishes no metric for unsent e-mails. So only Lambda's metric `IteratorAge`, the age of the stream records, shows
 * the operator that e-mails are not sent.
 */
export function build(services: SendMailServices) {
  return async ({ Records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    for (const record of Records) {
      // The stream record supplies only the ID of the e-mail. `sendMail` reads the e-mail from the table, so `sendMail`
      // does not send again an e-mail that was already sent and deleted.
      const mailId = mailIdIn(record.dynamodb?.Keys);
      try {
        await sendMail(services, mailId);
      } catch (error) {
        services.log.error('an e-mail could not be sent and is tried again', { mailId, error });
        return { batchItemFailures: [{ itemIdentifier: record.dynamodb?.SequenceNumber ?? '' }] };
      }
    }
    return { batchItemFailures: [] };
  };
}

export const handler = onLambda(() =>
  build({
    ...servicesFromEnvironment(),
    timeZone: setting('TIME_ZONE'),
    contact: setting('CONTACT'),
    metrics: metricsOf(new Metrics()),
    mailer: sesMailer({ sender: setting('SENDER'), configurationSet: setting('CONFIGURATION_SET') }),
  }),
);
