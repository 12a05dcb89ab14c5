import { expect, it } from 'vitest';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { HOUR, MINUTE } from '../../functions/domain/time.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering } from '../support/metering/metering.ts';
import { addOperator, openSummaries, removeOperator, textOf } from '../support/summarized-customers.ts';
import { dyingAt } from '../support/table-faults.ts';

/** A customer that is in the operators' summary and has just unsubscribed without a grace period. */
async function open() {
  const metering = await openMetering();
  const { services, table, clock } = metering;
  const { queue, worker } = await openDiscarding(metering);
  const { summarize } = openSummaries(table, clock);
  await addOperator(table);
  const customer = await metering.signUp();
  const { customerId, email } = customer;
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  await summarize();
  clock.time += 30 * MINUTE;
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await customer.caller(), { confirmation: 'Example Corporation' });

  /** Delivers all messages that are due within `milliseconds`, and every e-mail. */
  async function pass(milliseconds: number): Promise<void> {
    for (const end = clock.time + milliseconds; clock.time < end; clock.time += MINUTE) {
      for (const entry of queue.due()) await queue.deliver(entry, worker(table));
      for (const { mailId } of await metering.dump()) if (typeof mailId === 'string') await deleteMail(table, mailId);
    }
  }
  /** Returns the partition keys of the items that name the customer. */
  const itemsOfCustomer = async () =>
    (await metering.dump())
      .filter((item) => [customerId, email].some((text) => textOf(item).includes(text)))
      .map(({ pk }) => String(pk));
  const isDiscarded = async () => (await readCustomer(table, customerId, 'strong')) === undefined;
  return { ...metering, queue, customerId, summarize, pass, itemsOfCustomer, isDiscarded };
}

it('the discarding of a customer ends only after a summary without the customer, and leaves no item', async () => {
  const { pass, isDiscarded, summarize, itemsOfCustomer, customerId, queue } = await open();
  await pass(2 * HOUR);
  expect(await isDiscarded()).toBe(false);
  expect((await itemsOfCustomer()).filter((pk) => pk.startsWith('OPERATOR-SUMMARY#'))).not.toEqual([]);

  await summarize();
  expect((await itemsOfCustomer()).filter((pk) => pk.startsWith('OPERATOR-SUMMARY#'))).toEqual([]);
  await pass(30 * MINUTE);
  expect(await isDiscarded()).toBe(true);
  expect(queue.waiting.size).toBe(0);
  expect(await itemsOfCustomer()).toEqual([`CLOSING-RECORD#${customerId}`]);
});

it('the discarding waits while a run that died has left the former summary', async () => {
  const { pass, isDiscarded, summarize, itemsOfCustomer, table, customerId } = await open();
  await pass(HOUR);
  // The run dies after it has published the new summary.
  await expect(summarize(dyingAt(table, 11, 'after'))).rejects.toThrow('dead');
  await pass(HOUR);
  expect(await isDiscarded()).toBe(false);

  await summarize();
  await pass(30 * MINUTE);
  expect(await isDiscarded()).toBe(true);
  expect(await itemsOfCustomer()).toEqual([`CLOSING-RECORD#${customerId}`]);
});

it('the discarding does not wait for a summary that a run has removed after the last operator', async () => {
  const { pass, isDiscarded, summarize, itemsOfCustomer, table, customerId } = await open();
  await removeOperator(table);
  await summarize();
  await pass(30 * MINUTE);
  expect(await isDiscarded()).toBe(true);
  expect(await itemsOfCustomer()).toEqual([`CLOSING-RECORD#${customerId}`]);
});
