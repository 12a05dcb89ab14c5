import { putActiveUser } from '../../functions/table/active-users.ts';
import { recordOf, type Design } from './design.ts';

/**
 * (a) The conditional put alone, each time. It does not look whether the user is registered: that would cost it half a read
 * unit more for every operation.
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
