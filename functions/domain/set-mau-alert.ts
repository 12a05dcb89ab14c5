import type { CustomerView } from '../contract/customers.ts';
import { setMauAlert as writeMauAlert, type MauAlertSetting } from '../table/customers.ts';
import { actorOf, type AdministratorCaller } from './callers.ts';
import { logChange } from './changes.ts';
import { STALE } from './edit-customer.ts';
import { VersionConflictError } from './errors.ts';
import { getCustomer } from './get-customer.ts';
import type { CalendarServices } from './services.ts';

/**
 * Sets the MAU alert on the version that was read; throws `VersionConflictError` when that is stale. One conditional
 * write. A month and threshold of which an e-mail was sent causes no other one, however often the setting moves.
 */
export async function setMauAlert(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  setting: MauAlertSetting,
): Promise<CustomerView> {
  const { customer } = caller;
  const edited = await writeMauAlert(services.table, customer.customerId, version, setting);
  if (!edited) throw new VersionConflictError(STALE);
  const { enabled, threshold } = customer.mauAlert;
  logChange(services.log, {
    actor: actorOf(caller),
    what: 'mau-alert',
    customerId: customer.customerId,
    before: { enabled, threshold },
    after: { enabled: edited.mauAlert.enabled, threshold: edited.mauAlert.threshold },
  });
  return getCustomer(services, { ...caller, customer: edited });
}
