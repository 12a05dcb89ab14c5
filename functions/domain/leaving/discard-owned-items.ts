import { discardOwned } from '../../table/discarding/owned-items.ts';
import type { Emptied } from '../../table/discarding/partitions.ts';
import { confirmingMailId } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/**
 * Discards the sessions, links, API keys and waiting e-mails of a customer while there is time. Keeps the confirming
 * e-mail, which another delivery of the message may have stored since the customer was read. Keeps the addresses, which
 * stay taken until the last step of the discarding.
 */
export function discardOwnedItems(
  { table }: Pick<Services, 'table'>,
  { customerId, unsubscription }: LeavingCustomer,
  hasTime: () => boolean,
): Promise<Emptied> {
  const mailId = unsubscription.by === 'nobody' ? undefined : confirmingMailId(customerId);
  return discardOwned(table, customerId, { mailId }, hasTime);
}
