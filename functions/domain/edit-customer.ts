import type { CustomerView } from '../contract/customers.ts';
import { updateCustomer, type CustomerEdit } from '../table/customers.ts';
import { actorOf, type AdministratorCaller } from './callers.ts';
import { logChange } from './changes.ts';
import { VersionConflictError } from './errors.ts';
import { getCustomer } from './get-customer.ts';
import type { CalendarServices } from './services.ts';

export const STALE = 'The customer was changed since that version was read. Read it again.';

/** Edits the customer information on the version that was read; throws `VersionConflictError` when that is stale. One conditional write. */
export async function editCustomer(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  edit: CustomerEdit,
): Promise<CustomerView> {
  const { customer } = caller;
  const edited = await updateCustomer(services.table, customer.customerId, version, edit);
  if (!edited) throw new VersionConflictError(STALE);
  const { name, address, phoneNumber } = customer;
  logChange(services.log, {
    actor: actorOf(caller),
    what: 'customer',
    customerId: customer.customerId,
    before: { name, address, phoneNumber },
    after: { name: edited.name, address: edited.address, phoneNumber: edited.phoneNumber },
  });
  return getCustomer(services, { ...caller, customer: edited });
}
