import type { Customer } from '../../table/customers/customers.ts';
import type { Month } from '../calendar.ts';
import type { LastBilled } from './last-bill.ts';
import { licenseInForce, scheduledLicenses, type License, type PaidLicense } from './license.ts';
import { monthBillView, type MonthBill } from './month-bills.ts';
import { operatorLicenseView } from './operator-license-view.ts';

/** The result of setting a license. */
export interface SetLicense {
  readonly license: License;
  /**
   * The licenses that the new license replaces, sorted by start: a license with the same start, and the superseded
   * licenses, which start after the new license but not in the future. If the new license does not start in the future,
   * the list also contains the license that is in force at the start of the new license. Some of the replaced licenses
   * may have expired already.
   */
  readonly takesPlaceOf: readonly License[];
  /**
   * The licenses that are in force, one after another, until the new license starts. Empty unless the new license
   * starts in the future.
   */
  readonly untilThen: readonly License[];
  /** The paid license that the new license ended. Undefined when the new license is paid or ended no paid license. */
  readonly endedPaid: EndedPaid | undefined;
  /** Whether the new license cancelled an unsubscription that was pending. */
  readonly cancelsUnsubscription: boolean;
  /** The license in force before and after the change. */
  readonly inForce: { readonly before: License; readonly after: License };
  /** The bills of the months without a statement, before and after the change. */
  readonly bills: readonly MonthBill[];
  /**
   * The last closed month, if the new license starts before its end. The statements of closed months never change.
   * Undefined when the new license starts after all closed months.
   */
  readonly keptThrough: Month | undefined;
}
interface EndedPaid {
  readonly license: PaidLicense;
  /**
   * The last month that the customer is billed for. The bill for this month may be for a paid license that was in force
   * before the ended license. @default - no month is billed
   */
  readonly lastBilled: LastBilled | undefined;
}

/**
 * Returns the licenses that a new license replaces, and the licenses that are in force until the new license starts.
 * `standing` are the customer's licenses before the change, without superseded and cancelled licenses, sorted by start.
 */
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
 * Returns the paid license that a new Free license ends, and the last billed month. Returns undefined when the new
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

/** Converts the result of `setLicense` to the form that operator commands return. */
export function setLicenseView(set: SetLicense) {
  const {
    license,
    takesPlaceOf,
    untilThen,
    endedPaid,
    cancelsUnsubscription,
    inForce,
    bills,
    keptThrough = null,
  } = set;
  return {
    license: operatorLicenseView(license),
    takesPlaceOf: takesPlaceOf.map(operatorLicenseView),
    untilThen: untilThen.map(operatorLicenseView),
    endedPaid: endedPaid ? endedPaidView(endedPaid) : null,
    ...(cancelsUnsubscription && { cancelsUnsubscription }),
    inForce: { before: operatorLicenseView(inForce.before), after: operatorLicenseView(inForce.after) },
    bills: bills.map(monthBillView),
    keptThrough,
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
  /** The bills of the months without a statement, before and after the cancellation. */
  readonly bills: readonly MonthBill[];
}

/**
 * Returns the license that stays in force in place of a cancelled license: the last license that starts before the
 * cancelled license.
 */
export function goesOnWithout(customer: Customer, cancelled: License, now: number): License {
  const before = scheduledLicenses(customer, now).findLast(({ startsAt }) => startsAt < cancelled.startsAt);
  return before ?? licenseInForce(customer, now);
}

/** Converts the result of `cancelLicense` to the form that operator commands return. */
export function cancelledLicenseView({ license, goesOn, bills }: CancelledLicense) {
  return {
    license: operatorLicenseView(license),
    goesOn: operatorLicenseView(goesOn),
    bills: bills.map(monthBillView),
  };
}
