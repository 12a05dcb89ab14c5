import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, describe, expect, it } from 'vitest';
import { newId } from '../../functions/domain/ids.ts';
import {
  putActiveUser,
  putActiveUserWith,
  readActiveUser,
  type ActiveUser,
} from '../../functions/table/metering/active-users.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { activeUserKey } from '../../functions/table/keys.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';

const MONTH = '2026-11';
const TTL = 1_900_000_000;

describe('the record of an active user', () => {
  let metering: Metering;
  beforeAll(async () => {
    metering = await openMetering();
  });
  const newUser = (source: ActiveUser['source']): ActiveUser => ({
    ...{ customerId: newId('cus'), rpRef: newId('rp'), month: MONTH, userId: 'user-1', firstOperationAt: 1 },
    source,
  });
  const read = ({ rpRef, month, userId }: ActiveUser) => readActiveUser(metering.table, rpRef, month, userId, 'strong');

  it.each(['measured', 'reported'] as const)(
    'is read as it was stored if its first operation was %s',
    async (source) => {
      const user = newUser(source);
      expect(await read(user)).toBeUndefined();
      expect(await putActiveUser(metering.table, user, TTL)).toBe('counted');
      expect(await read(user)).toEqual(user);
    },
  );

  it('counts as reported if an earlier release stored it, without a source', async () => {
    const { source, rpRef, month, userId, ...stored } = newUser('reported');
    const Item = { ...activeUserKey(rpRef, month, userId), ...stored, ttl: TTL };
    await metering.table.client.send(new PutCommand({ TableName: metering.table.name, Item }));
    expect(await readActiveUser(metering.table, rpRef, month, userId, 'strong')).toMatchObject({ source });
  });

  it.each([
    ['reported', 'measured'],
    ['measured', 'reported'],
  ] as const)('stays %s when the user has a %s operation later in the month', async (first, second) => {
    const user = newUser(first);
    const later: ActiveUser = { ...user, source: second, firstOperationAt: 2 };
    expect(await putActiveUser(metering.table, user, TTL)).toBe('counted');
    expect(await putActiveUser(metering.table, later, TTL)).toBe('already-counted');
    expect(await transact(metering.table, { active: putActiveUserWith(later, TTL) })).toHaveProperty('active');
    expect(await read(user)).toEqual(user);
  });

  it('is stored once, with the source of the first write, when 20 callers store it at the same time', async () => {
    const user = newUser('reported');
    const outcomes = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const source = index % 2 === 0 ? 'measured' : 'reported';
        const own: ActiveUser = { ...user, source, firstOperationAt: index };
        if (source === 'reported')
          return { own, counted: (await putActiveUser(metering.table, own, TTL)) === 'counted' };
        return { own, counted: !(await transact(metering.table, { active: putActiveUserWith(own, TTL) })) };
      }),
    );
    const counted = outcomes.filter((outcome) => outcome.counted);
    expect(counted).toHaveLength(1);
    expect(await read(user)).toEqual(counted[0]?.own);
  });
});
