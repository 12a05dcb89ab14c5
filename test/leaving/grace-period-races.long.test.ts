import { beforeEach, describe, expect, it } from 'vitest';
import { ConfirmationMismatchError, ContactRequiredError, NotFoundError } from '../../functions/domain/errors.ts';
import { beginDiscarding } from '../../functions/domain/leaving/begin-discarding.ts';
import { cancelUnsubscription } from '../../functions/domain/leaving/cancel-unsubscription.ts';
import { reapplyClosingRecords } from '../../functions/domain/leaving/reapply-closing-records.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { HOUR } from '../../functions/domain/time.ts';
import { updateCustomer } from '../../functions/table/customers/customer-edits.ts';
import { putCustomer, startUnsubscribing } from '../../functions/table/customers/customer-status.ts';
import { readCustomer, type Customer } from '../../functions/table/customers/customers.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { dyingAt, InjectedFault, meanwhile } from '../support/table-faults.ts';

const GRACE_HOURS = 72;
const confirmation = 'Example Corporation';
const operator = { operator: 'test' };

let metering: Metering;
let queue: Awaited<ReturnType<typeof openDiscarding>>['queue'];
let customer: Awaited<ReturnType<Metering['signUp']>>;
beforeEach(async () => {
  metering = await openMetering();
  ({ queue } = await openDiscarding(metering));
  customer = await metering.signUp();
  await setLicense(metering.services, operator, customer.customerId, { type: 'free' });
});

/** Returns the services of a process that uses the table client `own`. */
const servicesOf = (own: Table = metering.table) => ({
  ...metering.services,
  table: own,
  discard: queue.discard,
  contact: 'sales@example.com',
  unsubscribeGraceHours: GRACE_HOURS,
});
const unsubscribe = async (own?: Table) =>
  unsubscribeCustomer(servicesOf(own), await customer.caller(), { confirmation });
const cancel = async (own?: Table) => cancelUnsubscription(servicesOf(own), await customer.caller());
const setPaid = (own?: Table) =>
  setLicense(servicesOf(own), operator, customer.customerId, {
    type: 'business',
    endsAt: metering.clock.time + 400 * 24 * HOUR,
  });
const run = (own?: Table) => beginDiscarding(servicesOf(own), () => true);
async function stored(): Promise<Customer> {
  const read = await readCustomer(metering.table, customer.customerId, 'strong');
  if (!read) throw new Error('There is no customer');
  return read;
}
/** Returns the templates of the waiting e-mails to the privileged administrators. */
const notices = async () =>
  (await metering.dump()).filter(({ recipients }) => recipients !== undefined).map(({ template }) => template);
const elapse = () => {
  metering.clock.time += GRACE_HOURS * HOUR;
};

describe('unsubscribing', () => {
  it('is refused if a paid license is set between the check and the write', async () => {
    await expect(unsubscribe(meanwhile(metering.table, () => setPaid()))).rejects.toThrow(ContactRequiredError);

    expect((await stored()).unsubscriptionRequest).toBeUndefined();
    expect(await notices()).toEqual([]);
  });

  it('is refused if the customer is renamed between the check and the write', async () => {
    const rename = async () => transact(metering.table, { customer: updateCustomer(await stored(), { name: 'New' }) });

    await expect(unsubscribe(meanwhile(metering.table, rename))).rejects.toThrow(ConfirmationMismatchError);
    expect((await stored()).unsubscriptionRequest).toBeUndefined();
  });

  it('returns the times of a request that was stored between the check and the write', async () => {
    let first: unknown;
    const second = await unsubscribe(
      meanwhile(metering.table, async () => {
        first = await unsubscribe();
        metering.clock.time += 1_000;
      }),
    );

    expect(second).toMatchObject(first as object);
    expect(await notices()).toEqual(['unsubscription-requested']);
  });

  it.each(['before', 'after'] as const)('stores the request with its e-mail or neither (%s)', async (when) => {
    await expect(unsubscribe(dyingAt(metering.table, 1, when))).rejects.toThrow(InjectedFault);

    const isStored = (await stored()).unsubscriptionRequest !== undefined;
    expect([isStored, await notices()]).toEqual(when === 'after' ? [true, ['unsubscription-requested']] : [false, []]);
  });
});

describe('a paid license', () => {
  it('cancels a request that is stored between the reads and the write', async () => {
    await setPaid(meanwhile(metering.table, () => unsubscribe()));

    expect(await stored()).toMatchObject({ license: { type: 'business' } });
    expect((await stored()).unsubscriptionRequest).toBeUndefined();
    expect(await notices()).toEqual(
      expect.arrayContaining(['unsubscription-requested', 'unsubscription-cancelled']) as unknown,
    );
  });

  it('is set without an e-mail if somebody cancels between the reads and the write', async () => {
    await unsubscribe();
    await setPaid(meanwhile(metering.table, () => cancel()));

    expect(await notices()).toHaveLength(2);
  });

  it('is refused if the fence is set between the reads and the write', async () => {
    await unsubscribe();
    elapse();
    await expect(setPaid(meanwhile(metering.table, () => run()))).rejects.toThrow(NotFoundError);

    expect(await stored()).toMatchObject({ status: 'unsubscribing', license: { type: 'free' } });
  });
});

