import { isUnset } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import { activeValue, licenseVersionValue, sameLicenses, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer, type LicenseNotices } from './customers.ts';

/**
 * Stores the notices about the license that are decided now. Fails when the customer is not active. Also fails when
 * another run decided notices, the licenses changed or somebody unsubscribed the customer after the customer item was
 * read. This write belongs in one transaction with the notice, so that each notice is stored once.
 */
export function putLicenseNotices(read: Customer, decided: LicenseNotices): Write<Customer> {
  const { licenseNotices: before } = read;
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: 'SET licenseNotices = :decided',
      ConditionExpression: [
        whileActive,
        sameLicenses,
        isUnset('unsubscriptionRequest'),
        before ? 'licenseNotices = :before' : isUnset('licenseNotices'),
      ].join(' AND '),
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...activeValue,
        ...licenseVersionValue(read),
        ':decided': decided,
        ...(before && { ':before': before }),
      },
    },
  };
}
