import { expect, it } from 'vitest';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { DAY, HOUR, MINUTE, SECOND } from '../../functions/domain/time.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { openDiscarding } from '../support/discarding.ts';
import { LONG } from '../support/long.ts';
import { openMetering } from '../support/metering/metering.ts';

/**
 * Unsubscribes a customer and delivers queue messages until the discarding worker, the function `discard-items`, has
 * stored the e-mail that confirms the unsubscription. Does not send this e-mail.
 */
async function open() {
  const metering = await openMetering();
  const { services, table, clock, lines } = metering;
  const { queue, worker } = await openDiscarding(metering);
  const owner = await metering.signUp();
  const { customerId } = owner;
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  const unsubscribing = { ...services, discard: queue.discard, contact: '', unsubscribeGraceHours: 0 };
  await unsubscribeCustomer(unsubscribing, await owner.caller(), { confirmation: 'Example Corporation' });

  const take = worker(table);
  /**
   * Advances the clock to the time when the next queue message is due, and delivers this message. Returns the time from
   * the old clock time until the message is due, in milliseconds, or undefined when the queue is empty.
   */
  async function deliverNext(): Promise<number | undefined> {
    const [next] = [...queue.waiting].sort((a, b) => a.from - b.from);
    if (!next) return undefined;
    const waited = next.from - clock.time;
    clock.time = Math.max(clock.time, next.from);
    await queue.deliver(next, take);
    return waited;
  }
  const mail = async () => (await readCustomer(table, customerId, 'strong'))?.unsubscription?.mail;
  while (!(await mail())) await deliverNext();
  return { clock, table, lines, deliverNext, customerId, mailId: (await mail())?.mailId ?? '' };
}

it('the discarding worker checks less and less often whether SES has accepted the confirming e-mail, and gives up after a day', async () => {
  const { clock, table, lines, deliverNext, customerId } = await open();
  const leftAt = clock.time;
  const waits: number[] = [];
  for (let wait = await deliverNext(); wait !== undefined; wait = await deliverNext()) waits.push(wait);

  expect(waits.slice(0, 3)).toEqual([10 * SECOND, 10 * SECOND, 20 * SECOND]);
  expect(Math.max(...waits)).toBe(10 * MINUTE);
  expect(waits.length).toBeLessThanOrEqual(151);
  expect(clock.time - leftAt).toBeGreaterThanOrEqual(DAY);
  expect(clock.time - leftAt).toBeLessThan(DAY + 10 * MINUTE);
  expect(await readCustomer(table, customerId, 'strong')).toBeUndefined();
  const logged = lines.find(({ level }) => level === 'error');
  expect(logged).toMatchObject({
    message: 'the e-mail that confirms unsubscribing was not accepted within a day',
    fields: { customerId, requestId: 'invocation-1' },
  });
});

it('the discarding worker stops waiting for the confirming e-mail after a day, even if queue messages arrive late', async () => {
  const { clock, lines, deliverNext } = await open();
  const leftAt = clock.time;
  const LATE = LONG ? 7 * SECOND : HOUR; // after an hour, a day has few messages
  let checkedAt = leftAt;
  while ((await deliverNext()) !== undefined) {
    checkedAt = clock.time;
    clock.time += LATE;
  }
  expect(checkedAt - leftAt).toBeGreaterThanOrEqual(DAY);
  expect(checkedAt - leftAt).toBeLessThanOrEqual(DAY + LATE);
  expect(lines.filter(({ level }) => level === 'error')).toHaveLength(1);
});

it.each([0, MINUTE, 5 * HOUR])(
  'if SES accepts the confirming e-mail %d ms after it was stored, the discarding worker notices this within 10 minutes',
  async (after) => {
    const { clock, table, lines, deliverNext, customerId, mailId } = await open();
    const leftAt = clock.time;
    while (clock.time < leftAt + after) await deliverNext();
    await deleteMail(table, mailId);
    const acceptedAt = clock.time;
    while (await readCustomer(table, customerId, 'strong')) await deliverNext();
    expect(clock.time - acceptedAt).toBeLessThanOrEqual(
      Math.min(10 * MINUTE, Math.max(acceptedAt - leftAt, 10 * SECOND)),
    );
    expect(lines.filter(({ level }) => level === 'error')).toEqual([]);
  },
);
