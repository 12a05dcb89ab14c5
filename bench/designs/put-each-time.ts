import { putActiveUser } from '../../functions/table/metering/active-users.ts';
import { recordOf, type Design } from './design.ts';

/**
 * For each operation, design (a) makes one conditional put of the active-user record and no other call. Design (a) does
 * not check whether the user is registered; the check would cost half a read unit more for each operation.
 */
export const putEachTime: Design = {
  name: '(a) conditional put each time',
  counting: 'aggregator',
  startProcess:
    ({ table }) =>
    (caller, operation) => {
      const { record, ttl } = recordOf(caller, operation);
      return putActiveUser(table, record, ttl);
    },
};
