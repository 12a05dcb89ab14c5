import type { CustomerView } from '../../contract/customers.ts';
import { readAdministrator } from '../../table/administrators.ts';
import { readTotalMau } from '../../table/metering/mau-counters.ts';
import { levelOf, thresholdOf, type StoredLevel } from '../licenses/alert-levels.ts';
import type { AdministratorCaller } from '../callers.ts';
import { moneyView, overageFee, overageMau } from '../licenses/overage-fee.ts';
import {
  licenseInForce,
  licenseStatus,
  scheduledLicenses,
  type License,
  type LicenseStatus,
  type PaidLicense,
} from '../licenses/license.ts';
import type { CalendarServices } from '../services.ts';
import { toIso } from '../time.ts';
import { permissionsOf, unsubscriptionView } from './permissions.ts';

/**
 * Returns the customer to which the caller belongs, in the form that API responses use. Reads the customer's total MAU
 * of the current month. If the caller is not the representative, also reads the representative. Together with the reads
 * that authenticate the caller, the reads of this function cost at most 4 read units, even for the largest customer.
 */
export async function getCustomer(
  { table, clock, calendar }: CalendarServices,
  caller: Pick<AdministratorCaller, 'customer' | 'administrator'>,
): Promise<CustomerView> {
  const { customer, administrator } = caller;
  const now = clock.now();
  const { customerId, representativeId } = customer;
  const month = calendar.monthOf(now);
  const isRepresentative = administrator.administratorId === representativeId;
  const [mau, representative] = await Promise.all([
    readTotalMau(table, customerId, month, 'eventual'),
    isRepresentative ? administrator : readAdministrator(table, customerId, representativeId, 'eventual'),
  ]);
  const license = licenseInForce(customer, now);
  const [next] = scheduledLicenses(customer, now);
  const { enabled, threshold, levels = [], recipients = [], lastNotification } = customer.mauAlert;
  return {
    customer: {
      id: customerId,
      name: customer.name,
      address: customer.address,
      phoneNumber: customer.phoneNumber,
      status: customer.status,
      version: customer.version,
    },
    representative: {
      administratorId: representativeId,
      name: representative?.name ?? '',
      email: representative?.email ?? '',
      ...(representative?.undeliverable && { undeliverable: true }),
    },
    license: licenseView(license, licenseStatus(license, now), {
      registeredRps: customer.registeredRps,
      registeredUsers: customer.registeredUsers,
      mauThisMonth: mau,
    }),
    ...(next && next.type !== 'free' && { nextLicense: nextLicenseView(next) }),
    mauAlert: {
      enabled,
      threshold,
      ...(levels.length > 0 && { levels: levels.map((level) => levelView(level, license)) }),
      ...(recipients.length > 0 && { recipients: [...recipients] }),
      lastNotification: lastNotification && { ...lastNotification, at: toIso(lastNotification.at) },
    },
    month: { month, timeZone: calendar.timeZone, endsAt: toIso(calendar.endOf(month)) },
    unsubscription: unsubscriptionView(customer),
    permissions: permissionsOf(caller, now),
  };
}

function nextLicenseView({ type, startsAt, endsAt, maxMau }: PaidLicense): CustomerView['nextLicense'] {
  return { type, startsAt: toIso(startsAt), endsAt: endsAt === null ? null : toIso(endsAt), maxMau };
}

type LevelView = NonNullable<CustomerView['mauAlert']['levels']>[number];
function levelView(stored: StoredLevel, license: License): LevelView {
  const level = levelOf(stored);
  return level.kind === 'percent' ? { ...level, threshold: thresholdOf(stored, license) } : level;
}

function licenseView(
  license: License,
  status: LicenseStatus,
  counts: { registeredRps: number; registeredUsers: number; mauThisMonth: number },
): CustomerView['license'] {
  const startsAt = toIso(license.startsAt);
  const endsAt = license.endsAt === null ? null : toIso(license.endsAt);
  if (license.type === 'free') {
    const { type, maxRegisteredRps, maxRegisteredUsers } = license;
    return { type, status, startsAt, endsAt, ...counts, maxRegisteredRps, maxRegisteredUsers };
  }
  const { type, maxRegisteredRps, maxMau, overageFeePerMau } = license;
  const overage = overageMau(license, counts.mauThisMonth);
  const fee = overageFee(license, counts.mauThisMonth);
  const maxima = { maxRegisteredRps, maxMau, overageFeePerMau: moneyView(overageFeePerMau) };
  return { type, status, startsAt, endsAt, ...counts, ...maxima, overageMau: overage, overageFee: fee };
}
