import { putActiveUser, readWhetherActive } from '../../functions/table/metering/active-users.ts';
import { readUsers } from '../../functions/table/users/users.ts';
import { recordOf, type Design } from './design.ts';

/**
 * Design (b) is the service's design without the cache of counted users that a warm process keeps. For each operation,
 * the process reads the active-user record. If the record does not exist, the process checks whether the user is
 * registered and puts the record.
 */
export const readThenPut: Design = {
  name: '(b) read, then put',
  counting: 'aggregator',
  startProcess:
    ({ table }) =>
    async (caller, operation) => {
      const { record, ttl } = recordOf(caller, operation);
      const [isActive] = await readWhetherActive(table, caller.rpRef, [record]);
      if (isActive) return 'already-counted';
      const [user] = await readUsers(table, caller.rpRef, [record.userId], 'eventual');
      if (!user) throw new Error(`${record.userId} is not registered.`);
      return putActiveUser(table, record, ttl);
    },
};
