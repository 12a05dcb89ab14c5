import { expect, it } from 'vitest';
import { beginDiscarding } from '../../functions/domain/leaving/begin-discarding.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

/** The report of a run that found nothing to do. */
const nothing = { unsubscribed: 0, cancelled: 0, ended: 0, resumed: 0, noticed: 0, isComplete: true };
const DAY = 24 * 60 * 60 * 1_000;

/**
 * Delivers queue messages until the queue is empty. Deletes every waiting e-mail, as if SES had accepted the e-mail.
 */
async function runDry(metering: Metering, discarding: Awaited<ReturnType<typeof openDiscarding>>) {
  const { queue } = discarding;
  const take = discarding.worker(metering.table);
  while (queue.waiting.size > 0) {
    metering.clock.time += 15_000;
    for (const entry of queue.due()) await queue.deliver(entry, take);
    for (const { mailId } of await metering.dump()) {
      if (typeof mailId === 'string') await deleteMail(metering.table, mailId);
    }
  }
}

it('the hourly function begin-discarding resumes discarding a customer 2 days after the unsubscription if all messages were lost', async () => {
  const metering = await openMetering();
  const { services, clock, table } = metering;
  const discarding = await openDiscarding(metering);
  const { queue } = discarding;
  const run = () => beginDiscarding({ ...services, discard: queue.discard }, () => true);
  const { customerId, caller } = await metering.signUp();
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await caller(), { confirmation: 'Example Corporation' });
  queue.waiting.clear();

  clock.time += 2 * DAY - 1;
  expect(await run()).toEqual({ ...nothing, resumed: 0 });
  clock.time += 1;
  expect(await run()).toEqual({ ...nothing, resumed: 1 });
  expect(await run()).toEqual({ ...nothing, resumed: 0 });
  await runDry(metering, discarding);
  expect(await readCustomer(table, customerId, 'strong')).toBeUndefined();
});
