import { isUnset } from '../engine/conditions.ts';
import type { Write } from '../engine/transaction.ts';
import {
  activeValue,
  licenseVersionValue,
  requestValue,
  sameLicenses,
  sameRequest,
  statusName,
  whileActive,
} from './conditions.ts';
import { customerAt, type Customer, type RequestsOfDay, type UnsubscriptionRequest } from './customers.ts';

/**
 * This file stores and removes the attribute unsubscriptionRequest of the customer item: the request to unsubscribe
 * during its grace period. It also counts these requests. The write in `customer-licenses.ts` that sets a paid license
 * removes the attribute too, because a transaction has at most one write for an item.
 */

/**
 * Stores a request to unsubscribe, which begins the grace period. Fails when the customer's status, name, licenses or
 * representative changed after the customer item was read, and when a request is already stored. `ofDay` is the number
 * of requests in the current window, including this request.
 */
export function putUnsubscriptionRequest(
  read: Customer,
  request: UnsubscriptionRequest,
  ofDay: RequestsOfDay,
): Write<Customer> {
  const { unsubscriptionsOfDay: readOfDay } = read;
  const sameOfDay = readOfDay ? 'unsubscriptionsOfDay = :readOfDay' : isUnset('unsubscriptionsOfDay');
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: 'SET unsubscriptionRequest = :request, unsubscriptionsOfDay = :ofDay',
      ConditionExpression: `${whileActive} AND #name = :name AND ${sameLicenses} AND representativeId = :representativeId AND ${isUnset('unsubscriptionRequest')} AND ${sameOfDay}`,
      ExpressionAttributeNames: { ...statusName, '#name': 'name' },
      ExpressionAttributeValues: {
        ...activeValue,
        ...licenseVersionValue(read),
        ':request': request,
        ':ofDay': ofDay,
        ...(readOfDay && { ':readOfDay': readOfDay }),
        ':name': read.name,
        ':representativeId': read.representativeId,
      },
    },
  };
}

/**
 * Cancels the request to unsubscribe that was read. Fails when this request was cancelled after the customer item was
 * read, and when the customer is unsubscribing.
 */
export function cancelUnsubscriptionRequest(read: Customer): Write<Customer> {
  return {
    Update: {
      Key: customerAt(read.customerId),
      UpdateExpression: 'REMOVE unsubscriptionRequest',
      ConditionExpression: `${whileActive} AND ${sameRequest(read)}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ...activeValue, ...requestValue(read) },
    },
  };
}
