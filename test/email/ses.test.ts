import { once } from 'node:events';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AccountSendingPausedException, MessageRejected, SendEmailCommand, SESClient } from '@aws-sdk/client-ses';
import 'aws-sdk-client-mock-vitest/extend';
import { mockClient } from 'aws-sdk-client-mock';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { MailRejectedError, MailThrottledError } from '../../functions/email/mailer.ts';
import { sendEmail, sesMailer } from '../../functions/email/ses.ts';

const message = { to: 'alice@example.com', subject: 'Sign in', text: 'Täglich', html: '<p>Täglich</p>' };
const settings = { sender: 'no-reply@example.com', configurationSet: 'service-events' };

describe('sendEmail', () => {
  const client = new SESClient({ region: 'us-east-1' });
  const ses = mockClient(client);
  const thrown = { $metadata: {}, message: 'Email address is not verified' };

  it('sends the text and the HTML in UTF-8, with the name of the service as the sender', async () => {
    ses.reset();
    ses.on(SendEmailCommand).resolves({ MessageId: '0100018c' });

    expect(await sendEmail({ client, ...settings }, message)).toBe('0100018c');
    expect(ses.commandCalls(SendEmailCommand).map(({ args }) => args[0].input)).toEqual([
      {
        Source: 'FIDO2 Server Service <no-reply@example.com>',
        ConfigurationSetName: settings.configurationSet,
        Tags: [],
        Destination: { ToAddresses: ['alice@example.com'] },
        Message: {
          Subject: { Data: 'Sign in', Charset: 'UTF-8' },
          Body: { Text: { Data: 'Täglich', Charset: 'UTF-8' }, Html: { Data: '<p>Täglich</p>', Charset: 'UTF-8' } },
        },
      },
    ]);
  });

  it('passes the tags of the e-mail to SES', async () => {
    ses.reset();
    ses.on(SendEmailCommand).resolves({ MessageId: '0100018c' });

    await sendEmail({ client, ...settings }, { ...message, tags: { customerId: 'cus_a', month: '2026-11' } });
    expect(ses.commandCalls(SendEmailCommand)[0]?.args[0].input).toMatchObject({
      Tags: [
        { Name: 'customerId', Value: 'cus_a' },
        { Name: 'month', Value: '2026-11' },
      ],
    });
  });

  it.each([
    ['the recipient', 'alice@example.com', true],
    ['the sender', `FIDO2 Server Service <${settings.sender}>, ${settings.sender}`, false],
    ['a recipient whose address ends like that of the sender', `x${settings.sender}`, true],
    ['both', `${settings.sender}, alice@example.com`, false],
  ])('treats an address that is not verified, %s, as permanent: %s: %s', async (_, identities, isPermanent) => {
    ses.reset();
    const reason = `Email address is not verified. The following identities failed the check in region US-EAST-1: ${identities}`;
    ses.on(SendEmailCommand).rejects(new MessageRejected({ $metadata: {}, message: reason }));

    const error: unknown = await sendEmail({ client, ...settings }, message).catch((thrown: unknown) => thrown);
    expect(error instanceof MailRejectedError).toBe(isPermanent);
  });

  it('throws MailRejectedError if SES rejects the message, but not if SES has paused the account', async () => {
    ses.reset();
    ses
      .on(SendEmailCommand)
      .rejectsOnce(new MessageRejected(thrown))
      .rejectsOnce(new AccountSendingPausedException(thrown));

    await expect(sendEmail({ client, ...settings }, message)).rejects.toThrow(MailRejectedError);
    await expect(sendEmail({ client, ...settings }, message)).rejects.toThrow(AccountSendingPausedException);
  });
});

describe('sesMailer', () => {
  /** Starts an HTTP server that responds to the SDK in place of SES. Returns the URL of the server. */
  async function serve(answer: RequestListener): Promise<string> {
    const server = createServer(answer).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  }
  const refusal =
    (status: number, code: string): RequestListener =>
    (_, response) => {
      response.writeHead(status, { 'content-type': 'text/xml' });
      response.end(
        `<ErrorResponse xmlns="http://ses.amazonaws.com/doc/2010-12-01/"><Error><Type>Sender</Type><Code>${code}</Code>` +
          `<Message>Local address contains control or whitespace</Message></Error><RequestId>1</RequestId></ErrorResponse>`,
      );
    };
  const config = (endpoint: string) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  });

  it.each(['InvalidParameterValue', 'MessageRejected'])(
    'treats the SES error %s as a permanent refusal of the e-mail',
    async (code) => {
      const mailer = sesMailer(settings, config(await serve(refusal(400, code))));

      await expect(mailer.send(message)).rejects.toThrow(MailRejectedError);
    },
  );

  it.each([
    [400, 'Throttling'],
    [403, 'AccessDenied'],
    [503, 'ServiceUnavailable'],
  ])('treats the SES response %i %s as a temporary error', async (status, code) => {
    const mailer = sesMailer(settings, config(await serve(refusal(status, code))));

    await expect(mailer.send(message)).rejects.toSatisfy((error) => !(error instanceof MailRejectedError));
  });

  it('throws MailThrottledError for the SES error Throttling', async () => {
    const mailer = sesMailer(settings, config(await serve(refusal(400, 'Throttling'))));

    await expect(mailer.send(message)).rejects.toThrow(MailThrottledError);
  });

  it('gives up within 13 seconds if SES does not respond', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => {
      vi.useRealTimers();
    });
    const endpoint = await serve(() => undefined);
    const outcome = sesMailer(settings, config(endpoint))
      .send(message)
      .then(
        () => 'sent',
        () => 'gave up',
      );

    const clock = (async () => {
      for (let waited = 0; waited < 13_000; waited += 100) {
        await vi.advanceTimersByTimeAsync(100);
        await new Promise(setImmediate);
      }
      return 'still waiting';
    })();
    expect(await Promise.race([outcome, clock])).toBe('gave up');
  });
});
