import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { decideLicenseNotice } from '../../functions/domain/licenses/decide-license-notice.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { beginDiscarding } from '../../functions/domain/leaving/begin-discarding.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { DAY } from '../../functions/domain/time.ts';
import { customerAt, readCustomer, type Customer } from '../../functions/table/customers/customers.ts';
import { setStatus } from '../support/customer-status.ts';
import { openMetering } from '../support/metering/metering.ts';
import { dyingAt, measure } from '../support/table-faults.ts';

/** Opens a table with one customer. Returns functions that make an hourly run and find the notices that wait. */
async function open() {
  const metering = await openMetering();
  const { services, table, clock, dump } = metering;
  const { customerId, caller } = await metering.signUp();
  const customer = async (): Promise<Customer> => {
    const read = await readCustomer(table, customerId, 'strong');
    if (!read) throw new Error('No customer');
    return read;
  };
  const decide = async (read?: Customer, own = table) =>
    decideLicenseNotice({ ...services, table: own }, read ?? (await customer()));
  const notices = async () =>
    (await dump())
      .filter(({ recipients }) => recipients === 'notice-readers')
      .map(({ withinDays, registeredUsers }) => withinDays ?? registeredUsers);
  const set = (wanted: Parameters<typeof setLicense>[3]) =>
    setLicense(services, { operator: 'test' }, customerId, wanted);
  return { ...metering, customerId, caller, customer, decide, notices, set, clock };
}
type Opened = Awaited<ReturnType<typeof open>>;

/** Sets the number of registered users as if they had been registered. */
async function setUsers({ table, customerId }: Opened, registeredUsers: number) {
  await table.client.send(
    new UpdateCommand({
      TableName: table.name,
      Key: customerAt(customerId),
      UpdateExpression: 'SET registeredUsers = :users',
      ExpressionAttributeValues: { ':users': registeredUsers },
    }),
  );
}

it('says once that a license ends within 30 days, within 7 days, and that it has ended', async () => {
  const { clock, decide, notices, set } = await open();
  const endsAt = clock.now() + 60 * DAY;
  await set({ type: 'business', endsAt });
  const at = async (time: number) => {
    clock.time = time;
    return [await decide(), await decide()];
  };

  expect(await at(endsAt - 30 * DAY - 1)).toEqual([false, false]);
  expect(await at(endsAt - 30 * DAY)).toEqual([true, false]);
  expect(await at(endsAt - 7 * DAY - 1)).toEqual([false, false]);
  expect(await at(endsAt - 7 * DAY)).toEqual([true, false]);
  expect(await at(endsAt - 1)).toEqual([false, false]);
  expect(await at(endsAt)).toEqual([true, false]);
  expect(await at(endsAt + 400 * DAY)).toEqual([false, false]);
  expect((await notices()).sort()).toEqual([0, 30, 7]);
});

it('says nothing about a license that another one follows, that ended long ago, or that is short, 30 days before', async () => {
  const { clock, decide, set } = await open();
  const endsAt = clock.now() + 20 * DAY;
  await set({ type: 'business', endsAt });
  expect(await decide()).toBe(false);
  await set({ type: 'business', startsAt: endsAt, endsAt: endsAt + 300 * DAY });
  clock.time = endsAt - DAY;
  expect(await decide()).toBe(false);
  clock.time = endsAt + 308 * DAY;
  expect(await decide()).toBe(false);
});

it('arms the notices again when the license gets another end', async () => {
  const { clock, decide, notices, set } = await open();
  await set({ type: 'business', endsAt: clock.now() + 60 * DAY });
  clock.time += 59 * DAY;
  expect(await decide()).toBe(true);
  await set({ type: 'business', startsAt: clock.now() + DAY, endsAt: clock.now() + 61 * DAY });
  expect(await decide()).toBe(false);
  clock.time += 60 * DAY;
  expect(await decide()).toBe(true);
  expect(await notices()).toEqual([7, 7]);
});

