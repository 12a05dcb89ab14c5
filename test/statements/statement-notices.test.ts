import { expect, it } from 'vitest';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { closeMonths } from '../../functions/domain/statements/close-months.ts';
import { setStatus } from '../support/customer-status.ts';
import { openMetering } from '../support/metering/metering.ts';
import { dyingAt } from '../support/table-faults.ts';

/** Signs up a customer with a paid license, and sets the clock to a time at which the month can be closed. */
async function open() {
  const metering = await openMetering();
  const { services, table, clock, dump } = metering;
  const { customerId } = await metering.signUp();
  const month = new Date(clock.now()).toISOString().slice(0, 7);
  const close = (own = table) => closeMonths({ ...services, table: own }, () => true);
  const passMonth = () => {
    const now = new Date(clock.now());
    clock.time = Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + 1, 4, 1);
  };
  const notices = async () =>
    (await dump())
      .filter(({ template }) => template === 'statement-ready')
      .map(({ recipients, statement }) => ({ recipients, ...(statement as { month: string; mau: number }) }));
  return { ...metering, customerId, month, close, passMonth, notices };
}

it('stores one notice when a month is closed, even if two runs close it at the same time', async () => {
  const { month, close, passMonth, notices } = await open();
  passMonth();
  await Promise.all([close(), close()]);
  await close();
  expect(await notices()).toMatchObject([{ recipients: 'notice-readers', month, mau: 0 }]);
});

it.each(['before', 'after'] as const)('stores one notice if a run dies %s it stores the statement', async (when) => {
  const { table, close, passMonth, notices } = await open();
  passMonth();
  await close(dyingAt(table, 1, when)).catch(() => undefined);
  expect(await notices()).toHaveLength(when === 'before' ? 0 : 1);
  await close();
  expect(await notices()).toHaveLength(1);
});

it('stores no notice for a month without a fee and without active users, nor for a customer that leaves', async () => {
  const { services, table, customerId, clock, close, passMonth, notices } = await open();
  await setLicense(services, { operator: 'test' }, customerId, { type: 'free' });
  passMonth();
  await close();
  expect(await notices()).toEqual([]);
  clock.time += 1;
  await setLicense(services, { operator: 'test' }, customerId, { type: 'business', endsAt: clock.now() + 9e9 });
  await setStatus(table, customerId, 'unsubscribing');
  passMonth();
  await close();
  expect(await notices()).toEqual([]);
});
