import type { Write } from '../engine/transaction.ts';
import { activeValue, statusName, whileActive } from './conditions.ts';
import { customerAt, type Customer, type MauAlertSetting } from './customers.ts';
import { customerPlace } from './find-customers.ts';

/**
 * Only this file changes the attributes of the customer item that administrators edit: version, name, address,
 * phoneNumber, representativeId and the setting of the MAU alert (mauAlert.enabled, threshold, levels and recipients),
 * and also finderSk (a key attribute of our GSI), which contains the threshold and the levels. Every edit increases the version of the customer. An edit fails when the version
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
  const lists = Object.entries({ levels: mauAlert.levels ?? [], recipients: mauAlert.recipients ?? [] });
  const kept = lists.filter(([, list]) => list.length > 0);
  return updateOnVersion(read, {
    sets: [
      ...['mauAlert.enabled = :enabled', 'mauAlert.threshold = :threshold', 'finderSk = :finderSk'],
      ...kept.map(([name]) => `mauAlert.${name} = :${name}`),
    ],
    removes: lists.filter(([, list]) => list.length === 0).map(([name]) => `mauAlert.${name}`),
    values: {
      ':enabled': mauAlert.enabled,
      ':threshold': mauAlert.threshold,
      ':finderSk': customerPlace(read.customerId, mauAlert).finderSk,
      ...Object.fromEntries(kept.map(([name, list]) => [`:${name}`, list])),
    },
  });
}

function updateOnVersion(
  { customerId, version }: Read,
  edit: { sets: string[]; removes?: string[]; names?: Record<string, string>; values: Record<string, unknown> },
): Write<Customer> {
  const { removes = [] } = edit;
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: `SET ${['version = :nextVersion', ...edit.sets].join(', ')}${removes.length > 0 ? ` REMOVE ${removes.join(', ')}` : ''}`,
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
