import { isUnsetOr } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import { activeValue, licenseVersionValue, sameLicenses, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer } from './customers.ts';

/** Only this file changes the counts in the customer item: registeredRps, registeredUsers, rpsOfMonth. */

/**
 * Adds `added` to the customer's count of registered users. Fails when the count would exceed `max` (null: no maximum),
 * when a license was set or cancelled after the customer item was read, or when the customer is not active. This write
 * belongs in one transaction with the writes that store the new users, so that concurrent requests cannot exceed `max`.
 */
export function countUsersIn(
  read: Pick<Customer, 'customerId' | 'licenseVersion'>,
  added: number,
  max: number | null,
): Write<Customer> {
  const withinMax = max === null ? '' : ' AND registeredUsers <= :maxMinusAdded';
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: 'ADD registeredUsers :added',
      ConditionExpression: `${whileActive} AND ${sameLicenses}${withinMax}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...activeValue,
        ...licenseVersionValue(read),
        ':added': added,
        ...(max !== null && { ':maxMinusAdded': max - added }),
      },
    },
  };
}

/**
 * Adds 1 to the customer's count of registered RPs, under the same conditions as `countUsersIn`. Also adds 1 to the
 * count of the RPs that were registered in `month`, and fails when this monthly count would exceed `most`. The first RP
 * that is registered in a new month restarts the monthly count at 1.
 */
export function countRpIn(
  read: Pick<Customer, 'customerId' | 'licenseVersion' | 'rpsOfMonth'>,
  max: number | null,
  { month, most }: { month: string; most: number },
): Write<Customer> {
  const isFirst = read.rpsOfMonth?.month !== month;
  const withinMax = max === null ? '' : ' AND registeredRps < :max';
  const withinMost = isFirst
    ? isUnsetOr('rpsOfMonth', 'rpsOfMonth.#month <> :month')
    : 'rpsOfMonth.#month = :month AND rpsOfMonth.registered < :most';
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: `SET ${isFirst ? 'rpsOfMonth = :first' : 'rpsOfMonth.registered = rpsOfMonth.registered + :one'} ADD registeredRps :one`,
      ConditionExpression: `${whileActive} AND ${sameLicenses}${withinMax} AND ${withinMost}`,
      ExpressionAttributeNames: { ...statusName, '#month': 'month' },
      ExpressionAttributeValues: {
        ...activeValue,
        ...licenseVersionValue(read),
        ':one': 1,
        ':month': month,
        ...(max !== null && { ':max': max }),
        ...(isFirst ? { ':first': { month, registered: 1 } } : { ':most': most }),
      },
    },
  };
}

/**
 * Subtracts the numbers of removed RPs and users from the customer's counts; fails unless the customer is active. This
 * write belongs in the transaction that removes these RPs or users.
 */
export function countOut(
  customerId: string,
  removed: Partial<Pick<Customer, 'registeredRps' | 'registeredUsers'>>,
): Write<Customer> {
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: 'ADD registeredRps :rps, registeredUsers :users',
      ConditionExpression: whileActive,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...activeValue,
        ':rps': -(removed.registeredRps ?? 0),
        ':users': -(removed.registeredUsers ?? 0),
      },
    },
  };
}
