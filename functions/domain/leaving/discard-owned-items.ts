import { discardOwned } from '../../table/discarding/owned-items.ts';
import type { Emptied } from '../../table/discarding/partitions.ts';
import { confirmingMailId } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/**
 * Discards the sessions, links, API keys and waiting e-mails of a customer while there is time. It spares the confirming
 * e-mail, which another delivery may have stored since the customer was read. Addresses stay taken until the end.
 */
export function discardOwnedItems(
  { table }: Pick<Services, 'table'>,
  { customerId, unsubscription }: LeavingCustomer,
  hasTime: () => boolean,
): Promise<Emptied> {
  const mailId = unsubscription.by === 'nobody' ? undefined : confirmingMailId(customerId);
  return discardOwned(table, customerId, { mailId }, hasTime);
}
