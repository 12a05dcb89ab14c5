import { activeUserItem } from '../../functions/table/metering/active-users.ts';
import { addToRpMau, addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { absent } from '../../functions/table/engine/conditions.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { recordOf, type Design } from './design.ts';

/**
 * Design (c) puts the active-user record and updates the MAU counters in one transaction for each operation, so that
 * the design does not need the table's stream. Like design (a), design (c) does not check whether the user is
 * registered. If `both` is true, the transaction updates the counters of the RP and of the customer, which the service
 * also updates. If `both` is false, the transaction updates only the counter of the RP, so the Customer view would have
 * to read the counters of all RPs.
 */
const transactionEachTime = (name: string, both: boolean): Design => ({
  name,
  counting: both ? 'itself' : 'itself-rp-only',
  startProcess:
    ({ table }) =>
    async (caller, operation) => {
      const { record, ttl } = recordOf(caller, operation);
      const { customerId, rpRef, month } = record;
      const failures = await transact(table, {
        record: { Put: { Item: activeUserItem(record, ttl), ConditionExpression: absent } },
        counter: addToRpMau(customerId, month, rpRef, 1),
        total: both ? addToTotalMau(customerId, month, 1) : undefined,
      });
      return failures ? 'already-counted' : 'counted';
    },
});

export const transactionWithBoth = transactionEachTime('(c) transaction each time', true);
export const transactionWithOne = transactionEachTime("(c) … with the RP's counter only", false);
