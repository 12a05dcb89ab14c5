import { inspect } from 'node:util';
import { beforeEach, expect, it } from 'vitest';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import type { Mailer } from '../../functions/email/mailer.ts';
import { build, handler } from '../../functions/events/send-mail.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import { mailServices, tokenIn } from '../support/mail-services.ts';
import { streamRecords } from '../support/stream-records.ts';

let table: TestTable['table'];
let streamArn: string;
let mail: ReturnType<typeof mailServices>;
beforeEach(async () => {
  ({ table, streamArn } = await openTestTable());
  mail = mailServices(table);
});

const addresses = ['alice@example.com', 'bob@example.com', 'carol@example.com'];
/** Signs up a customer for each address. Returns the stream records of the e-mails to these addresses. */
async function signUps() {
  for (const email of addresses) {
    await signUpCustomer(mail.services, {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    });
  }
  return streamRecords(streamArn, 'mails');
}
const sentTo = () => mail.outbox.map(({ to }) => to);

it('the function send-mail sends e-mails in the order of their stream records', async () => {
  const Records = await signUps();

  expect(await build(mail.services)({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses);
});

it('the function send-mail sends nothing if Lambda repeats a batch after all of its e-mails were sent', async () => {
  const Records = await signUps();
  await build(mail.services)({ Records });

  expect(await build(mail.services)({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses);
});

it('the function send-mail stops at the first e-mail that fails, so that Lambda retries from that e-mail on', async () => {
  const Records = await signUps();
  const { mailer } = mail.services;
  const failing: Mailer = {
    send: (message) =>
      message.to === 'bob@example.com' ? Promise.reject(new Error('Service Unavailable')) : mailer.send(message),
  };

  const failed = Records[1]?.dynamodb?.SequenceNumber;
  expect(failed).toMatch(/^\d+$/);
  expect(await build({ ...mail.services, mailer: failing })({ Records })).toEqual({
    batchItemFailures: [{ itemIdentifier: failed }],
  });
  expect(sentTo()).toEqual(['alice@example.com']);

  expect(await build(mail.services)({ Records: Records.slice(1) })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses);
});

it('the function send-mail sends each e-mail once or twice when Lambda delivers a batch twice at the same time', async () => {
  const Records = await signUps();

  const answers = await Promise.all([build(mail.services)({ Records }), build(mail.services)({ Records })]);
  expect(answers).toEqual([{ batchItemFailures: [] }, { batchItemFailures: [] }]);
  expect([...new Set(sentTo())].sort()).toEqual(addresses);
  expect(mail.outbox.length).toBeLessThanOrEqual(2 * addresses.length);
  await build(mail.services)({ Records });
  expect(mail.outbox.length).toBeLessThanOrEqual(2 * addresses.length);
});

it('the function send-mail skips an e-mail whose item was deleted', async () => {
  const Records = await signUps();
  await deleteMail(table, Records[0]?.dynamodb?.NewImage?.['mailId']?.S ?? '');

  expect(await build(mail.services)({ Records })).toEqual({ batchItemFailures: [] });
  expect(sentTo()).toEqual(addresses.slice(1));
});

it('the function send-mail logs the ID of a failed e-mail and the reason, but no token', async () => {
  const Records = await signUps();
  const failing: Mailer = {
    send: (message) => {
      mail.outbox.push(message);
      return Promise.reject(new Error('Service Unavailable'));
    },
  };
  await build({ ...mail.services, mailer: failing })({ Records });

  const logged = inspect(mail.lines, { depth: Infinity, showHidden: true, maxStringLength: Infinity });
  const [message] = mail.outbox;
  expect(logged).toContain(Records[0]?.dynamodb?.NewImage?.['mailId']?.S);
  expect(logged).toContain('Service Unavailable');
  expect(logged).not.toContain(message && tokenIn(message).slice('lnk_'.length));
  expect(logged).not.toContain('token=');
});

it('the handler of send-mail throws when it runs without its environment variables, but not when it is imported', () => {
  expect(() => handler({ Records: [] })).toThrow('The environment variable TABLE_NAME is not set.');
});
