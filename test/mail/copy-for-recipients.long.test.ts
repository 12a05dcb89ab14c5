import { beforeEach, describe, expect, it } from 'vitest';
import { signUpCustomer } from '../../functions/domain/customers/sign-up-customer.ts';
import { newMail } from '../../functions/domain/mail/new-mail.ts';
import { sendMail } from '../../functions/domain/mail/send-mail.ts';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import { putAdministrator, type Administrator } from '../../functions/table/administrators.ts';
import { startUnsubscribing } from '../../functions/table/customers/customer-status.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { readEmail } from '../../functions/table/emails.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { putMail } from '../../functions/table/mails.ts';
import { openTestTable, type TestTable } from '../support/engine.ts';
import { mailServices, tokenIn, waitingMails } from '../support/mail-services.ts';
import { anotherClient, dyingAt, InjectedFault, meanwhile, watchAttempts } from '../support/table-faults.ts';

const alice = 'alice@example.com';
let table: TestTable['table'];
let dump: TestTable['dump'];
let mail: ReturnType<typeof mailServices>;
let customerId: string;
beforeEach(async () => {
  ({ table, dump } = await openTestTable());
  mail = mailServices(table);
  customerId = await signUpActive();
});

/** Signs up and activates a customer with the representative Alice. Returns the customer's ID. */
async function signUpActive(): Promise<string> {
  await signUpCustomer(
    mail.services,
    {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email: alice },
    },
    '192.0.2.1',
  );
  await sendWaiting();
  const [activation] = mail.outbox.splice(0);
  if (!activation) throw new Error('Nothing was sent');
  await createSession(mail.services, { token: tokenIn(activation) }, '192.0.2.1');
  return (await readEmail(table, alice))?.customerId ?? '';
}

const { waiting, sendWaiting } = waitingMails(() => ({ dump, mail }));

async function addAdministrators(
  count: number,
  { privilege = 'privileged', status = 'active' }: Partial<Pick<Administrator, 'privilege' | 'status'>> = {},
): Promise<string[]> {
  const added = Array.from({ length: count }, (_, index) => {
    const id = `${privilege}-${status}-${String(index).padStart(3, '0')}`;
    const administrator: Administrator = {
      ...{ customerId, administratorId: `adm_${id}`, name: `Person ${index}`, email: `${id}@example.com` },
      ...{ privilege, status, sessionGeneration: 0, createdAt: mail.clock.now() },
    };
    return administrator;
  });
  for (const administrator of added) await transact(table, { administrator: putAdministrator(administrator) });
  return added.map(({ email }) => email);
}

/** Stores an e-mail to all privileged administrators. Returns the ID of the e-mail. */
async function leaveForPrivileged(): Promise<string> {
  const [made, ttl] = newMail(
    {
      template: 'unsubscription-cancelled',
      recipients: 'privileged-administrators',
      customerId,
      customerName: 'Example Corporation',
      cancelledBy: 'Alice Arai',
    },
    mail.clock.now(),
    'request-1',
  );
  await putMail(table, made, ttl);
  return made.mailId;
}
const sendWith = (own: Table, mailId: string) => sendMail({ ...mail.services, table: own }, mailId);
const sentTo = () => mail.outbox.map(({ to }) => to).sort();

describe('an e-mail to all privileged administrators', () => {
  it('reaches the representative and each active privileged administrator, and nobody else', async () => {
    const privileged = await addAdministrators(2);
    await addAdministrators(1, { privilege: 'administrator' });
    await addAdministrators(1, { status: 'provisional' });

    expect(await sendMail(mail.services, await leaveForPrivileged())).toBe('copied');
    await sendWaiting();
    expect(sentTo()).toEqual([alice, ...privileged]);
  });

  it('reaches more recipients than a transaction can hold', async () => {
    const privileged = await addAdministrators(120);

    await leaveForPrivileged();
    await sendWaiting();
    expect(sentTo()).toEqual([alice, ...privileged]);
  });

  // With 121 recipients, write 1 stores 98 copies, write 2 stores 23 copies, and write 3 deletes the e-mail.
  it.each(
    [1, 2, 3].flatMap((nth) => [
      { nth, when: 'before' as const },
      { nth, when: 'after' as const },
    ]),
  )('reaches each recipient once if the process dies $when write $nth', async ({ nth, when }) => {
    const privileged = await addAdministrators(120);
    const mailId = await leaveForPrivileged();

    await expect(sendWith(dyingAt(table, nth, when), mailId)).rejects.toThrow(InjectedFault);
    await sendWaiting();
    expect(sentTo()).toEqual([alice, ...privileged]);
  });

  it.each([1, 2, 3])(
    'reaches each recipient once if two processes copy the e-mail, one of them before write %i of the other',
    async (nth) => {
      const privileged = await addAdministrators(120);
      const mailId = await leaveForPrivileged();

      await sendWith(
        meanwhile(table, () => sendMail(mail.services, mailId), nth),
        mailId,
      );
      await sendWaiting();
      expect(sentTo()).toEqual([alice, ...privileged]);
    },
  );

  it('is read only once, unless another process copies it at the same time', async () => {
    await addAdministrators(120);
    const mailId = await leaveForPrivileged();
    let reads = 0;
    const own = anotherClient(table);
    watchAttempts(own, ({ command }) => (reads += Number(command === 'GetItemCommand')));

    expect(await sendWith(own, mailId)).toBe('copied');
    expect(reads).toBe(1);
  });

  it('is not copied once the customer is unsubscribing', async () => {
    const mailId = await leaveForPrivileged();
    const unsubscribe = async () => {
      const customer = await readCustomer(table, customerId, 'strong');
      if (!customer) throw new Error('There is no customer');
      const unsubscription = { startedAt: mail.clock.now(), by: 'representative', discards: true } as const;
      await transact(table, { customer: startUnsubscribing(customer, unsubscription) });
    };

    await sendWith(meanwhile(table, unsubscribe), mailId);
    expect(await waiting()).toEqual([]);
    expect(mail.outbox).toEqual([]);
  });
});
