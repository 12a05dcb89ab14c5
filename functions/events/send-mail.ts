import { Metrics } from '@aws-lambda-powertools/metrics';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { sendMail, type SendMailServices } from '../domain/mail/send-mail.ts';
import { sesMailer } from '../email/ses.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';
import { mailIdIn } from '../table/stream.ts';

/**
 * Creates the handler for the stream records of new e-mails. The handler sends these e-mails one after another. The
 * handler stops at the first e-mail that fails and returns the record of this e-mail as failed: Lambda delivers this
 * record and all later records again, so the handler leaves the later e-mails to the retry. The earlier e-mails were
 * sent and deleted, so the retry does not send them again.
 *
 * Lambda does not count a result with a failed record as an error of the function. The operator can notice a backlog of
 * e-mails only by Lambda's metric `IteratorAge`, the age of the stream records; the service itself writes no metric for
 * a backlog.
 */
export function build(services: SendMailServices) {
  return async ({ Records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    for (const record of Records) {
      // The record provides only the ID of the e-mail. `sendMail` reads the e-mail from the table, which does not
      // contain an e-mail that was already sent.
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
