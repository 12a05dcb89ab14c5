import type { SNSEvent } from 'aws-lambda';
import { recordMailEvent, type MailEvent } from '../domain/mail/record-mail-event.ts';
import type { Log, Services } from '../domain/services.ts';
import { sesEvent } from '../email/ses-events.ts';
import { onLambda, servicesFromEnvironment } from '../environment.ts';

/** Makes what takes SES's events of bounces, complaints and rejects from their topic. One that fails comes again. */
export function build(services: Services) {
  return async ({ Records }: SNSEvent): Promise<void> => {
    for (const { Sns } of Records) {
      const event = read(Sns.Message, services.log);
      if (event) await recordMailEvent(services, event);
    }
  };
}

/** What is no event would be none the next time either: SES also says in plain text that it reached the topic. */
function read(message: string, log: Log): MailEvent | undefined {
  const { data, error } = sesEvent.safeParse(parseJson(message));
  if (error) log.warn('a message of SES is no event', { message: message.slice(0, 200), error });
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