it('says once that 80 % and that all of the users of a Free license are registered', async () => {
  const opened = await open();
  const { clock, decide, notices, set } = opened;
  await set({ type: 'free', maxRegisteredUsers: 10 });
  const at = async (users: number) => {
    await setUsers(opened, users);
    return [await decide(), await decide()];
  };

  expect(await at(7)).toEqual([false, false]);
  expect(await at(8)).toEqual([true, false]);
  expect(await at(7)).toEqual([false, false]);
  expect(await at(9)).toEqual([false, false]);
  expect(await at(10)).toEqual([true, false]);
  expect(await at(9)).toEqual([false, false]);
  expect(await at(10)).toEqual([false, false]);
  expect((await notices()).sort()).toEqual([10, 8]);
  // Fewer than half of the users arm the notices again.
  expect(await at(4)).toEqual([false, false]);
  expect(await at(10)).toEqual([true, false]);
  clock.time += 1;
  await set({ type: 'free', maxRegisteredUsers: 100 });
  expect(await at(80)).toEqual([true, false]);
});

it('stores a notice once when two runs read the customer at the same time', async () => {
  const { clock, decide, customer, notices, set } = await open();
  await set({ type: 'business', endsAt: clock.now() + 60 * DAY });
  clock.time += 55 * DAY;
  const read = await customer();
  const outcomes = await Promise.all([decide(read), decide(read), decide(read)]);
  expect(outcomes.filter(Boolean)).toHaveLength(1);
  expect(await notices()).toEqual([7]);
});

it('stores no notice from an old reading after the license was renewed', async () => {
  const { clock, decide, customer, notices, set } = await open();
  await set({ type: 'business', endsAt: clock.now() + 60 * DAY });
  clock.time += 55 * DAY;
  const read = await customer();
  await set({ type: 'business', endsAt: clock.now() + 300 * DAY });
  expect(await decide(read)).toBe(false);
  expect(await notices()).toEqual([]);
});

it.each(['before', 'after'] as const)('stores a notice exactly once when a run dies %s its write', async (when) => {
  const { clock, decide, notices, set, table } = await open();
  await set({ type: 'business', endsAt: clock.now() + 60 * DAY });
  clock.time += 55 * DAY;
  await expect(decide(undefined, dyingAt(table, 1, when))).rejects.toThrow('dead');
  expect(await notices()).toHaveLength(when === 'before' ? 0 : 1);
  await decide();
  expect(await notices()).toEqual([7]);
});

it('sends no notice to a customer that is unsubscribing', async () => {
  const opened = await open();
  const { decide, set, table, customerId } = opened;
  await set({ type: 'free', maxRegisteredUsers: 10 });
  await setUsers(opened, 10);
  await setStatus(table, customerId, 'unsubscribing');
  expect(await decide()).toBe(false);
});

it('sends no notice in the grace period of an unsubscription, not even if a run read the customer before', async () => {
  const opened = await open();
  const { services, caller, customer, decide, notices, set } = opened;
  await set({ type: 'free', maxRegisteredUsers: 10 });
  await setUsers(opened, 10);
  const before = await customer();
  await unsubscribeCustomer(
    { ...services, discard: () => Promise.resolve(), contact: 'sales@example.com', unsubscribeGraceHours: 72 },
    await caller(),
    { confirmation: 'Example Corporation' },
  );
  expect(await decide()).toBe(false);
  expect(await decide(before)).toBe(false);
  expect(await notices()).toEqual([]);
});

it('costs no read unit in the hourly run', async () => {
  const { services, clock, set, table, dump } = await open();
  await set({ type: 'business', endsAt: clock.now() + 60 * DAY });
  const run = async (own = table) =>
    beginDiscarding({ ...services, table: own, discard: () => Promise.resolve() }, () => true);
  const units = measure(table);
  expect(await run()).toMatchObject({ noticed: 0, isComplete: true });
  const before = units.read;
  clock.time += 55 * DAY;
  expect(await run()).toMatchObject({ noticed: 1 });
  expect(units.read - before).toBe(before);
  expect((await dump()).filter(({ template }) => template === 'license-ending')).toHaveLength(1);
});
