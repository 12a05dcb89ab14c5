import type { SNSEvent } from 'aws-lambda';
import { recordMailEvent, type MailEvent } from '../domain/mail/record-mail-event.ts';
import type { Log, Services } from '../domain/services.ts';
import { sesEvent } from '../email/ses-events.ts';
import { onLambda, servicesFromEnvironment } from '../environment.ts';

/**
 * Creates the handler of the bounce, complaint and reject events that SES publishes through an SNS topic. If the
 * handler throws an error, SNS delivers the event again.
 */
export function build(services: Services) {
  return async ({ Records }: SNSEvent): Promise<void> => {
    for (const { Sns } of Records) {
      const event = read(Sns.Message, services.log);
      if (event) await recordMailEvent(services, event);
    }
  };
}

/**
 * Returns the mail event that an SNS message contains. If the SNS message contains no mail event, logs a warning and
 * returns undefined. For example, SES sends a plain-text message to test the SNS topic. The function throws no error
 * for such a message, because SNS would then deliver the same message again.
 */
function read(message: string, log: Log): MailEvent | undefined {
  const { data, error } = sesEvent.safeParse(parseJson(message));
  if (error) log.warn('a message from SES is not a mail event', { message: message.slice(0, 200), error });
  return data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

export const handler = onLambda(() => build(servicesFromEnvironment()));
