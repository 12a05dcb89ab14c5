import { setTimeout as sleep } from 'node:timers/promises';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { openMetrics } from '../aws/metrics.ts';
import { openQueue } from '../aws/queue.ts';
import type { MailMessage } from '../domain/mail/forward-mails.ts';
import { sendMail, type SendMailServices } from '../domain/mail/send-mail.ts';
import { sesMailer } from '../email/ses.ts';
import { onLambda, servicesFromEnvironment, setting } from '../environment.ts';
import { pauseAfterSending } from './mail-queues.ts';

/**
 * Creates the handler for the messages of the queues of e-mails. The handler sends the e-mails one after another, and
 * pauses after each e-mail that SES has accepted. `pause` is the length of the pause in milliseconds. When an e-mail
 * fails, the handler reports its message as failed, and the queue delivers the message again.
 *
 * Lambda's metric `Errors` does not count a message that the handler reports as failed. SQS leaves a message out of the
 * age of the oldest message once it was received three times. So the handler adds each failure to the metric
 * `FailedMails`, which shows the operator that e-mails are not sent.
 */
export function build(services: SendMailServices & { readonly pause: number }) {
  return async ({ Records }: Pick<SQSEvent, 'Records'>): Promise<SQSBatchResponse> => {
    const batchItemFailures = [];
    for (const record of Records) {
      const { mailId, requestId } = messageIn(record.body);
      try {
        if ((await sendMail(services, mailId)) === 'sent') await sleep(services.pause);
      } catch (error) {
        services.log.error('an e-mail could not be sent and is tried again', { mailId, requestId, error });
        services.metrics.add('FailedMails', 1);
        batchItemFailures.push({ itemIdentifier: record.messageId });
      }
    }
    return { batchItemFailures };
  };
}

/** Parses the body of a message. An earlier release sent only the ID of the e-mail. */
function messageIn(body: string): MailMessage {
  const message = JSON.parse(body) as MailMessage | string;
  return typeof message === 'string' ? { mailId: message } : message;
}

export const handler = onLambda(() => {
  const toNotices = openQueue(setting('NOTICES_QUEUE_URL'));
  return build({
    ...servicesFromEnvironment(),
    timeZone: setting('TIME_ZONE'),
    contact: setting('CONTACT'),
    metrics: openMetrics(),
    mailer: sesMailer({ sender: setting('SENDER'), configurationSet: setting('CONFIGURATION_SET') }),
    postpone: (mailId, delay) => toNotices([{ mailId }], delay),
    pause: pauseAfterSending(Number(setting('EMAILS_PER_SECOND'))),
  });
});
