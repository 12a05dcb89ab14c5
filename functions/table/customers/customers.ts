import type { Licensed } from '../../domain/licenses/license.ts';
import { customerKey } from '../keys.ts';
import { readItem, readItems, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';

/** The number of items of each kind. Each property is named after a kind, such as `user`. */
export type ItemCounts = Readonly<Record<string, number>>;

/**
 * The MAU alert setting. While the alert is enabled, it has a threshold, and the service sends an e-mail when the
 * customer's MAU (monthly active users) exceeds the threshold.
 */
export interface MauAlertSetting {
  readonly enabled: boolean;
  readonly threshold: number | null;
}

/** The outcome of the customer's latest MAU alert. */
export interface Notification {
  readonly month: string;
  readonly threshold: number;
  /** `failed` after an attempt to send the alert failed, even while the service still tries to send the alert. */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** The time at which the notification got this status, in epoch milliseconds. */
  readonly at: number;
}

/** The last month for which the operator bills a paid license. */
export interface LastPaid {
  readonly month: string;
  /**
   * The earliest time, in epoch milliseconds, at which the service assumes that the operator has exported the statement
   * of the month. The service makes this assumption only if the month is closed, that is, its statement is stored.
   */
  readonly billedBy: number;
}

/**
 * The end of a customer's use of the service: the person who ended the use, the time, and the progress of the deletion
 * of the customer's data.
 */
export interface Unsubscription {
  /**
   * The start time of the fence (the status `unsubscribing`). From this time on, the service refuses every request of
   * the customer and every new write of the customer's data. Epoch milliseconds.
   */
  readonly startedAt: number;
  /**
   * The person who ended the customer's use of the service; `nobody` when the service discards the customer again after
   * a backup was restored.
   */
  readonly by: 'representative' | 'operator' | 'nobody';
  /**
   * Whether the service may begin to delete the customer's data. When the operator ends a customer's use of the
   * service, the deletion waits for the customer's final statements.
   */
  readonly discards: boolean;
  /**
   * The time, in epoch milliseconds, at which a scheduled run last sent a message about the customer to the discarding
   * queue, whose messages cause the deletion of data. @default - never
   */
  readonly announcedAt?: number | undefined;
  /** How many items of each kind the customer had before the service began to delete the customer's data. */
  readonly found?: ItemCounts | undefined;
  /**
   * The e-mail that confirms the deletion of the customer's data, and the time (`leftAt`) at which this e-mail was
   * stored, in epoch milliseconds.
   */
  readonly mail?: { readonly mailId: string; readonly leftAt: number } | undefined;
}

/** How many RPs or users a customer registered in a month, including those that were removed later. */
export interface RegisteredInMonth {
  readonly month: string;
  readonly registered: number;
}

/**
 * The notices about the customer's license that the service decided last. The notices are in the customer item, so the
 * hourly run that reads this item anyway finds out without another read that it has decided them already.
 */
export interface LicenseNotices {
  /** The end of the license, in epoch milliseconds, and for how many days before it a notice was decided. */
  readonly ending?: { readonly endsAt: number; readonly withinDays: number } | undefined;
  /** The Free license, known by the time at which it was set, and the share of its maximum of users, in percent. */
  readonly users?: { readonly setAt: number; readonly percent: number } | undefined;
}

/** The representative's request to unsubscribe the customer, during the grace period. */
export interface UnsubscriptionRequest {
  /** Epoch milliseconds. */
  readonly requestedAt: number;
  /**
   * The end of the grace period, in epoch milliseconds. The first hourly run from this time on sets the fence. The time
   * is stored, so that another setting of the stage does not change it.
   */
  readonly effectiveAt: number;
  /** The ID of the administrator who was the representative at `requestedAt`. */
  readonly requestedBy: string;
}

/** How often the customer was unsubscribed in a window of 24 hours, including requests that were cancelled. */
export interface RequestsOfDay {
  /** The time of the first request in the window, in epoch milliseconds. */
  readonly startedAt: number;
  readonly requests: number;
}

/**
 * An organisation that uses the service. One item, smaller than 4 KB, contains everything about the customer that a
 * request needs.
 *
 * Only code in this folder writes the item. `customer-status.ts` creates, activates and deletes the item. This list
 * names, for each attribute, the only file that changes the attribute. There is one exception: `customer-licenses.ts`
 * also removes unsubscriptionRequest.
 *
 *     customer-status.ts      status, unsubscription
 *     customer-edits.ts       version, name, address, phoneNumber, representativeId,
 *                             mauAlert.enabled, mauAlert.threshold, finderSk
 *     unsubscription-requests.ts  unsubscriptionRequest, unsubscriptionsOfDay
 *     customer-licenses.ts    license, upcomingLicenses, licenseVersion, lastPaid, closedThrough
 *     registered-counts.ts    registeredRps, registeredUsers, rpsOfMonth, usersOfMonth
 *     notifications.ts        mauAlert.lastNotification
 *     license-notices.ts      licenseNotices
 *
 * customerId and createdAt never change. The activation adds activatedAt and finderPk, and removes ttl. finderPk and
 * finderSk are the item's key in the finder (our GSI).
 */
export interface Customer extends Licensed {
  readonly customerId: string;
  readonly name: string;
  readonly address: string | null;
  readonly phoneNumber: string | null;
  /** `provisional` until the customer's first administrator becomes active. */
  readonly status: 'provisional' | 'active' | 'unsubscribing';
  /**
   * Increases with every edit by an administrator. Changes to the counts of registered RPs and users do not increase
   * the version.
   */
  readonly version: number;
  /**
   * Increases when a license is set or cancelled, so that the registration of an RP or a user fails if the service
   * checked the registration against the earlier licenses.
   */
  readonly licenseVersion: number;
  readonly representativeId: string;
  readonly registeredRps: number;
  readonly registeredUsers: number;
  /** The RPs that the customer registered in the last month with a new RP. @default - never registered an RP */
  readonly rpsOfMonth?: RegisteredInMonth | undefined;
  /** The users that the customer registered in the last month with a new user. @default - never registered a user */
  readonly usersOfMonth?: RegisteredInMonth | undefined;
  readonly mauAlert: MauAlertSetting & { readonly lastNotification: Notification | null };
  /** @default - the service decided no notice yet */
  readonly licenseNotices?: LicenseNotices | undefined;
  readonly createdAt: number;
  /**
   * The time at which the customer's representative activated the customer, in epoch milliseconds. @default - the
   * customer is provisional, or was activated by an earlier release, which stored no time
   */
  readonly activatedAt?: number | undefined;
  /**
   * The time, in seconds since the epoch, after which DynamoDB may delete a provisional customer. @default - the
   * customer was activated
   */
  readonly ttl?: number | undefined;
  /**
   * Set during the grace period, in which the customer stays active. The service stores the request until the customer
   * item is deleted, so `pendingUnsubscription` also checks the status. @default - no request is pending
   */
  readonly unsubscriptionRequest?: UnsubscriptionRequest | undefined;
  /** Set while the status is `unsubscribing`. */
  readonly unsubscription?: Unsubscription | undefined;
  /** The requests to unsubscribe in the last window that has one. @default - nobody unsubscribed the customer yet */
  readonly unsubscriptionsOfDay?: RequestsOfDay | undefined;
  /** The last paid month before the customer moved to the Free license. @default - the customer never moved to Free */
  readonly lastPaid?: LastPaid | undefined;
  /** The last closed month of the customer; every earlier month is also closed. @default - no month is closed */
  readonly closedThrough?: string | undefined;
}

/** Returns the key of a customer. */
export const customerAt = (customerId: string): KeyOf<Customer> => customerKey(customerId);

/** Reads a customer. Returns undefined when the customer does not exist. */
export function readCustomer(table: Table, customerId: string, consistency: Consistency) {
  return readItem<Customer>(table, customerAt(customerId), consistency);
}

/**
 * Reads customers in the order of the given IDs, which must be distinct. Returns undefined for each ID without a
 * customer.
 */
export function readCustomers(table: Table, customerIds: readonly string[], consistency: Consistency) {
  return readItems<Customer>(table, customerIds.map(customerAt), consistency);
}

/** Returns the customer's request to unsubscribe during the grace period, and undefined when no request is pending. */
export const pendingUnsubscription = ({ status, unsubscriptionRequest }: Customer) =>
  status === 'active' ? unsubscriptionRequest : undefined;

/** Returns whether a customer exists and is active. */
export const isActive = (customer: Customer | undefined): boolean => customer?.status === 'active';
