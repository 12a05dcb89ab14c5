import type { Customer, UnsubscriptionRequest } from '../../table/customers/customers.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { putMailWith } from '../../table/mails.ts';
import { newMail } from './new-mail.ts';

/**
 * The e-mails that tell all privileged administrators, including the representative, about the grace period. Each write
 * belongs in one transaction with the change that it reports. `requestId` is the ID of the request, or of the
 * invocation, that makes the change.
 */

/** Returns the write that stores the e-mail about a request to unsubscribe. */
export function noticeOfRequest(
  { customerId, name }: Customer,
  requestedBy: string,
  { requestedAt, effectiveAt }: UnsubscriptionRequest,
  requestId: string | undefined,
): Write {
  const notice = { template: 'unsubscription-requested', customerName: name, requestedBy, effectiveAt } as const;
  return putMailWith(
    ...newMail({ ...notice, recipients: 'privileged-administrators', customerId }, requestedAt, requestId),
  );
}

/**
 * Returns the write that stores the e-mail about a cancelled request. `cancelledBy` is the name of the administrator
 * who cancelled, or null when a paid license cancelled. `now` is in epoch milliseconds.
 */
export function noticeOfCancellation(
  { customerId, name }: Customer,
  cancelledBy: string | null,
  now: number,
  requestId: string | undefined,
): Write {
  const notice = { template: 'unsubscription-cancelled', customerName: name, cancelledBy } as const;
  return putMailWith(...newMail({ ...notice, recipients: 'privileged-administrators', customerId }, now, requestId));
}
