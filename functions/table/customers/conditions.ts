import { isUnset } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import { customerAt, type Customer } from './customers.ts';

/**
 * The conditions that several writes of the customer item share, and the condition checks on the customer item. No
 * function in this file changes an item.
 */

/** The placeholder that every condition on the status needs, because `status` is a reserved word in DynamoDB. */
export const statusName = { '#status': 'status' } as const;

/** The condition that the customer exists, was activated, and is not unsubscribing. */
export const whileActive = '#status = :active';
export const activeValue = { ':active': 'active' } as const;

/** The condition that the customer exists and is unsubscribing. */
export const whileUnsubscribing = '#status = :unsubscribing';
export const unsubscribingValue = { ':unsubscribing': 'unsubscribing' } as const;

/** The condition that no license was set or cancelled after the customer item was read. */
export const sameLicenses = 'licenseVersion = :readLicenseVersion';
export const licenseVersionValue = ({ licenseVersion }: Pick<Customer, 'licenseVersion'>) => ({
  ':readLicenseVersion': licenseVersion,
});

/** The condition that no request to unsubscribe was stored or cancelled after the customer item was read. */
export const sameRequest = ({ unsubscriptionRequest }: Pick<Customer, 'unsubscriptionRequest'>) =>
  unsubscriptionRequest ? 'unsubscriptionRequest.requestedAt = :readRequestedAt' : isUnset('unsubscriptionRequest');
export const requestValue = ({ unsubscriptionRequest }: Pick<Customer, 'unsubscriptionRequest'>) =>
  unsubscriptionRequest ? { ':readRequestedAt': unsubscriptionRequest.requestedAt } : {};

type Closed = Pick<Customer, 'closedThrough'>;
/** The condition that no month of the customer was closed after the customer item was read. */
export const sameClosedMonths = ({ closedThrough }: Closed) =>
  closedThrough === undefined ? isUnset('closedThrough') : 'closedThrough = :readClosedThrough';
export const closedThroughValue = ({ closedThrough }: Closed) =>
  closedThrough === undefined ? {} : { ':readClosedThrough': closedThrough };

/** Checks that a customer is active. */
export function checkCustomerActive(customerId: string): Write<Customer> {
  return {
    ConditionCheck: {
      Key: customerAt(customerId),
      ConditionExpression: whileActive,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: activeValue,
    },
  };
}

/** Checks that a customer is active and that an administrator is the customer's representative. */
export function checkRepresentative(customerId: string, administratorId: string): Write<Customer> {
  return checkRepresentativeId(customerId, administratorId, '=');
}

/** Checks that a customer is active and that an administrator is not the customer's representative. */
export function checkNotRepresentative(customerId: string, administratorId: string): Write<Customer> {
  return checkRepresentativeId(customerId, administratorId, '<>');
}

function checkRepresentativeId(customerId: string, administratorId: string, operator: '=' | '<>'): Write<Customer> {
  return {
    ConditionCheck: {
      Key: customerAt(customerId),
      ConditionExpression: `${whileActive} AND representativeId ${operator} :administratorId`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ...activeValue, ':administratorId': administratorId },
    },
  };
}
