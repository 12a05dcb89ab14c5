import type { Customer } from '../../table/customers/customers.ts';
import type { LastBilled } from './last-bill.ts';
import { licenseInForce, scheduledLicenses, type License, type PaidLicense } from './license.ts';
import { operatorLicenseView } from './operator-license-view.ts';

/** The result of setting a license. */
export interface SetLicense {
  readonly license: License;
  /**
   * The licenses that the new one replaces from its start on, in the order of their starts. Some of them may have
   * expired already.
   */
  readonly takesPlaceOf: readonly License[];
  /** When the new license starts later, the licenses that are in force until then, in the order of their starts. */
  readonly untilThen: readonly License[];
  /** The paid license that the customer had and that the new Free license ended. */
  readonly endedPaid: EndedPaid | undefined;
}
interface EndedPaid {
  readonly license: PaidLicense;
  /** The last month that is billed, perhaps by an earlier paid license. @default - no month is billed */
  readonly lastBilled: LastBilled | undefined;
}

/** Returns which of the standing licenses a new license replaces, and which ones are in force until it starts. */
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

/**
 * Returns the paid license that a new Free license ends, with the last billed month. Returns undefined when the new
 * license ends no paid license.
 */
export function endedPaidOf(
  customer: Customer,
  added: License,
  lastBilled: LastBilled | undefined,
  now: number,
): EndedPaid | undefined {
  const license = licenseInForce(customer, now);
  return added.type === 'free' && license.type !== 'free' ? { license, lastBilled } : undefined;
}

/** Returns the result of setting a license in the form for the operator. */
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

/** The result of cancelling a license before its start. */
export interface CancelledLicense {
  readonly license: License;
  /** The license that stays in force in place of the cancelled license. */
  readonly goesOn: License;
}

/** Returns the license that stays in force in place of a cancelled one: the license that starts before it. */
export function goesOnWithout(customer: Customer, cancelled: License, now: number): License {
  const before = scheduledLicenses(customer, now).findLast(({ startsAt }) => startsAt < cancelled.startsAt);
  return before ?? licenseInForce(customer, now);
}

/** Returns the result of cancelling a license in the form for the operator. */
export function cancelledLicenseView({ license, goesOn }: CancelledLicense) {
  return { license: operatorLicenseView(license), goesOn: operatorLicenseView(goesOn) };
}
