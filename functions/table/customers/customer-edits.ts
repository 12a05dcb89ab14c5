import type { Write } from '../engine/transaction.ts';
import { activeValue, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer, type MauAlertSetting } from './customers.ts';
import { customerPlace } from './find-customers.ts';

/**
 * Only this file changes the attributes of the customer item that administrators edit: version, name, address,
 * phoneNumber, representativeId, mauAlert.enabled and mauAlert.threshold, and also finderSk (a key attribute of our
 * GSI), which contains the threshold. Every edit increases the version of the customer. An edit fails when the version
 * changed after the customer item was read, or when the customer is not active.
 */

type Read = Pick<Customer, 'customerId' | 'version'>;

/** Sets the representative of a customer. */
export function setRepresentative(read: Read, administratorId: string): Write<Customer> {
  return updateOnVersion(read, {
    sets: ['representativeId = :administratorId'],
    values: { ':administratorId': administratorId },
  });
}

export type CustomerEdit = Partial<Pick<Customer, 'name' | 'address' | 'phoneNumber'>>;

/** Edits a customer's name, address or phone number. */
export function updateCustomer(read: Read, edit: CustomerEdit): Write<Customer> {
  const fields = Object.entries(edit);
  return updateOnVersion(read, {
    sets: fields.map(([name]) => `#${name} = :${name}`),
    names: Object.fromEntries(fields.map(([name]) => [`#${name}`, name])),
    values: Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
  });
}

/**
 * Sets a customer's MAU alert, and updates the customer's key in the finder (our GSI). The run that decides to send
 * alerts reads the setting from this key.
 */
export function updateMauAlert(read: Read, mauAlert: MauAlertSetting): Write<Customer> {
  return updateOnVersion(read, {
    sets: ['mauAlert.enabled = :enabled', 'mauAlert.threshold = :threshold', 'finderSk = :finderSk'],
    values: {
      ':enabled': mauAlert.enabled,
      ':threshold': mauAlert.threshold,
      ':finderSk': customerPlace(read.customerId, mauAlert).finderSk,
    },
  });
}

function updateOnVersion(
  { customerId, version }: Read,
  edit: { sets: string[]; names?: Record<string, string>; values: Record<string, unknown> },
): Write<Customer> {
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: `SET ${['version = :nextVersion', ...edit.sets].join(', ')}`,
      ConditionExpression: `${whileActive} AND version = :readVersion`,
      ExpressionAttributeNames: { ...statusName, ...edit.names },
      ExpressionAttributeValues: {
        ...activeValue,
        ':readVersion': version,
        ':nextVersion': version + 1,
        ...edit.values,
      },
    },
  };
}
