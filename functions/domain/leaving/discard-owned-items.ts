import { discardOwned } from '../../table/discarding/owned-items.ts';
import type { Emptied } from '../../table/discarding/partitions.ts';
import { confirmingMailId } from '../mail/new-mail.ts';
import type { Services } from '../services.ts';
import type { LeavingCustomer } from './leaving-customer.ts';

/**
 * Discards a customer's sessions, links, API keys and unsent e-mails until the Lambda function runs out of time. Keeps
 * the e-mail that confirms the unsubscription: the discarding queue may deliver a message about the customer twice, so
 * another worker may already have stored this e-mail. Keeps the items that reserve the administrators' e-mail
 * addresses, so that nobody can sign up with these addresses before the last step of the discarding. Returns whether no
 * item is left to discard, and how many items this call discarded.
 */
export function discardOwnedItems(
  { table }: Pick<Services, 'table'>,
  { customerId, unsubscription }: LeavingCustomer,
  hasTime: () => boolean,
): Promise<Emptied> {
  const mailId = unsubscription.by === 'nobody' ? undefined : confirmingMailId(customerId);
  return discardOwned(table, customerId, { mailId }, hasTime);
}
