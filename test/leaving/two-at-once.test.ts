import { expect, it } from 'vitest';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { readKeptClosingRecords } from '../../functions/table/closing-records.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering } from '../support/metering/metering.ts';
import { anotherClient } from '../support/table-faults.ts';

/** Unsubscribes a customer. Returns functions that deliver the queue messages about this customer. */
async function open() {
  const metering = await openMetering();
  const discarding = await openDiscarding(metering, { sweepAfter: 0 });
  const { services, table, clock } = metering;
  const { queue, closingRecords } = discarding;
  const customer = await metering.signUp();
  const { customerId } = customer;
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await customer.caller(), { confirmation: 'Example Corporation' });
  const message = (step: 'count' | 'finish') => ({ what: 'customer', customerId, step }) as const;
  const take = discarding.worker(table);

  /** Handles a queue message in a worker that reads the customer and then pauses until `meanwhile` has run. */
  async function takeHeldUp(step: 'count' | 'finish', meanwhile: () => Promise<unknown>): Promise<void> {
    const slow = anotherClient(table);
    let reads = 0;
    slow.client.middlewareStack.add(
      (next) => async (args) => {
        const answer = await next(args);
        if ((reads += 1) === 1) await meanwhile();
        return answer;
      },
      { step: 'initialize' },
    );
    await discarding.worker(slow)(message(step));
  }
  /** Advances the clock and delivers due queue messages until `isOver` returns true. */
  async function deliverUntil(isOver: () => Promise<boolean>): Promise<void> {
    while (!(await isOver())) {
      clock.time += 15_000;
      for (const entry of queue.due()) await queue.deliver(entry, take);
    }
  }
  const unsubscription = async () => (await readCustomer(table, customerId, 'strong'))?.unsubscription;
  const finish = () => take(message('finish'));
  return { ...metering, closingRecords, customerId, finish, takeHeldUp, deliverUntil, unsubscription };
}

it('the slower of two discarding workers keeps the confirming e-mail that the faster worker stored', async () => {
  const { takeHeldUp, deliverUntil, unsubscription, finish, dump } = await open();
  await deliverUntil(async () => (await unsubscription())?.found !== undefined);
  await takeHeldUp('finish', finish);
  const mailId = (await unsubscription())?.mail?.mailId;
  expect(mailId).toBeDefined();
  expect((await dump()).map(({ pk }) => pk)).toContain(`MAIL#${mailId ?? ''}`);
});

it('a slow discarding worker does not change the closing record of a customer that is already discarded', async () => {
  const { takeHeldUp, deliverUntil, unsubscription, closingRecords, customerId, table } = await open();
  await takeHeldUp('count', () =>
    deliverUntil(async () => {
      const { mail } = (await unsubscription()) ?? {};
      if (mail) await deleteMail(table, mail.mailId);
      return (await readCustomer(table, customerId, 'strong')) === undefined;
    }),
  );
  expect(await readKeptClosingRecords(closingRecords)).toMatchObject([
    { customerId, discardedAt: expect.any(Number) as number, discarded: { customer: 1, administrator: 1 } },
  ]);
});
