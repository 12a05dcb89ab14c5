import type { Table } from '../engine/client.ts';
import { absent, isUnset } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';
import {
  closedThroughValue,
  licenseVersionValue,
  requestValue,
  sameClosedMonths,
  sameLicenses,
  sameRequest,
  statusName,
  unsubscribingValue,
  whileUnsubscribing,
} from './conditions.ts';
import { customerAt, type Customer, type ItemCounts, type Unsubscription } from './customers.ts';
import { customerPlace } from './find-customers.ts';

/**
 * Only this file creates, activates and deletes customer items, and only this file changes their attributes status and
 * unsubscription.
 */

/**
 * Creates a provisional customer; fails when a customer with the same ID exists. The item is in no index, so that no
 * run that goes through the customers reads it. `ttl` is the time, in seconds since the epoch, after which DynamoDB may
 * delete the item.
 */
export function putProvisionalCustomer(customer: Customer, ttl: number): Write<Customer> {
  return { Put: { Item: { ...customerAt(customer.customerId), ...customer, ttl }, ConditionExpression: absent } };
}

/** Creates a customer in the finder (our GSI); fails when a customer with the same ID exists. */
export function putCustomer(customer: Customer): Write<Customer> {
  const { customerId, mauAlert } = customer;
  return {
    Put: {
      Item: { ...customerAt(customerId), ...customerPlace(customerId, mauAlert), ...customer },
      ConditionExpression: absent,
    },
  };
}

/**
 * Replaces a provisional customer by the same customer with the status `active`, without a TTL and with its key in the
 * finder (our GSI). `now` is the time of the activation, in epoch milliseconds. Fails when the customer is no longer
 * provisional, or when its licenses or closed months changed after the customer item was read.
 */
export function activateCustomer(read: Customer, now: number): Write<Customer> {
  const { customerId, mauAlert, ttl, ...kept } = read;
  return {
    Put: {
      Item: {
        ...kept,
        ...customerAt(customerId),
        ...customerPlace(customerId, mauAlert),
        ...{ customerId, mauAlert, status: 'active', activatedAt: now },
      },
      ConditionExpression: `#status = :provisional AND ${sameLicenses} AND ${sameClosedMonths(read)}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ':provisional': 'provisional',
        ...licenseVersionValue(read),
        ...closedThroughValue(read),
      },
    },
  };
}

/**
 * Sets the customer's status to `unsubscribing`. This status is the fence: after this write, the service refuses every
 * request of the customer and every new write of the customer's data. Fails when the customer's status, name, licenses,
 * representative or request to unsubscribe changed after the customer item was read. If the process dies after this
 * write, the discarding queue already contains the message that starts the deletion of the customer's data.
 */
export function startUnsubscribing(read: Customer, unsubscription: Unsubscription): Write<Customer> {
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: 'SET #status = :unsubscribing, unsubscription = :unsubscription',
      ConditionExpression: `#status = :status AND #name = :name AND licenseVersion = :licenseVersion AND representativeId = :representativeId AND ${sameRequest(read)}`,
      ExpressionAttributeNames: { ...statusName, '#name': 'name' },
      ExpressionAttributeValues: {
        ...unsubscribingValue,
        ':unsubscription': unsubscription,
        ':status': read.status,
        ':name': read.name,
        ':licenseVersion': read.licenseVersion,
        ':representativeId': read.representativeId,
        ...requestValue(read),
      },
    },
  };
}

/**
 * Allows the service to begin to delete the data of an unsubscribing customer. Returns false when the customer is not
 * unsubscribing.
 */
export function allowDiscarding(table: Table, customerId: string): Promise<boolean> {
  return updateUnsubscription(table, customerId, 'SET unsubscription.discards = :value', true);
}

/**
 * Resets the start time of the fence (the status `unsubscribing`) to `now`. Returns false when the customer is not
 * unsubscribing.
 */
export function moveFence(table: Table, customerId: string, now: number): Promise<boolean> {
  return updateUnsubscription(table, customerId, 'SET unsubscription.startedAt = :value', now);
}

/**
 * Records that a scheduled run sent a message about the customer to the discarding queue at `now`. Returns false when
 * the customer is not unsubscribing. If the process dies before this write, a later run sends another message.
 */
export function keepAnnounced(table: Table, customerId: string, now: number): Promise<boolean> {
  return updateUnsubscription(table, customerId, 'SET unsubscription.announcedAt = :value', now);
}

/**
 * Stores how many items of each kind the service will delete, unless a count is already stored. The write keeps an
 * earlier count, because a later count misses the items that are already deleted. Returns false when the customer is
 * not unsubscribing.
 */
export function keepFound(table: Table, customerId: string, found: ItemCounts): Promise<boolean> {
  const first = 'SET unsubscription.#found = if_not_exists(unsubscription.#found, :value)';
  // `found` needs a placeholder in case DynamoDB reserves the word.
  return updateUnsubscription(table, customerId, first, found, { '#found': 'found' });
}

async function updateUnsubscription(
  table: Table,
  customerId: string,
  expression: string,
  value: unknown,
  names: Record<string, string> = {},
): Promise<boolean> {
  const updated = await updateWhile(table, {
    Key: customerAt(customerId),
    UpdateExpression: expression,
    ConditionExpression: whileUnsubscribing,
    ExpressionAttributeNames: { ...statusName, ...names },
    ExpressionAttributeValues: { ...unsubscribingValue, ':value': value },
  });
  return updated !== undefined;
}

/**
 * Stores which e-mail confirms the deletion of the customer's data; fails when the customer item already names such an
 * e-mail. This write belongs in one transaction with the write that stores the e-mail.
 */
export function keepConfirmingMail(customerId: string, mail: NonNullable<Unsubscription['mail']>): Write<Customer> {
  return {
    Update: {
      Key: customerAt(customerId),
      UpdateExpression: 'SET unsubscription.mail = :mail',
      ConditionExpression: `${whileUnsubscribing} AND ${isUnset('unsubscription.mail')}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ...unsubscribingValue, ':mail': mail },
    },
  };
}

/** Deletes an unsubscribing customer. This write ends the discarding, which is the deletion of the customer's data. */
export function deleteCustomer(customerId: string): Write<Customer> {
  return {
    Delete: {
      Key: customerAt(customerId),
      ConditionExpression: whileUnsubscribing,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: unsubscribingValue,
    },
  };
}
