import {
  MessageRejected,
  SendEmailCommand,
  SESClient,
  SESServiceException,
  type SESClientConfig,
} from '@aws-sdk/client-ses';
import { isThrottlingError } from '@smithy/core/retry';
import { MailRejectedError, MailThrottledError, type Mailer, type Message } from './mailer.ts';

/** The sender of all e-mails, and the configuration set that makes SES report bounces, complaints and rejects. */
export interface SesSettings {
  /** The sender's e-mail address without a display name, such as `no-reply@example.com`. */
  readonly sender: string;
  readonly configurationSet: string;
}

/**
 * Returns a mailer that sends through SES. The mailer calls SES at most twice for each e-mail, with a time-out of 6
 * seconds for each call. If SES accepts an e-mail but responds only after the time-out, the second call sends the
 * e-mail again. To make this rare, the time-out is long, and the mailer makes at most two calls.
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
/**
 * The sender's name, which mail clients show instead of the sender's address. The name needs no quotes in the e-mail's
 * header, because the name consists of RFC 5322 atoms in ASCII.
 */
const DISPLAY_NAME = 'FIDO2 Server Service';
const utf8 = (Data: string) => ({ Data, Charset: 'UTF-8' });

/**
 * Sends one e-mail and returns its message ID. Throws `MailRejectedError` or `MailThrottledError`, as `Mailer.send`
 * does.
 */
export async function sendEmail(
  { client, sender, configurationSet }: SesSettings & { client: SESClient },
  { to, subject, text, html, tags = {} }: Message,
): Promise<string> {
  try {
    const { MessageId } = await client.send(
      new SendEmailCommand({
        // The IAM condition key `ses:FromAddress` contains only the address, so the permission to send does not depend
        // on the display name.
        Source: `${DISPLAY_NAME} <${sender}>`,
        ConfigurationSetName: configurationSet,
        Tags: Object.entries(tags).map(([Name, Value]) => ({ Name, Value })),
        Destination: { ToAddresses: [to] },
        Message: { Subject: utf8(subject), Body: { Text: utf8(text), Html: utf8(html) } },
      }),
    );
    return MessageId ?? '';
  } catch (error) {
    if (isPermanent(error, sender)) throw new MailRejectedError('SES refused the e-mail', { cause: error });
    if (error instanceof SESServiceException && isThrottlingError(error as SdkError)) {
      throw new MailThrottledError('SES accepts no more e-mails at the moment', { cause: error });
    }
    throw error;
  }
}

/**
 * Returns whether an error means that SES permanently refuses this e-mail but accepts other e-mails: the recipient's
 * address is malformed, or SES is not allowed to send to the address. All other errors, such as a paused account,
 * missing permissions or a sender that is not verified yet, affect every e-mail and are temporary.
 *
 * SES names the addresses that are not verified only in the message of the error ("Amazon SES email sending errors",
 * Amazon SES Developer Guide). SES documents the error `InvalidParameterValue`, but the SDK has no class for this
 * error, so the function compares the error's name.
 */
function isPermanent(error: unknown, sender: string): boolean {
  if (error instanceof MessageRejected) {
    const addresses = error.message.split(/[\s,<>]+/);
    return !(/not verified/i.test(error.message) && addresses.includes(sender));
  }
  return error instanceof SESServiceException && error.name === 'InvalidParameterValue';
}
