import type { CustomerView } from '../../contract/customers.ts';
import { checkCaller } from '../../table/administrators.ts';
import { updateCustomer, type CustomerEdit } from '../../table/customers/customer-edits.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { transact, type Write } from '../../table/engine/transaction.ts';
import { newChange } from '../audit/new-change.ts';
import type { Change } from '../change-log.ts';
import type { AdministratorCaller } from '../callers.ts';
import { lostRights, staleVersion } from '../refusals.ts';
import { getCustomer } from './get-customer.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Changes the name, address or phone number of the customer to which the caller belongs, and returns the customer in
 * the form that API responses use. Throws `VersionConflictError` when the customer no longer has the version `version`,
 * and `UnauthenticatedError` when the caller lost rights after the request was authenticated.
 */
export async function editCustomer(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  edit: CustomerEdit,
): Promise<CustomerView> {
  const { customer } = caller;
  const change = newChange(services, caller, customer.customerId, {
    kind: 'customer-edited',
    before: informationOf(customer),
    after: informationOf({ ...customer, ...edit }),
  });
  const edited = await editOnVersion(services, caller, version, updateCustomer(customer, edit), edit, change);
  return getCustomer(services, { ...caller, customer: edited });
}

const informationOf = ({ name, address, phoneNumber }: Customer) => ({ name, address, phoneNumber });

/**
 * Performs one write on the customer to which the caller belongs, and returns the updated customer. `version` is the
 * version that the client read, and `edit` has the new values of the changed attributes. Stores and logs
 * `change`. Throws `VersionConflictError`
 * when the customer no longer has the version `version`, and `UnauthenticatedError` when the caller lost rights after
 * the request was authenticated.
 *
 * The write is a transaction, because DynamoDB recognizes a repeated transaction by its client token. When DynamoDB's
 * response is lost, the SDK repeats the write. Without the client token, the repeated write would find the new version
 * and report a conflict. If the process dies, either the customer has the new values or nothing has changed.
 */
export async function editOnVersion(
  { table }: Pick<CalendarServices, 'table'>,
  { administrator, customer: read }: AdministratorCaller,
  version: number,
  write: Write,
  edit: Partial<Customer>,
  change: Change,
): Promise<Customer> {
  if (version !== read.version) throw staleVersion();
  const failures = await transact(table, {
    customer: write,
    caller: checkCaller(administrator),
    audit: change.write,
  });
  if (failures?.caller) throw lostRights();
  if (failures) throw staleVersion();
  change.log();
  return { ...read, ...edit, version: version + 1 };
}
