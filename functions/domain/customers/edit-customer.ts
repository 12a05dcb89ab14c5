import type { CustomerView } from '../../contract/customers.ts';
import { updateCustomer, type CustomerEdit } from '../../table/customers/customer-edits.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { actorOf, type AdministratorCaller } from '../callers.ts';
import { logChange } from '../change-log.ts';
import { VersionConflictError } from '../errors.ts';
import { getCustomer } from './get-customer.ts';
import type { CalendarServices } from '../services.ts';

export const STALE = 'The customer was changed since that version was read. Read it again.';

/** Edits the customer information on the version that was read; throws `VersionConflictError` when that is stale. */
export async function editCustomer(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  edit: CustomerEdit,
): Promise<CustomerView> {
  const { customer } = caller;
  const edited = await editOnVersion(services, customer, version, updateCustomer(customer, edit), edit);
  logChange(services.log, {
    actor: actorOf(caller),
    what: 'customer',
    customerId: customer.customerId,
    before: informationOf(customer),
    after: informationOf(edited),
  });
  return getCustomer(services, { ...caller, customer: edited });
}

const informationOf = ({ name, address, phoneNumber }: Customer) => ({ name, address, phoneNumber });

/**
 * Does one write on the customer that was read, if that has the version that its caller read, and gives the customer as it
 * is then; throws `VersionConflictError`. A transaction, though of one write: one whose answer is lost is tried again and must
 * not find the version moved by itself. If the process dies, it is done or not.
 */
export async function editOnVersion(
  { table }: Pick<CalendarServices, 'table'>,
  read: Customer,
  version: number,
  write: Write,
  edit: Partial<Customer>,
): Promise<Customer> {
  if (version !== read.version) throw new VersionConflictError(STALE);
  const failures = await transact(table, { customer: write });
  if (failures) throw new VersionConflictError(STALE);
  return { ...read, ...edit, version: version + 1 };
}
