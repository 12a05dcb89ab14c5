import type { CustomerView } from '../../contract/customers.ts';
import { updateMauAlert as writeMauAlert } from '../../table/customers/customer-edits.ts';
import type { MauAlertSetting } from '../../table/customers/customers.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { editOnVersion } from '../customers/edit-customer.ts';
import { getCustomer } from '../customers/get-customer.ts';
import type { CalendarServices } from '../services.ts';

/**
 * Sets the MAU alert of the customer to which the caller belongs, and returns the customer in the form that API
 * responses use. Throws `VersionConflictError` when the customer no longer has the version `version`, and
 * `UnauthenticatedError` when the caller lost rights after the request was authenticated. After an e-mail was sent for
 * a month and a threshold, no later change to the setting causes a second e-mail for the same month and threshold.
 */
export async function setMauAlert(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  setting: MauAlertSetting,
): Promise<CustomerView> {
  const { customer } = caller;
  const { enabled, threshold, lastNotification } = customer.mauAlert;
  const change = newChange(services, caller, customer.customerId, {
    kind: 'mau-alert-set',
    before: { enabled, threshold },
    after: setting,
  });
  const edit = { mauAlert: { ...setting, lastNotification } };
  const edited = await editOnVersion(services, caller, version, writeMauAlert(customer, setting), edit, change);
  return getCustomer(services, { ...caller, customer: edited });
}
