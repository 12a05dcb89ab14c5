import type { StoredMail } from '../../table/mails.ts';
import { newId, sameMailId } from '../ids.ts';
import { DAY, toTtl } from '../time.ts';

type WithoutId<T> = T extends unknown ? Omit<T, 'mailId' | 'requestId'> : never;

/**
 * Returns an e-mail with a new ID, and the TTL of the e-mail's item in epoch seconds. The TTL is one day after `now`,
 * because an e-mail that could not be sent within a day is no longer useful to its recipient. `requestId` is the ID of
 * the request, or of the invocation, that causes the e-mail.
 */
export function newMail(
  mail: WithoutId<StoredMail>,
  now: number,
  requestId: string | undefined,
): [mail: StoredMail, ttl: number] {
  return [{ mailId: newId('mail'), ...mail, requestId }, toTtl(now + DAY)];
}

/**
 * Returns the ID of the e-mail that confirms a customer's unsubscription. The service stores at most one e-mail of this
 * kind for each customer. The e-mail's ID is computed from the customer's ID, so no item has to store the e-mail's ID.
 */
export const confirmingMailId = (customerId: string) => customerId.replace(/^cus_/, 'mail_');

/**
 * Returns the ID of the e-mail that combines a customer's notices to one recipient. The ID is computed, so that all
 * notices of the window that ends before `dueAt` (epoch milliseconds) are added to the same e-mail.
 */
export const combinedMailId = (customerId: string, dueAt: number, to: string) =>
  sameMailId([customerId, dueAt, to].join('#'));
