import { inspect } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import type { MailMessage } from '../../functions/domain/mail/forward-mails.ts';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import type { Mailer } from '../../functions/email/mailer.ts';
import { build as buildForwardMails } from '../../functions/events/forward-mails.ts';
import { build, handler } from '../../functions/events/send-mail.ts';
import { deleteMail, putMail } from '../../functions/table/mails.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import { mailServices, tokenIn } from '../support/mail-services.ts';
import { streamRecords } from '../support/metering/stream-records.ts';

type Message = Parameters<ReturnType<typeof build>>[0]['Records'][number];

let table: TestTable['table'];
let streamArn: string;
let mail: ReturnType<typeof mailServices>;
/** The messages that were forwarded to each queue. */
let links: MailMessage[];
let notices: MailMessage[];
beforeEach(async () => {
  ({ table, streamArn } = await openTestTable());
  mail = mailServices(table);
  links = [];
  notices = [];
});

const addresses = ['alice@example.com', 'bob@example.com', 'carol@example.com'];
async function signUpAll(): Promise<void> {
  for (const email of addresses) {
    const customer = { name: 'Example Corporation' };
    await signUpCustomer(mail.services, { customer, representative: { name: 'Alice Arai', email } }, '192.0.2.1');
  }
}
/** Creates the function `forward-mails` with two lists in place of the queues. */
const forwarder = () =>
  buildForwardMails({
    lines: {
      links: (messages) => Promise.resolve(void links.push(...messages)),
      notices: (messages) => Promise.resolve(void notices.push(...messages)),
    },
    webhooks: () => Promise.reject(new Error('There are no events for webhooks.')),
    log: mail.services.log,
  });
/** Signs up a customer for each address. Returns the queue's messages about the e-mails to these addresses. */
async function signUps(): Promise<Message[]> {
  await signUpAll();
  await forwarder()({ Records: await streamRecords(streamArn, 'mails') });
  return links.map((message, index) => ({ messageId: `message-${index}`, body: JSON.stringify(message) }) as Message);
}
const sender = (services = mail.services) => build({ ...services, pause: 0 });
const sentTo = () => mail.outbox.map(({ to }) => to);

it('the function forward-mails forwards the IDs of links and of notices to separate queues', async () => {
  await signUpAll();
  const changed = { customerName: 'Example', oldName: 'Alice', newName: 'Bob', changedBy: 'Carol' };
  const to = 'alice@example.com';
  const [notice, ttl] = newMail({ template: 'representative-changed', to, customerId: 'cus_1', ...changed }, 0, 'r-1');
  await putMail(table, notice, ttl);
  const Records = await streamRecords(streamArn, 'mails');

  expect(await forwarder()({ Records })).toEqual({ batchItemFailures: [] });
  expect(links).toHaveLength(3);
  expect(links.every(({ mailId }) => /^mail_[0-9a-z]{20}$/.test(mailId))).toBe(true);
  expect(notices).toEqual([{ mailId: notice.mailId, requestId: 'r-1' }]);
});

it('the function forward-mails logs each e-mail with the ID of the request that caused it', async () => {
  const [link, ttl] = newMail({ template: 'sign-in', to: 'alice@example.com' }, 0, 'r-2');
  await putMail(table, link, ttl);
  await forwarder()({ Records: await streamRecords(streamArn, 'mails') });

  const { mailId } = link;
  expect(mail.lines).toEqual([{ message: 'an e-mail was forwarded', mailId, requestId: 'r-2', template: 'sign-in' }]);
});

it('the function forward-mails reports the batch as failed if a queue does not accept the IDs', async () => {
  await signUpAll();
  const Records = await streamRecords(streamArn, 'mails');
  const refuse = () => Promise.reject(new Error('Service Unavailable'));
  const lines = { links: refuse, notices: refuse };

  expect(await buildForwardMails({ lines, webhooks: refuse, log: mail.services.log })({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: Records[0]?.dynamodb?.SequenceNumber }],
  });
});

it('the function send-mail sends e-mails in the order of their messages', async () => {
  const Records = await signUps();

  expect(await sender()({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses);
});

it('the function send-mail sends nothing if the queue repeats messages after their e-mails were sent', async () => {
  const Records = await signUps();
  await sender()({ Records });

  expect(await sender()({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses);
});

it('the function send-mail reports only the messages whose e-mails fail, so that the queue repeats these messages', async () => {
  const Records = await signUps();
  const { mailer } = mail.services;
  const failing: Mailer = {
    send: (message) =>
      message.to === 'bob@example.com' ? Promise.reject(new Error('Service Unavailable')) : mailer.send(message),
  };

  expect(await sender({ ...mail.services, mailer: failing })({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: Records[1]?.messageId }],
  });
  expect(sentTo()).toEqual(['alice@example.com', 'carol@example.com']);
  expect(mail.metrics).toEqual([['FailedMails', 1]]);

  expect(await sender()({ Records: Records.slice(1, 2) })).toEqual({ batchItemFailures: [] });
  expect(sentTo().sort()).toEqual(addresses);
});

it('the function send-mail pauses after each e-mail that SES accepts, but not after an e-mail that is not sent', async () => {
  const Records = await signUps();
  const started = performance.now();
  await build({ ...mail.services, pause: 50 })({ Records });
  const ended = performance.now();
  await build({ ...mail.services, pause: 10_000 })({ Records });

  expect(ended - started).toBeGreaterThanOrEqual(3 * 50 - 5);
  expect(performance.now() - ended).toBeLessThan(10_000);
});

it('the function send-mail sends each e-mail once or twice when the queue delivers messages twice at the same time', async () => {
  const Records = await signUps();

  const answers = await Promise.all([sender()({ Records }), sender()({ Records })]);
  expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect([...new Set(sentTo())].sort()).toEqual(addresses);
  expect(mail.outbox.length).toBeLessThanOrEqual(2 * addresses.length);
});

it('the function send-mail sends an e-mail whose message an earlier release sent', async () => {
  await signUps();
  const Records = links.map(({ mailId }) => ({ messageId: mailId, body: JSON.stringify(mailId) }) as Message);

  expect(await sender()({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses);
});

it('the function send-mail skips an e-mail whose item was deleted', async () => {
  const Records = await signUps();
  await deleteMail(table, links[0]?.mailId ?? '');

  expect(await sender()({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses.slice(1));
});

it('the function send-mail logs the IDs of a failed e-mail and its request, and the reason, but no token', async () => {
  mail.services = { ...mail.services, requestId: 'r-3' };
  const Records = await signUps();
  const failing: Mailer = {
    send: (message) => {
      mail.outbox.push(message);
      return Promise.reject(new Error('Service Unavailable'));
    },
  };
  await sender({ ...mail.services, mailer: failing })({ Records });

  const logged = inspect(mail.lines, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
  const [message] = mail.outbox;
  expect(mail.lines).toContainEqual(
    expect.objectContaining({
      message: 'an e-mail could not be sent and is tried again',
      mailId: links[0]?.mailId,
      requestId: 'r-3',
    }),
  );
  expect(logged).toContain('Service Unavailable');
  expect(logged).not.toContain(message && tokenIn(message).slice('lnk_'.length));
  expect(logged).not.toContain('token=');
});

it('the handler of send-mail throws when it runs without its environment variables, but not when it is imported', () => {
  expect(() => handler({ Records: [] })).toThrow('The environment variable NOTICES_QUEUE_URL is not set.');
});
