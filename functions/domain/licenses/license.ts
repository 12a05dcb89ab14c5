interface LicenseTerms {
  /** Epoch milliseconds, included. */
  readonly startsAt: number;
  /** Epoch milliseconds, excluded; null: no end. */
  readonly endsAt: number | null;
  /** When it was set, epoch milliseconds. */
  readonly setAt: number;
  readonly maxRegisteredRps: number;
}
export interface FreeLicense extends LicenseTerms {
  readonly type: 'free';
  readonly maxRegisteredUsers: number;
}
export interface PaidLicense extends LicenseTerms {
  readonly type: 'starter' | 'business' | 'enterprise';
  readonly maxMau: number;
  /** For each MAU above the maximum; the amount is a decimal number as text. */
  readonly overageFeePerMau: Money;
}
export interface Money {
  readonly amount: string;
  /** ISO 4217. */
  readonly currency: string;
}
/** A license as it was set for one customer. What it allows is fixed at that moment: a later catalogue changes nothing. */
export type License = FreeLicense | PaidLicense;

export type LicenseStatus = 'not-started' | 'active' | 'expired';

/** What is known of a customer's licenses: the one in force when it was written, and those that start later. */
export interface Licensed {
  readonly license: License;
  /** By start, the earliest first. */
  readonly upcomingLicenses: readonly License[];
}

/** Gives the license in force at a time: "One that starts later leaves the present one in force until then." */
export function licenseInForce({ license, upcomingLicenses }: Licensed, now: number): License {
  return upcomingLicenses.findLast(({ startsAt }) => startsAt <= now) ?? license;
}

/**
 * Gives the license in force at a time, of all that stand, by start. Superseded ones need not be looked at: what
 * superseded one began before it and went on. Cancelled ones never began.
 */
export function licenseAt([first, ...later]: readonly License[], time: number): License {
  if (!first) throw new Error('A customer has had a license since it signed up.');
  return licenseInForce({ license: first, upcomingLicenses: later }, time);
}

/** Gives the licenses that have not begun at a time, by start: those that can be cancelled. */
export function scheduledLicenses({ upcomingLicenses }: Licensed, now: number): License[] {
  return upcomingLicenses.filter(({ startsAt }) => startsAt > now);
}

/** Gives a license's status at a time, from its dates alone. */
export function licenseStatus(license: License, now: number): LicenseStatus {
  if (now < license.startsAt) return 'not-started';
  return license.endsAt !== null && now >= license.endsAt ? 'expired' : 'active';
}

/**
 * Gives what a customer's licenses are once `added` is set. It is in force from its start (or from now, when it starts in
 * the past) until the next one that starts later: one that started between its start and now is superseded, one that
 * starts in the future stays.
 */
export function withLicense(
  all: readonly License[],
  added: License,
  now: number,
): { licenses: Licensed; superseded: License[] } {
  const others = all.filter(({ startsAt }) => startsAt !== added.startsAt);
  const superseded = others.filter(({ startsAt }) => startsAt > added.startsAt && startsAt <= now);
  const kept = [...others.filter((license) => !superseded.includes(license)), added].sort(
    (a, b) => a.startsAt - b.startsAt,
  );
  const license = kept.findLast(({ startsAt }) => startsAt <= now) ?? added;
  return {
    licenses: { license, upcomingLicenses: kept.filter(({ startsAt }) => startsAt > Math.max(now, license.startsAt)) },
    superseded,
  };
}
