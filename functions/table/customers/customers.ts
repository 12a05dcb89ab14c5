import type { Licensed } from '../../domain/licenses/license.ts';
import { customerKey } from '../keys.ts';
import { readItem, readItems, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';

/** The number of items of each kind, such as `user`. */
export type ItemCounts = Readonly<Record<string, number>>;

/**
 * The MAU alert setting. While the alert is enabled, it has a threshold, and an MAU above the threshold causes an
 * e-mail.
 */
export interface MauAlertSetting {
  readonly enabled: boolean;
  readonly threshold: number | null;
}

/** The outcome of the alert that was decided last. */
export interface Notification {
  readonly month: string;
  readonly threshold: number;
  /** `failed` after a failed attempt to send the alert, even while later runs still try again. */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** When the notification got this status, in epoch milliseconds. */
  readonly at: number;
}

/** The last month that a paid license is billed for. */
export interface LastPaid {
  readonly month: string;
  /**
   * The earliest time, in epoch milliseconds, at which the service assumes that the operator has exported the statement
   * of the month. The service assumes this only if the month is closed.
   */
  readonly billedBy: number;
}

/**
 * The unsubscription of a customer: the person who ended the use of the service, the time, and how much of the
 * customer's data is already discarded.
 */
export interface Unsubscription {
  /**
   * The time of the fence, which is the status `unsubscribing`: from this time on, the service refuses every request of
   * the customer and every new write of the customer's data. Epoch milliseconds.
   */
  readonly startedAt: number;
  /** The person who ended the customer's use of the service; `nobody` when the customer was never activated. */
  readonly by: 'representative' | 'operator' | 'nobody';
  /**
   * Whether the discarding may begin. When the operator ends a customer's use of the service, the discarding waits for
   * the final statements.
   */
  readonly discards: boolean;
  /** When a scheduled run last sent a message about the customer to the queue, epoch milliseconds. @default - never */
  readonly announcedAt?: number | undefined;
  /** How many items of each kind are to be discarded, counted before the discarding began. */
  readonly found?: ItemCounts | undefined;
  /**
   * The e-mail that confirms the discarding, and the time (`leftAt`) at which this e-mail was stored, in epoch
   * milliseconds.
   */
  readonly mail?: { readonly mailId: string; readonly leftAt: number } | undefined;
}

/**
 * An organisation that uses the service. One item of under 4 KB contains everything about the customer that a request
 * needs.
 *
 * Only this folder writes the item. `customer-status.ts` creates and deletes the item. This list names, for each
 * attribute, the only file that changes the attribute:
 *
 *     customer-status.ts      status, unsubscription
 *     customer-edits.ts       version, name, address, phoneNumber, representativeId,
 *                             mauAlert.enabled, mauAlert.threshold, finderSk
 *     customer-licenses.ts    license, upcomingLicenses, licenseVersion, lastPaid, closedThrough
 *     registered-counts.ts    registeredRps, registeredUsers, rpsOfMonth
 *     notifications.ts        mauAlert.lastNotification
 *
 * customerId, createdAt and finderPk never change.
 */
export interface Customer extends Licensed {
  readonly customerId: string;
  readonly name: string;
  readonly address: string | null;
  readonly phoneNumber: string | null;
  /** `provisional` until the first administrator is activated. */
  readonly status: 'provisional' | 'active' | 'unsubscribing';
  /**
   * Increases with every edit by an administrator. Changes of the counts of registered RPs and users do not increase
   * the version.
   */
  readonly version: number;
  /**
   * Increases when a license is set or cancelled, so that a registration that was checked against the earlier licenses
   * fails.
   */
  readonly licenseVersion: number;
  readonly representativeId: string;
  readonly registeredRps: number;
  readonly registeredUsers: number;
  /**
   * How many RPs were registered in the month of the latest registration, including removed RPs. @default - the
   * customer never registered an RP
   */
  readonly rpsOfMonth?: { readonly month: string; readonly registered: number } | undefined;
  readonly mauAlert: MauAlertSetting & { readonly lastNotification: Notification | null };
  readonly createdAt: number;
  /** Set while the status is `unsubscribing`. */
  readonly unsubscription?: Unsubscription | undefined;
  /** The last paid month before the customer moved to Free. @default - the customer never moved to Free */
  readonly lastPaid?: LastPaid | undefined;
  /** The last closed month; every earlier month is closed too. @default - no month is closed */
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

/** Returns whether a customer exists and is active. */
export const isActive = (customer: Customer | undefined): boolean => customer?.status === 'active';
