import {
  MessageRejected,
  SendEmailCommand,
  SESClient,
  SESServiceException,
  type SESClientConfig,
} from '@aws-sdk/client-ses';
import { isThrottlingError } from '@smithy/core/retry';
import { MailRejectedError, MailThrottledError, type Mailer, type Message } from './mailer.ts';

/** Whom e-mails are from, and the configuration set by which SES tells what becomes of them. */
export interface SesSettings {
  /** The address alone, such as `no-reply@example.com`. */
  readonly sender: string;
  readonly configurationSet: string;
}

/**
 * Gives the mailer that sends through SES. A call is tried twice, each time for at most 6 seconds: SES may have accepted an e-mail whose answer came too late, which is then
 * sent again, so that the time is generous and the tries are few.
 */
export function sesMailer(settings: SesSettings, config: SESClientConfig = {}): Mailer {
  const client = new SESClient({
    maxAttempts: 2,
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 5_000, throwOnRequestTimeout: true },
    ...config,
  });
  return { send: (message) => sendEmail({ client, ...settings }, message) };
}

type SdkError = Parameters<typeof isThrottlingError>[0];
/** What mailboxes show in place of the address. Not in quotes: these are atoms of RFC 5322, and letters and digits of ASCII only. */
const DISPLAY_NAME = 'FIDO2 Server Service';
const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

/** Sends one e-mail and gives its message ID. Throws `MailRejectedError` when SES refuses it for what it is, `MailThrottledError`. */
export async function sendEmail(
  { client, sender, configurationSet }: SesSettings & { client: SESClient },
  { to, subject, text, html, tags = {} }: Message,
): Promise<string> {
  try {
    const { MessageId } = await client.send(
      new SendEmailCommand({
        // IAM's `ses:FromAddress` compares what is between the brackets.
        Source: `${DISPLAY_NAME} <${sender}>`,
        ConfigurationSetName: configurationSet,
        Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
        Destination: { ToAddresses: [to] },
        Message: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } },
      }),
    );
    return MessageId ?? '';
  } catch (error) {
    if (isForGood(error)) throw new MailRejectedError('SES refused the e-mail', { cause: error });
    if (error instanceof SESServiceException && isThrottlingError(error as SdkError)) {
      throw new MailThrottledError('SES accepts no more e-mails at the moment', { cause: error });
    }
    throw error;
  }
}

/**
 * Whether SES refused this one e-mail: an address that it takes for none, or one that it may not send to. Everything
 * else, also a paused account or missing rights, concerns all e-mails and is over one day. SES documents
 * `InvalidParameterValue`, the SDK has no class for it.
 */
function isForGood(error: unknown): boolean {
  return (
    error instanceof MessageRejected || (error instanceof SESServiceException && error.name === 'InvalidParameterValue')
  );
}
