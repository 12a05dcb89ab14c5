import type { Licensed } from '../../domain/licenses/license.ts';
import { isUnset } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import { licenseVersionValue, sameLicenses, statusName, unsubscribingValue } from './conditions.ts';
import { customerAt, type Customer, type LastPaid } from './customers.ts';

/** Owns what decides the bills in the customer item: license, upcomingLicenses, licenseVersion, lastPaid, closedThrough. */

type Closed = Pick<Customer, 'closedThrough'>;
/** No month of the customer was closed since the customer was read. */
const sameClosedMonths = ({ closedThrough }: Closed) =>
  closedThrough === undefined ? isUnset('closedThrough') : 'closedThrough = :readClosedThrough';
const closedThroughValue = ({ closedThrough }: Closed) =>
  closedThrough === undefined ? {} : { ':readClosedThrough': closedThrough };

/**
 * Sets a customer's licenses and, when it moves to Free, its last paid month. Fails when a license was set or a month
 * closed since the customer was read, when more is registered than `max`, or when the customer is unsubscribing.
 */
export function setLicenses(
  read: Pick<Customer, 'customerId' | 'licenseVersion' | 'closedThrough'>,
  { license, upcomingLicenses }: Licensed,
  max: { readonly rps: number; readonly users: number },
  lastPaid: LastPaid | undefined,
): Write<Customer> {
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: `SET license = :license, upcomingLicenses = :upcoming, licenseVersion = :nextLicenseVersion${lastPaid ? ', lastPaid = :lastPaid' : ''}`,
      ConditionExpression: `#status <> :unsubscribing AND ${sameLicenses} AND ${sameClosedMonths(read)} AND registeredRps <= :maxRps AND registeredUsers <= :maxUsers`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...unsubscribingValue,
        ...licenseVersionValue(read),
        ...closedThroughValue(read),
        ':license': license,
        ':upcoming': upcomingLicenses,
        ':nextLicenseVersion': read.licenseVersion + 1,
        ':maxRps': max.rps,
        ':maxUsers': max.users,
        ...(lastPaid && { ':lastPaid': lastPaid }),
      },
    },
  };
}

/**
 * Closes a month of a customer, and sets the last paid month when its bill now has a date. Fails when the customer's
 * status, licenses or closed months changed since the customer was read. Belongs in one transaction with the month's
 * statement.
 */
export function closeThrough(read: Customer, month: string, lastPaid: LastPaid | undefined): Write<Customer> {
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: `SET closedThrough = :month${lastPaid ? ', lastPaid = :lastPaid' : ''}`,
      ConditionExpression: `#status = :readStatus AND ${sameLicenses} AND ${sameClosedMonths(read)}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ':readStatus': read.status,
        ...licenseVersionValue(read),
        ...closedThroughValue(read),
        ':month': month,
        ...(lastPaid && { ':lastPaid': lastPaid }),
      },
    },
  };
}
