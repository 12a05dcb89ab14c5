import type { Licensed } from '../../domain/licenses/license.ts';
import type { Write } from '../engine/transaction.ts';
import {
  closedThroughValue,
  licenseVersionValue,
  requestValue,
  sameClosedMonths,
  sameLicenses,
  sameRequest,
  statusName,
  unsubscribingValue,
} from './conditions.ts';
import { customerAt, type Customer, type LastPaid } from './customers.ts';

/**
 * Only this file changes the attributes of the customer item that decide the customer's bills: license,
 * upcomingLicenses, licenseVersion, lastPaid and closedThrough. A month is closed when the month's statement is stored.
 * The write that sets a paid license also removes the attribute unsubscriptionRequest, which belongs to
 * `unsubscription-requests.ts`.
 */

/**
 * Sets a customer's licenses and, when the customer moves to the Free license, the customer's last paid month. Fails
 * when, after the customer item was read, a license was set or cancelled or a month was closed. Also fails when the
 * customer has more RPs or users than `max`, or when the customer is unsubscribing. If `cancelsUnsubscription` is true,
 * the write also removes the customer's request to unsubscribe, and fails when a request was stored or cancelled after
 * the customer item was read.
 */
export function setLicenses(
  read: Pick<Customer, 'customerId' | 'licenseVersion' | 'closedThrough' | 'unsubscriptionRequest'>,
  { license, upcomingLicenses }: Licensed,
  max: { readonly rps: number; readonly users: number },
  { lastPaid, cancelsUnsubscription = false }: { lastPaid?: LastPaid | undefined; cancelsUnsubscription?: boolean },
): Write<Customer> {
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: `SET license = :license, upcomingLicenses = :upcoming, licenseVersion = :nextLicenseVersion${lastPaid ? ', lastPaid = :lastPaid' : ''}${cancelsUnsubscription ? ' REMOVE unsubscriptionRequest' : ''}`,
      ConditionExpression: `#status <> :unsubscribing AND ${sameLicenses} AND ${sameClosedMonths(read)} AND registeredRps <= :maxRps AND registeredUsers <= :maxUsers${cancelsUnsubscription ? ` AND ${sameRequest(read)}` : ''}`,
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
        ...(cancelsUnsubscription && requestValue(read)),
      },
    },
  };
}

/**
 * Stores a customer's last closed month, and stores `lastPaid` unless `lastPaid` is undefined. Fails when the
 * customer's status, licenses or closed months changed after the customer item was read. This write belongs in one
 * transaction with the write that stores the month's statement.
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
