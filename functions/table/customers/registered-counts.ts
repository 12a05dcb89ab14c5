import { isUnsetOr } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import { activeValue, licenseVersionValue, sameLicenses, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer } from './customers.ts';

/** Only this file changes the counts in the customer item: registeredRps, registeredUsers, rpsOfMonth, usersOfMonth. */

/** The maxima that a registration must not exceed. Null means no maximum. */
export interface Maxima {
  /** The maximum number of RPs or users that are registered at the same time. */
  readonly max: number | null;
  /** The month in which the registration counts. */
  readonly month: string;
  /** The maximum number of RPs or users that the customer registers in `month`, including removed ones. */
  readonly maxOfMonth: number | null;
}

/**
 * Adds `added` to the customer's count of registered users and to its count of users registered in the month. Fails
 * when a count would exceed its maximum, when a license was set or cancelled after the customer item was read, when the
 * customer is not active, or when another registration has begun a new month. This write belongs in one transaction
 * with the writes that store the new users, so that concurrent requests cannot exceed a maximum.
 */
export function countUsersIn(
  read: Pick<Customer, 'customerId' | 'licenseVersion' | 'usersOfMonth'>,
  added: number,
  maxima: Maxima,
): Write<Customer> {
  return countIn(read, { total: 'registeredUsers', ofMonth: 'usersOfMonth' }, added, maxima);
}

/** Adds 1 to the customer's counts of registered RPs, under the same conditions as `countUsersIn`. */
export function countRpIn(
  read: Pick<Customer, 'customerId' | 'licenseVersion' | 'rpsOfMonth'>,
  maxima: Maxima,
): Write<Customer> {
  return countIn(read, { total: 'registeredRps', ofMonth: 'rpsOfMonth' }, 1, maxima);
}

/**
 * The first registration in a new month restarts the count of the month. The month of the count only moves forward.
 * Two requests, A and B, at the end of November:
 *
 *     A begins in November           B begins in December
 *                                    B restarts the count: December 1
 *     A's write fails: it would restart the count with November
 *     A reads December 1 and counts in December
 */
function countIn(
  read: Pick<Customer, 'customerId' | 'licenseVersion' | 'rpsOfMonth' | 'usersOfMonth'>,
  { total, ofMonth }: Counts,
  added: number,
  { max, month, maxOfMonth }: Maxima,
): Write<Customer> {
  const isFirst = read[ofMonth]?.month !== month;
  const conditions = [
    whileActive,
    sameLicenses,
    max !== null && `${total} <= :maxMinusAdded`,
    isFirst ? isUnsetOr(ofMonth, `${ofMonth}.#month < :month`) : `${ofMonth}.#month = :month`,
    !isFirst && maxOfMonth !== null && `${ofMonth}.registered <= :maxOfMonthMinusAdded`,
  ];
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: `SET ${isFirst ? `${ofMonth} = :first` : `${ofMonth}.registered = ${ofMonth}.registered + :added`} ADD ${total} :added`,
      ConditionExpression: conditions.filter((condition) => condition !== false).join(' AND '),
      ExpressionAttributeNames: { ...statusName, '#month': 'month' },
      ExpressionAttributeValues: {
        ...activeValue,
        ...licenseVersionValue(read),
        ':added': added,
        ':month': month,
        ...(max !== null && { ':maxMinusAdded': max - added }),
        ...(isFirst && { ':first': { month, registered: added } }),
        ...(!isFirst && maxOfMonth !== null && { ':maxOfMonthMinusAdded': maxOfMonth - added }),
      },
    },
  };
}

/** The attributes that count the RPs, or the users: the total, and the number that was registered in a month. */
type Counts =
  | { readonly total: 'registeredRps'; readonly ofMonth: 'rpsOfMonth' }
  | { readonly total: 'registeredUsers'; readonly ofMonth: 'usersOfMonth' };

/**
 * Subtracts the numbers of removed RPs and users from the customer's counts; fails unless the customer is active. Does
 * not change the counts of the month. This write belongs in the transaction that removes these RPs or users.
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