describe('the end of the grace period', () => {
  it.each([
    ['somebody cancels', () => cancel()],
    ['a paid license is set', () => setPaid()],
    ['somebody cancels and the representative unsubscribes again', () => cancel().then(() => unsubscribe())],
  ])('changes nothing if %s between the read and the write', async (_, happen) => {
    await unsubscribe();
    elapse();

    expect(await run(meanwhile(metering.table, happen))).toMatchObject({ unsubscribed: 0, cancelled: 0 });
    expect(await stored()).toMatchObject({ status: 'active' });
  });

  it('waits for the next run if the customer is renamed between the read and the write', async () => {
    await unsubscribe();
    elapse();
    const rename = async () => transact(metering.table, { customer: updateCustomer(await stored(), { name: 'New' }) });

    expect(await run(meanwhile(metering.table, rename))).toMatchObject({ unsubscribed: 0 });
    expect(await run()).toMatchObject({ unsubscribed: 1 });
    expect(await stored()).toMatchObject({ status: 'unsubscribing', unsubscription: { by: 'representative' } });
  });

  it.each(['before', 'after'] as const)('is completed by the next run if a run dies %s its write', async (when) => {
    await unsubscribe();
    elapse();
    await expect(run(dyingAt(metering.table, 1, when))).rejects.toThrow('Customers whose hourly work failed');
    expect(queue.waiting.size).toBe(1);

    expect(await run()).toMatchObject({ unsubscribed: when === 'before' ? 1 : 0 });
    expect(await stored()).toMatchObject({ status: 'unsubscribing' });
  });

  it('refuses a cancellation if the fence is set between the read and the write', async () => {
    await unsubscribe();
    elapse();

    await expect(cancel(meanwhile(metering.table, () => run()))).rejects.toThrow(NotFoundError);
    expect(await stored()).toMatchObject({ status: 'unsubscribing' });
    expect(await notices()).toEqual(['unsubscription-requested']);
  });
});

describe('a run of begin-discarding', () => {
  /** Stores customers whose grace period has ended. */
  async function putDue(count: number): Promise<void> {
    const at = metering.clock.time;
    // The new items must not contain the keys of the stored item.
    const keys = /^(pk|sk|finderPk|finderSk)$/;
    const attributes = Object.entries(await stored()).filter(([name]) => !keys.test(name));
    const template = Object.fromEntries(attributes) as unknown as Customer;
    const unsubscriptionRequest = {
      requestedAt: 0,
      effectiveAt: at,
      requestedBy: customer.administrator.administratorId,
    };
    for (let first = 0; first < count; first += 50) {
      const some = Array.from({ length: Math.min(50, count - first) }, (_, index) => {
        const customerId = `cus_${String(first + index).padStart(20, '0')}`;
        return [customerId, putCustomer({ ...template, unsubscriptionRequest, customerId })] as const;
      });
      expect(await transact(metering.table, Object.fromEntries(some))).toBeUndefined();
    }
  }
  const leaving = async () => (await metering.dump()).filter(({ status }) => status === 'unsubscribing').length;
  const cursors = async () => (await metering.dump()).filter(({ pk }) => String(pk).startsWith('CURSOR#'));

  it('continues where the run before was cut off, and reaches every customer', async () => {
    await putDue(250);
    let left = 120;
    const first = await beginDiscarding(servicesOf(), () => (left -= 1) >= 0);
    expect(first.isComplete).toBe(false);
    expect(await cursors()).toHaveLength(1);

    const second = await run();
    expect(second.isComplete).toBe(true);
    expect(first.unsubscribed + second.unsubscribed).toBe(250);
    expect(await leaving()).toBe(250);
    expect(await cursors()).toEqual([]);
  });

  it('continues after a customer that fails, and then throws', async () => {
    await putDue(30);
    const failing = 'cus_00000000000000000007';
    const services = {
      ...servicesOf(),
      discard: (...[messages, delay]: Parameters<typeof queue.discard>) =>
        messages.some(({ customerId }) => customerId === failing)
          ? Promise.reject(new Error('Injected: the queue refuses'))
          : queue.discard(messages, delay),
    };

    await expect(beginDiscarding(services, () => true)).rejects.toThrow('Customers whose hourly work failed: 1.');
    expect(await leaving()).toBe(29);
    expect(metering.lines).toContainEqual(
      expect.objectContaining({ level: 'error', fields: expect.objectContaining({ customerId: failing }) as unknown }),
    );
    expect(await run()).toMatchObject({ unsubscribed: 1 });
  });

  it('sets no fence before the end of the grace period, and does not change a fence', async () => {
    await unsubscribe();
    metering.clock.time += GRACE_HOURS * HOUR - 1;
    expect(await run()).toMatchObject({ unsubscribed: 0 });
    metering.clock.time += 1;
    const fence = { startedAt: metering.clock.time, by: 'operator', discards: false } as const;
    await transact(metering.table, { customer: startUnsubscribing(await stored(), fence) });
    expect(await run()).toMatchObject({ unsubscribed: 0, ended: 0 });
    expect(await stored()).toMatchObject({ unsubscription: fence });
  });
});

it('a pending unsubscription in a restored backup is cancelled before the service uses the table', async () => {
  await unsubscribe();
  const services = { ...metering.services, keepClosingRecord: () => Promise.resolve() };
  const report = await reapplyClosingRecords(services, []);

  expect(report).toEqual({ discarded: 0, absent: 0, cancelled: 1 });
  expect((await stored()).unsubscriptionRequest).toBeUndefined();
  expect(await reapplyClosingRecords(services, [])).toMatchObject({ cancelled: 0 });
});
