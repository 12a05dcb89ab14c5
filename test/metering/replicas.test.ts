import { beforeAll, beforeEach, expect, it } from 'vitest';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { registerUsers } from '../../functions/domain/users/register-users.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import type { RpCaller } from '../../functions/domain/callers.ts';
import type { Table } from '../../functions/table/engine/client.ts';
import { openMetering, pictureOf, windowEvent, type Metering } from '../support/metering/metering.ts';
import { anotherClient, behindReplica } from '../support/table-faults.ts';

// An eventually consistent read may miss a recent write. Such a read must not make the service refuse a request. In
// these tests, eventually consistent reads find nothing at all.

let metering: Metering;
let customer: Awaited<ReturnType<Metering['signUp']>>;
let behind: Table;
beforeAll(async () => {
  metering = await openMetering();
  customer = await metering.signUp();
  behind = behindReplica(anotherClient(metering.table));
});
let rp: RpCaller;
beforeEach(async () => {
  rp = await customer.rp();
});
const report = async (table: Table, ...userIds: string[]) => {
  const operations = userIds.map((userId) => ({ userId, type: 'authentication' as const }));
  const results = await reportOperations(metering.process(table), rp, { operations }, metering.clock.now());
  return results.map(({ status, reason }) => reason ?? status);
};

it('the service counts exactly the registered users even if an eventually consistent read misses the users', async () => {
  await metering.register(rp, ['user-1', 'user-2']);
  expect(await report(behind, 'user-1', 'stranger', 'user-2')).toEqual(['counted', 'user-not-registered', 'counted']);
});

it('a user is counted only once even if an eventually consistent read misses the active-user record', async () => {
  await metering.register(rp, ['user-1']);
  expect(await report(metering.table, 'user-1')).toEqual(['counted']);
  expect(await report(behind, 'user-1')).toEqual(['already-counted']);
  const picture = await metering.picture(customer.customerId);
  expect(picture.records[`${rp.rpRef} 2026-11`]).toBe(1);
});

it('the service does not register users twice even if an eventually consistent read misses the users', async () => {
  await metering.register(rp, ['user-1', 'user-2']);
  const users = ['user-2', 'user-3', 'user-1'].map((userId) => ({ userId }));
  expect(await registerUsers({ ...metering.services, table: behind }, rp, { users })).toEqual([
    { userId: 'user-2', status: 'already-registered' },
    { userId: 'user-3', status: 'registered' },
    { userId: 'user-1', status: 'already-registered' },
  ]);
  const { registeredUsers } = (await customer.caller()).customer;
  await metering.register(rp, ['user-3']);
  expect((await customer.caller()).customer.registeredUsers).toBe(registeredUsers);
});

it('the aggregator counts active users even if an eventually consistent read misses the customer', async () => {
  const other = await metering.signUp();
  rp = await other.rp();
  await metering.register(rp, ['user-1']);
  await metering.records();
  await report(metering.table, 'user-1');
  await buildAggregator({ ...metering.services, table: behind })(windowEvent('shard', await metering.records()));
  expect(await metering.picture(other.customerId)).toEqual(pictureOf(new Set([`${rp.rpRef} 2026-11 user-1`])));
});
