import { Metrics } from '@aws-lambda-powertools/metrics';
import type { DynamoDBBatchResponse, DynamoDBStreamEvent } from 'aws-lambda';
import { metricsOf } from '../aws/metrics.ts';
import { sendMail, type SendMailServices } from '../domain/mail/send-mail.ts';
import { sesMailer } from '../email/ses.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';
import { mailIdIn } from '../table/stream.ts';

/**
 * Makes the handler that is woken by new e-mails on the table's stream and sends them one after the other. It stops at the
 * first that fails and names it: Lambda delivers that record and all behind it again, so that going on would only have
 * the rest sent later or looked at twice. Those in front of it were sent and deleted, so they would not be sent again either.
 * To Lambda such an answer is no error of the function: that e-mails wait shows in the age of its records.
 */
export function build(services: SendMailServices) {
  return async ({ Records }: Pick<DynamoDBStreamEvent, 'Records'>): Promise<DynamoDBBatchResponse> => {
    for (const record of Records) {
      // Only the ID: the e-mail itself is read from the table, where it is no more once it was sent.
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
