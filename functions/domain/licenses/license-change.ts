import type { Customer } from '../../table/customers/customers.ts';
import type { LastBilled } from './last-bill.ts';
import { licenseInForce, scheduledLicenses, type License, type PaidLicense } from './license.ts';
import { operatorLicenseView } from './operator-license-view.ts';

/** What came of setting a license. */
export interface SetLicense {
  readonly license: License;
  /** Those whose place it took, from its start on, by start. They may have expired before. */
  readonly takesPlaceOf: readonly License[];
  /** Of one that starts later, those that are in force until then, one after the other. */
  readonly untilThen: readonly License[];
  /** The paid license in force that Free ended. */
  readonly endedPaid: EndedPaid | undefined;
}
interface EndedPaid {
  readonly license: PaidLicense;
  /** The last month that is billed, which may be by another paid license before. @default - none is */
  readonly lastBilled: LastBilled | undefined;
}

/** Gives whose place a license takes, of those that stand, and which ones stay until it starts. */
export function whatItReplaces(
  customer: Customer,
  standing: readonly License[],
  added: License,
  superseded: readonly License[],
  now: number,
): Pick<SetLicense, 'takesPlaceOf' | 'untilThen'> {
  const startsLater = added.startsAt > now;
  const inForce = licenseInForce(customer, now);
  const atItsStart = standing.findLast(({ startsAt }) => startsAt <= added.startsAt);
  return {
    takesPlaceOf: standing.filter(
      (license) =>
        license.startsAt === added.startsAt || superseded.includes(license) || (!startsLater && license === atItsStart),
    ),
    untilThen: startsLater
      ? standing.filter(({ startsAt }) => startsAt >= inForce.startsAt && startsAt < added.startsAt)
      : [],
  };
}

/** Gives the paid license that Free ends, with the last month that is billed; undefined when nothing paid is ended. */
export function endedPaidOf(
  customer: Customer,
  added: License,
  lastBilled: LastBilled | undefined,
  now: number,
): EndedPaid | undefined {
  const license = licenseInForce(customer, now);
  return added.type === 'free' && license.type !== 'free' ? { license, lastBilled } : undefined;
}

/** Gives what came of setting a license as the operator sees it. */
export function setLicenseView({ license, takesPlaceOf, untilThen, endedPaid }: SetLicense) {
  return {
    license: operatorLicenseView(license),
    takesPlaceOf: takesPlaceOf.map(operatorLicenseView),
    untilThen: untilThen.map(operatorLicenseView),
    endedPaid: endedPaid ? endedPaidView(endedPaid) : null,
  };
}

function endedPaidView({ license, lastBilled }: EndedPaid) {
  return {
    license: operatorLicenseView(license),
    lastBilled: lastBilled ? { month: lastBilled.month, type: lastBilled.type } : null,
  };
}

/** What came of cancelling a license that was to start later. */
export interface CancelledLicense {
  readonly license: License;
  /** The one before it, which goes on instead. */
  readonly goesOn: License;
}

/** Gives the license that goes on in the place of one that is cancelled: the one before it. */
export function goesOnWithout(customer: Customer, cancelled: License, now: number): License {
  const before = scheduledLicenses(customer, now).findLast(({ startsAt }) => startsAt < cancelled.startsAt);
  return before ?? licenseInForce(customer, now);
}

/** Gives what came of cancelling a license as the operator sees it. */
export function cancelledLicenseView({ license, goesOn }: CancelledLicense) {
  return { license: operatorLicenseView(license), goesOn: operatorLicenseView(goesOn) };
}
