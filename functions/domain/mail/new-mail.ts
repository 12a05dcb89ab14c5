import type { Mail } from '../../table/mails.ts';
import { newId } from '../ids.ts';
import { DAY, toTtl } from '../time.ts';

/** The answer to a person who asks for a link. The answer is the same for known and unknown addresses. */
export const LINK_DETAIL =
  'If this address can get a link, you receive it by e-mail. We send at most 5 links an hour to one address.';

type WithoutId<T> = T extends unknown ? Omit<T, 'mailId'> : never;

/**
 * Creates an e-mail to be sent, with the TTL of its item in epoch seconds: after a day, the e-mail is not worth sending
 * any more.
 */
export function newMail(mail: WithoutId<Mail>, now: number): [mail: Mail, ttl: number] {
  return [{ mailId: newId('mail'), ...mail }, toTtl(now + DAY)];
}

/**
 * Returns the ID of the only e-mail that confirms that a customer was unsubscribed. The ID follows from the customer's
 * ID, so that nothing has to store it.
 */
export const confirmingMailId = (customerId: string) => customerId.replace(/^cus_/, 'mail_');
