import { beforeEach, describe, expect, it } from 'vitest';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import { sendMail } from '../../functions/domain/mail/send-mail.ts';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { readEmail } from '../../functions/table/emails.ts';
import { putMail } from '../../functions/table/mails.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import { mailServices, waitingMails } from '../support/mail-services.ts';
import { failWrite, InjectedFault } from '../support/table-faults.ts';

const [alice, bob] = ['alice@example.com', 'bob@example.com'];
let table: TestTable['table'];
let dump: TestTable['dump'];
let mail: ReturnType<typeof mailServices>;
let customerId: string;
beforeEach(async () => {
  ({ table, dump } = await openTestTable());
  mail = mailServices(table);
  customerId = await signUp(alice);
});

async function signUp(email: string): Promise<string> {
  const customer = { name: 'Example Corporation' };
  await signUpCustomer(mail.services, { customer, representative: { name: 'Alice Arai', email } }, '192.0.2.1');
  await sendWaiting();
  mail.outbox.length = 0;
  return (await readEmail(table, email))?.customerId ?? '';
}
const { waiting, sendWaiting } = waitingMails(() => ({ dump, mail }));

async function leave(made: Parameters<typeof newMail>[0]): Promise<string> {
  const [stored, ttl] = newMail(made, mail.clock.now(), undefined);
  await putMail(table, stored, ttl);
  return stored.mailId;
}
const changed = { customerName: 'Example Corporation', oldName: 'Alice', newName: 'Bob', changedBy: 'Carol' };
const notice = (to = alice, of = customerId) =>
  leave({ template: 'representative-changed', to, customerId: of, ...changed });
const added = { customerName: 'Example Corporation', name: 'Alice', passkeyName: 'Phone', addedAt: 0 };
const passkeyNotice = (holdUntil?: number) =>
  leave({
    ...{ template: 'passkey-added', to: alice, customerId, ...added },
    ...{ holdUntil, isOwn: true, isRepresentatives: true },
  });
const send = (mailId: string) => sendMail(mail.services, mailId);

async function sendNotices(number: number, of = customerId): Promise<void> {
  for (let times = 0; times < number; times += 1) await send(await notice(alice, of));
}
/** Sends the e-mails that wait, after the current window has ended. */
async function endWindow(): Promise<void> {
  mail.outbox.length = 0;
  mail.clock.time += HOUR + MINUTE;
  await sendWaiting();
}

describe('the notices of a customer', () => {
  it('are sent one by one up to 60 in an hour, and further ones are combined into one e-mail per recipient', async () => {
    await sendNotices(60);
    expect(mail.outbox).toHaveLength(60);
    await sendNotices(3);
    await send(await passkeyNotice());
    await send(await notice(bob));
    expect(mail.outbox).toHaveLength(60);
    expect(mail.metrics.filter(([name]) => name === 'CombinedNotices')).toHaveLength(5);

    await endWindow();
    expect(mail.outbox.map(({ to }) => to).sort()).toEqual([alice, bob]);
    const text = mail.outbox.find(({ to }) => to === alice)?.text ?? '';
    expect(text).toContain('“Example Corporation”');
    expect(text).toContain('the further notices to you (4):');
    expect(text).toContain('The representative was changed: 3 ×');
    expect(text).toContain('A passkey was added: 1 ×');
    expect(await waiting()).toEqual([]);
  });

  it('that are combined are not sent before the window has ended', async () => {
    await sendNotices(61);
    const [combined = ''] = await waiting();
    mail.clock.time += 59 * MINUTE;

    expect(await send(combined)).toBe('postponed');
    expect(mail.postponed).toEqual([[combined, 2 * MINUTE]]);
    expect(mail.outbox).toHaveLength(60);
  });

  it('are sent one by one again in the next window', async () => {
    await sendNotices(61);
    await endWindow();

    await sendNotices(1);
    expect(mail.outbox.at(-1)?.subject).toContain('representative');
  });

  it('count separately from the notices of another customer', async () => {
    const other = await signUp('other@example.com');
    await sendNotices(61);
    mail.outbox.length = 0;

    await sendNotices(1, other);
    expect(mail.outbox).toHaveLength(1);
  });

  it('do not include the notice about a recovery, the confirmation of unsubscribing and links', async () => {
    await sendNotices(61);
    mail.outbox.length = 0;
    const unsubscribed = { template: 'unsubscribed', to: alice, customerId, customerName: 'Example' } as const;

    expect(await send(await passkeyNotice(1))).toBe('sent');
    expect(await send(await leave({ ...unsubscribed, discarded: {} }))).toBe('sent');
    expect(await send(await leave({ template: 'sign-in', to: alice }))).toBe('sent');
  });

  it('are sent exactly 60 times when 70 are sent at the same time, and the others are all combined', async () => {
    const mailIds = await Promise.all(Array.from({ length: 70 }, () => notice()));
    await Promise.all(mailIds.map(send));
    expect(mail.outbox).toHaveLength(60);

    await endWindow();
    expect(mail.outbox.map(({ text }) => text).join()).toContain('the further notices to you (10):');
  });

  it('count once, no matter how often SES fails', async () => {
    await sendNotices(59);
    const mailId = await notice();
    const failing = { send: () => Promise.reject(new Error('Service Unavailable')) };
    for (let tries = 0; tries < 3; tries += 1)
      await expect(sendMail({ ...mail.services, mailer: failing }, mailId)).rejects.toThrow('Service Unavailable');

    expect(await send(mailId)).toBe('sent');
    expect(mail.outbox).toHaveLength(60);
  });

  it.each(['before', 'after'] as const)(
    'are neither lost nor combined twice if the process dies %s a notice is combined',
    async (when) => {
      await sendNotices(60);
      const mailId = await notice();
      failWrite(table, 1, when);

      await expect(send(mailId)).rejects.toThrow(InjectedFault);
      await send(mailId);
      await send(mailId);
      await endWindow();
      expect(mail.outbox).toHaveLength(1);
      expect(mail.outbox[0]?.text).toContain('the further notices to you (1):');
    },
  );
});

describe('the links of a customer', () => {
  it('are sent up to 100 times to all addresses together', async () => {
    let sent = 0;
    for (let person = 0; person < 26; person += 1) {
      const to = `person-${person}@example.com`;
      await signUp(to);
      for (let link = 0; link < 4; link += 1) {
        if ((await send(await leave({ template: 'activation', to, customerId: 'cus_a' }))) === 'sent') sent += 1;
      }
    }

    expect(sent).toBe(100);
  });
});
