import { fieldError } from '../../contract/errors/field-errors.ts';
import type { CustomerView } from '../../contract/customers.ts';
import { readAdministratorsById } from '../../table/administrators.ts';
import { updateMauAlert as writeMauAlert } from '../../table/customers/customer-edits.ts';
import type { Customer, MauAlertSetting } from '../../table/customers/customers.ts';
import { newChange } from '../audit/new-change.ts';
import type { AdministratorCaller } from '../callers.ts';
import { editOnVersion } from '../customers/edit-customer.ts';
import { getCustomer } from '../customers/get-customer.ts';
import { InvalidInputError } from '../errors.ts';
import { licenseInForce, scheduledLicenses } from '../licenses/license.ts';
import type { CalendarServices } from '../services.ts';
import { isPercent, sortedLevels, storedLevel, type Level } from '../licenses/alert-levels.ts';

/** The MAU alert setting in a request. The service keeps the further levels or the recipients that are undefined. */
export interface GivenMauAlert {
  readonly enabled: boolean;
  readonly threshold: number | null;
  readonly levels?: readonly Level[] | undefined;
  readonly recipients?: readonly string[] | undefined;
}

/**
 * Sets the MAU alert of the customer to which the caller belongs, and returns the customer in the form that API
 * responses use. Throws `InvalidInputError` when a recipient is not an active administrator of the customer, and when a
 * new level is in percents although no license of the customer has a maximum MAU. Throws `VersionConflictError` when
 * the customer no longer has the version `version`, and `UnauthenticatedError` when the caller lost rights after the
 * request was authenticated. After an e-mail was sent for a month and a threshold, no later change to the setting
 * causes a second e-mail to the same recipient for the same month and threshold.
 */
export async function setMauAlert(
  services: CalendarServices,
  caller: AdministratorCaller,
  version: number,
  given: GivenMauAlert,
): Promise<CustomerView> {
  const { customer } = caller;
  const { lastNotification, ...before } = customer.mauAlert;
  const setting: MauAlertSetting = {
    enabled: given.enabled,
    threshold: given.threshold,
    levels: given.levels ? levelsToStore(customer, given.levels, services.clock.now()) : before.levels,
    recipients: given.recipients ? await recipientsToStore(services, customer, given.recipients) : before.recipients,
  };
  const change = newChange(services, caller, customer.customerId, {
    kind: 'mau-alert-set',
    before,
    after: setting,
  });
  const edit = { mauAlert: { ...setting, lastNotification } };
  const edited = await editOnVersion(services, caller, version, writeMauAlert(customer, setting), edit, change);
  return getCustomer(services, { ...caller, customer: edited });
}

/**
 * Returns levels in the form that the table stores. Throws `InvalidInputError` for a new level in percents when neither
 * the license in force nor an upcoming license has a maximum MAU. The customer may keep the levels that it had before
 * it moved to a Free license.
 */
function levelsToStore(customer: Customer, levels: readonly Level[], now: number): string[] {
  const licenses = [licenseInForce(customer, now), ...scheduledLicenses(customer, now)];
  const before = customer.mauAlert.levels ?? [];
  const stored = levels.map(storedLevel);
  if (licenses.every(({ type }) => type === 'free')) {
    const errors = stored.flatMap((level, index) =>
      isPercent(level) && !before.includes(level) ? [fieldError(`#/levels/${index}`, 'needs-maximum-mau')] : [],
    );
    if (errors.length > 0) throw new InvalidInputError(errors);
  }
  return sortedLevels(stored);
}

/**
 * Returns the recipients who are active administrators of the customer. Leaves out a recipient who was named before and
 * has been removed since. Throws `InvalidInputError` for any other ID.
 */
async function recipientsToStore(
  { table }: CalendarServices,
  { customerId, mauAlert }: Customer,
  recipients: readonly string[],
): Promise<string[]> {
  if (recipients.length === 0) return [];
  const found = await readAdministratorsById(table, customerId, recipients);
  const isActive = (id: string) => found.get(id)?.status === 'active';
  const errors = recipients.flatMap((id, index) =>
    isActive(id) || mauAlert.recipients?.includes(id)
      ? []
      : [fieldError(`#/recipients/${index}`, 'not-an-active-administrator')],
  );
  if (errors.length > 0) throw new InvalidInputError(errors);
  return recipients.filter(isActive);
}
