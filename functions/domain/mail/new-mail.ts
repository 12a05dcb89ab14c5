import type { Mail } from '../../table/mails.ts';
import { newId } from '../ids.ts';
import { DAY, toTtl } from '../time.ts';

/** What the answer to whoever asks for a link says, known or not. */
export const LINK_DETAIL =
  'If the address can get a link, an e-mail with it follows. At most 5 links an hour are sent to one address.';

type WithoutId<T> = T extends unknown ? Omit<T, 'mailId'> : never;

/** Makes an e-mail to be sent, with the TTL after which it is not worth sending any more: a day. */
export function newMail(mail: WithoutId<Mail>, now: number): [mail: Mail, ttl: number] {
  return [{ mailId: newId('mail'), ...mail }, toTtl(now + DAY)];
}

/** Gives the ID of the one e-mail that confirms a customer's unsubscribing: known without having been told of it. */
export const confirmingMailId = (customerId: string) => customerId.replace(/^cus_/, 'mail_');
