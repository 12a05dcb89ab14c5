import type { Licensed } from '../../domain/licenses/license.ts';
import { customerKey } from '../keys.ts';
import { readItem, readItems, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';

/** How many items there are of each kind, such as `user`. */
export type ItemCounts = Readonly<Record<string, number>>;

/** The MAU alert setting. When it is enabled, there is a threshold: an MAU above it causes an e-mail. */
export interface MauAlertSetting {
  readonly enabled: boolean;
  readonly threshold: number | null;
}

/** The outcome of the alert that was decided last. */
export interface Notification {
  readonly month: string;
  readonly threshold: number;
  /** Also `failed` while later runs still try again. */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** When it took this status, epoch milliseconds. */
  readonly at: number;
}

/** The last month that a paid license is billed for. */
export interface LastPaid {
  readonly month: string;
  /** When its statement counts as exported, provided that the month was closed in time. Epoch milliseconds. */
  readonly billedBy: number;
}

/** The customer is unsubscribing: how that began and how far the discarding is. */
export interface Unsubscription {
  /** The time of the fence: from then on, nothing of the customer is served or written. Epoch milliseconds. */
  readonly startedAt: number;
  /** Who ended the customer: its representative or the operator; `nobody` when the customer was never activated. */
  readonly by: 'representative' | 'operator' | 'nobody';
  /** Whether discarding may begin. After the operator ended the customer, it waits for the final statements. */
  readonly discards: boolean;
  /** When a schedule last told the queue, epoch milliseconds. @default - no schedule did */
  readonly announcedAt?: number | undefined;
  /** What there was to discard, counted before the discarding began. */
  readonly found?: ItemCounts | undefined;
  /** The confirming e-mail. */
  readonly mail?: { readonly mailId: string; readonly leftAt: number } | undefined;
}

/**
 * The contracted organisation: one item of under 4 KB with everything that a request about it needs.
 *
 * Only this folder writes the item. `customer-status.ts` creates and deletes it; afterwards one file owns each attribute:
 *
 *     customer-status.ts      status, unsubscription
 *     customer-edits.ts       version, name, address, phoneNumber, representativeId,
 *                             mauAlert.enabled, mauAlert.threshold, finderSk
 *     customer-licenses.ts    license, upcomingLicenses, licenseVersion, lastPaid, closedThrough
 *     registered-counts.ts    registeredRps, registeredUsers, rpsOfMonth
 *     notifications.ts        mauAlert.lastNotification
 *
 * Nobody changes customerId, createdAt and finderPk.
 */
export interface Customer extends Licensed {
  readonly customerId: string;
  readonly name: string;
  readonly address: string | null;
  readonly phoneNumber: string | null;
  /** `provisional` until the first administrator is activated. */
  readonly status: 'provisional' | 'active' | 'unsubscribing';
  /** Moves with every edit by an administrator. Counts that move by themselves do not move it. */
  readonly version: number;
  /** Moves with every license that is set, so that a registration under an earlier license fails. */
  readonly licenseVersion: number;
  readonly representativeId: string;
  readonly registeredRps: number;
  readonly registeredUsers: number;
  /** How many RPs were registered in the month of the latest registration, removed ones included. @default - none ever */
  readonly rpsOfMonth?: { readonly month: string; readonly registered: number } | undefined;
  readonly mauAlert: MauAlertSetting & { readonly lastNotification: Notification | null };
  readonly createdAt: number;
  /** With the status `unsubscribing`. */
  readonly unsubscription?: Unsubscription | undefined;
  /** The last paid month before the customer moved to Free. @default - it never did */
  readonly lastPaid?: LastPaid | undefined;
  /** The last closed month; every month before it is closed too. @default - no month is closed */
  readonly closedThrough?: string | undefined;
}

/** Returns the key of a customer. */
export const customerAt = (customerId: string): KeyOf<Customer> => customerKey(customerId);

/** Reads a customer. Undefined when there is none. */
export function readCustomer(table: Table, customerId: string, consistency: Consistency) {
  return readItem<Customer>(table, customerAt(customerId), consistency);
}

/** Reads customers in the order of their distinct IDs; undefined where there is none. */
export function readCustomers(table: Table, customerIds: readonly string[], consistency: Consistency) {
  return readItems<Customer>(table, customerIds.map(customerAt), consistency);
}

/** Returns whether a customer was read and is active. */
export const isActive = (customer: Customer | undefined): boolean => customer?.status === 'active';
