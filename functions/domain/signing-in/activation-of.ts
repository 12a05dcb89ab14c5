import { keepReservedEmail } from '../../table/administrator-emails.ts';
import { activateAdministrator, type Administrator } from '../../table/administrators.ts';
import { checkCustomerActive } from '../../table/customers/conditions.ts';
import { activateCustomer } from '../../table/customers/customer-status.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { giveClaimedEmail, giveEmail } from '../../table/emails.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { keepLicense } from '../../table/licenses.ts';
import type { Language } from '../mail/languages.ts';
import { hasCustomerLapsed, hasLapsed } from '../activation-deadline.ts';

/** The writes of an activation. The writes `reserved` and `license` exist only if the administrator signed up. */
interface Activation {
  readonly administrator: Write<Administrator>;
  readonly customer: Write<Customer>;
  readonly email: Write;
  readonly reserved: Write | undefined;
  readonly license: Write | undefined;
}

/**
 * Returns the writes that activate an administrator who opened an activation link. Returns undefined when the link has
 * no effect: the administrator is already active, the invitation or the sign-up has lapsed, or the customer is
 * unsubscribing. The calling function adds the writes to the transaction that uses the link.
 *
 * The write `email` gives the e-mail address to the administrator, and decides between several people who claim the
 * address at the same time:
 *
 *     invitation of A, invitation of B     the first opened link gets the address, and the write for the other fails
 *     sign-up 1, then sign-up 2            only the link of sign-up 2 works
 *     sign-up, invitation                  both links work, until one of them is opened
 *
 * `language` is the language of the person who opened the link. It replaces the language of an invited administrator,
 * which is the language of the person who sent the invitation. A person who signed up has chosen their language then.
 *
 * If the administrator signed up, the writes also activate the customer. They remove the TTL from every item of the
 * customer in the same transaction, so DynamoDB never deletes a part of an active customer.
 */
export function activationOf(
  administrator: Administrator,
  customer: Customer,
  now: number,
  language: Language | undefined,
): Activation | undefined {
  if (administrator.status !== 'provisional') return undefined;
  if (customer.status === 'active') {
    if (hasLapsed(administrator, now)) return undefined;
    return {
      administrator: activateAdministrator(administrator, language),
      customer: checkCustomerActive(customer.customerId),
      email: giveEmail(administrator),
      reserved: undefined,
      license: undefined,
    };
  }
  if (customer.status !== 'provisional' || hasCustomerLapsed(customer, now)) return undefined;
  return {
    administrator: activateAdministrator(administrator),
    customer: activateCustomer(customer, now),
    email: giveClaimedEmail(administrator),
    reserved: keepReservedEmail(administrator),
    license: keepLicense(customer.customerId, customer.license),
  };
}
