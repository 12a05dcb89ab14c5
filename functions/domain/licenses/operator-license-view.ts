import type { Customer } from '../../table/customers/customers.ts';
import type { KeptLicense } from '../../table/licenses.ts';
import { licenseInForce, type License } from './license.ts';
import { toIso } from '../time.ts';

/** Converts a license to the form that operator commands return, without the keys of the license item. */
export function operatorLicenseView(license: License) {
  const { maxRegisteredRps } = license;
  const times = {
    startsAt: toIso(license.startsAt),
    endsAt: license.endsAt === null ? null : toIso(license.endsAt),
    setAt: toIso(license.setAt),
  };
  if (license.type === 'free') {
    const { type, maxRegisteredUsers } = license;
    return { type, ...times, maxRegisteredRps, maxRegisteredUsers };
  }
  const { type, maxMau, overageFeePerMau } = license;
  return { type, ...times, maxRegisteredRps, maxMau, overageFeePerMau };
}

/**
 * Converts all licenses that were ever set for a customer to the form that operator commands return. Adds the state of
 * each license at the time `now`.
 */
export function keptLicenseViews(customer: Customer, licenses: readonly KeptLicense[], now: number) {
  return licenses.map((license) => {
    const { supersededAt, cancelledAt } = license;
    const state = licenseState(customer, license, now);
    return {
      ...operatorLicenseView(license),
      superseded: supersededAt !== undefined,
      cancelledAt: cancelledAt === undefined ? null : toIso(cancelledAt),
      state,
      inForceUntil: state === 'past' ? toIso(inForceUntil(license, licenses)) : null,
    };
  });
}

/**
 * The state of a license. `ended` means that the license would be in force or scheduled if the customer were not
 * unsubscribing. A license whose state is `in-force` may have expired, because a license stays in force until the next
 * license starts.
 */
type LicenseState = 'in-force' | 'scheduled' | 'past' | 'superseded' | 'cancelled' | 'ended';

function licenseState(customer: Customer, kept: KeptLicense, now: number): LicenseState {
  if (kept.cancelledAt !== undefined) return 'cancelled';
  if (kept.supersededAt !== undefined) return 'superseded';
  const { startsAt } = licenseInForce(customer, now);
  if (kept.startsAt !== startsAt && kept.startsAt <= now) return 'past';
  if (customer.status === 'unsubscribing') return 'ended';
  return kept.startsAt === startsAt ? 'in-force' : 'scheduled';
}

/**
 * Returns the time until which a past license was in force and had not expired: the start of the next license, or the
 * end of the past license if that end was earlier.
 */
function inForceUntil({ startsAt, endsAt }: License, licenses: readonly KeptLicense[]): number {
  const followers = licenses.filter(
    (other) => other.startsAt > startsAt && other.supersededAt === undefined && other.cancelledAt === undefined,
  );
  return Math.min(endsAt ?? Infinity, ...followers.map((other) => other.startsAt));
}
