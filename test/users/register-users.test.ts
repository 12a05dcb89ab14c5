import { beforeEach, describe, expect, it } from 'vitest';
import { LicenseLimitReachedError, NotFoundError } from '../../functions/domain/errors.ts';
import type { RpCaller } from '../../functions/domain/callers.ts';
import { registerUsers } from '../../functions/domain/users/register-users.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { anotherClient, behindReplica, measure } from '../support/table-faults.ts';

let metering: Metering;
let rp: RpCaller;
beforeEach(async () => {
  metering = await openMetering();
  const owner = await metering.signUp();
  rp = await owner.rp();
  await setLicense(metering.services, { operator: 'test' }, owner.customerId, { type: 'free', maxRegisteredUsers: 2 });
  await metering.register(rp, ['user-1', 'user-2']);
});

it('removing a user who is not registered costs 1.5 read units and no write unit', async () => {
  const table = anotherClient(metering.table);
  const units = measure(table);
  const removed = removeUser({ ...metering.services, table }, rp, 'stranger');
  await expect(removed).rejects.toThrow(NotFoundError);
  expect(units).toEqual({ read: 1.5, write: 0, finder: 0 });
});

it('a user can be removed just after the registration, even if replicas lack the user', async () => {
  await removeUser({ ...metering.services, table: behindReplica(anotherClient(metering.table)) }, rp, 'user-1');
  await expect(removeUser(metering.services, rp, 'user-1')).rejects.toThrow(NotFoundError);
});

describe('registering users while eventually consistent reads are stale', () => {
  const register = (...userIds: string[]) =>
    registerUsers({ ...metering.services, table: behindReplica(anotherClient(metering.table)) }, rp, {
      users: userIds.map((userId) => ({ userId })),
    });

  it('returns already-registered for registered users, even at the license limit', async () => {
    expect(await register('user-1', 'user-2')).toEqual([
      { userId: 'user-1', status: 'already-registered' },
      { userId: 'user-2', status: 'already-registered' },
    ]);
  });

  it('fails for a new user beyond the license limit', async () => {
    await expect(register('user-1', 'user-3')).rejects.toThrow(LicenseLimitReachedError);
  });
});
