interface LicenseTerms {
  /** The first instant of the license, in epoch milliseconds. */
  readonly startsAt: number;
  /** The first instant after the license, in epoch milliseconds; null when the license has no end. */
  readonly endsAt: number | null;
  /** The time at which the operator set the license or the customer signed up, in epoch milliseconds. */
  readonly setAt: number;
  readonly maxRegisteredRps: number;
}
interface FreeLicense extends LicenseTerms {
  readonly type: 'free';
  readonly maxRegisteredUsers: number;
}
export interface PaidLicense extends LicenseTerms {
  readonly type: 'starter' | 'business' | 'enterprise';
  readonly maxMau: number;
  /** The fee for each MAU above the maximum. The amount is a decimal number as text, such as `0.05`. */
  readonly overageFeePerMau: Money;
}
export interface Money {
  readonly amount: string;
  /** The currency code of ISO 4217. */
  readonly currency: string;
}
/**
 * A license of one customer, made from a plan. A later change to the plan does not change the maxima or the fee of the
 * license.
 */
export type License = FreeLicense | PaidLicense;

export type LicenseStatus = 'not-started' | 'active' | 'expired';

/** The licenses in a customer item. */
export interface Licensed {
  /** The license that was in force when the item was written. */
  readonly license: License;
  /** The licenses that had not started when the item was written, the earliest first. */
  readonly upcomingLicenses: readonly License[];
}

/**
 * Returns the license that is in force at the time `now` (epoch milliseconds). A license stays in force until the next
 * license starts, even when the license has expired. Before the first license starts, returns the first license.
 */
export function licenseInForce({ license, upcomingLicenses }: Licensed, now: number): License {
  return upcomingLicenses.findLast(({ startsAt }) => startsAt <= now) ?? license;
}

/**
 * Returns the license that is in force at `time` (epoch milliseconds). The first argument must be all licenses of a
 * customer except superseded and cancelled licenses, sorted by start. A superseded license must be left out, because
 * the license that supersedes it starts earlier and remains in force after the start of the superseded license. A
 * cancelled license must be left out, because it never began. Throws an `Error` when there is no license.
 */
export function licenseAt([first, ...later]: readonly License[], time: number): License {
  if (!first) throw new Error('The customer has no license, although each customer gets one when it signs up.');
  return licenseInForce({ license: first, upcomingLicenses: later }, time);
}

/** Returns the licenses that start after `now`, the earliest first. Only these licenses can be cancelled. */
export function scheduledLicenses({ upcomingLicenses }: Licensed, now: number): License[] {
  return upcomingLicenses.filter(({ startsAt }) => startsAt > now);
}

/**
 * Returns the status of a license at the time `now` (epoch milliseconds). The status depends only on the start and the
 * end of the license, not on whether another license is in force.
 */
export function licenseStatus(license: License, now: number): LicenseStatus {
  if (now < license.startsAt) return 'not-started';
  return license.endsAt !== null && now >= license.endsAt ? 'expired' : 'active';
}

/**
 * Returns the time at which a customer's license expires without another license that follows at once, in epoch
 * milliseconds. The time is in the past if the license in force has expired. Returns null if no license expires, for
 * example because an upcoming license without an end follows.
 */
export function expiryOf(licensed: Licensed, now: number): number | null {
  const all = [licenseInForce(licensed, now), ...scheduledLicenses(licensed, now)];
  const last = all.find(({ endsAt }, index) => endsAt !== null && endsAt < (all[index + 1]?.startsAt ?? Infinity));
  return last?.endsAt ?? null;
}

/**
 * Adds the license `added` to a customer's licenses, and returns the changed licenses and the superseded licenses.
 * `all` are the customer's licenses before the change, without superseded and cancelled licenses. The added license is
 * in force from its start until the next license starts. If its start is in the past, its limits apply only from the
 * time `now`, but the statements of months that are not closed yet use the license from its start. The added license
 * replaces a license with the same start. The added license supersedes each license that starts later than the added
 * license but not later than `now`. Other licenses that start after `now` remain scheduled.
 */
export function withLicense(
  all: readonly License[],
  added: License,
  now: number,
): { licenses: Licensed; superseded: License[] } {
  const { kept, superseded } = standingWith(all, added, now);
  const license = kept.findLast(({ startsAt }) => startsAt <= now) ?? added;
  return {
    licenses: { license, upcomingLicenses: kept.filter(({ startsAt }) => startsAt > Math.max(now, license.startsAt)) },
    superseded,
  };
}

/**
 * Returns the licenses that stand after the license `added` is set, sorted by start, with the added license among them
 * (`kept`), and the licenses that it supersedes. The arguments are those of `withLicense`.
 */
export function standingWith(all: readonly License[], added: License, now: number) {
  const others = all.filter(({ startsAt }) => startsAt !== added.startsAt);
  const superseded = others.filter(({ startsAt }) => startsAt > added.startsAt && startsAt <= now);
  const kept = [...others.filter((license) => !superseded.includes(license)), added];
  return { kept: kept.sort((a, b) => a.startsAt - b.startsAt), superseded };
}
