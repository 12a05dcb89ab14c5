import type { Licensed } from '../../domain/licenses/license.ts';
import { behindCustomer, customerFinder, customerKey, customersInBucket, parseCustomerFinder } from '../keys.ts';
import type { Notification } from './notifications.ts';
import { find, readItem, readItems, type Consistency } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';
import { absent, type Write } from '../engine/transaction.ts';
import type { Unsubscription } from './unsubscriptions.ts';

/** Whether the representative is told, and from which MAU on; there is a threshold whenever it is enabled. */
export interface MauAlertSetting {
  readonly enabled: boolean;
  readonly threshold: number | null;
}

/** The last month that is billed by a paid license. */
export interface LastPaid {
  readonly month: string;
  /** By when its statement was exported, if it was closed in time: epoch milliseconds. */
  readonly billedBy: number;
}

/** The contracted organisation. Everything that a request about it needs stands in this one item of under 4 KB. */
export interface Customer extends Licensed {
  readonly customerId: string;
  readonly name: string;
  readonly address: string | null;
  readonly phoneNumber: string | null;
  /** `provisional` until its first administrator was activated. */
  readonly status: 'provisional' | 'active' | 'unsubscribing';
  /** Moves with every edit by an administrator; counts that move by themselves do not move it. */
  readonly version: number;
  /** Moves with every license that is set, so that a registration under another license fails. */
  readonly licenseVersion: number;
  readonly representativeId: string;
  readonly registeredRps: number;
  readonly registeredUsers: number;
  /** How many RPs were registered in the month in which the last one was, removed ones too. @default - no RP was */
  readonly rpsOfMonth?: { readonly month: string; readonly registered: number } | undefined;
  readonly mauAlert: MauAlertSetting & { readonly lastNotification: Notification | null };
  readonly createdAt: number;
  /** With the status `unsubscribing`. */
  readonly unsubscription?: Unsubscription | undefined;
  /** Of the paid license before the customer moved to Free. @default - never did */
  readonly lastPaid?: LastPaid | undefined;
  /** The last month that is closed; every one before it is. @default - none is */
  readonly closedThrough?: string | undefined;
}

export function readCustomer(table: Table, customerId: string, consistency: Consistency) {
  return readItem<Customer>(table, customerKey(customerId), consistency);
}

/** Reads customers in the order of their IDs given; those that are no more are undefined. */
export function readCustomers(table: Table, customerIds: readonly string[], consistency: Consistency) {
  return readItems<Customer>(table, customerIds.map(customerKey), consistency);
}

/** Finds up to `limit` customers of a bucket of the finder, behind the one with the ID `after`, there still or not. */
export async function findCustomerIds(table: Table, bucket: string, options: FindOptions) {
  const { settings, last } = await findSettings(table, bucket, options);
  return { customerIds: [...settings.keys()], last };
}

/** Finds the MAU alerts that are on among up to `limit` customers of a bucket of the finder, behind the one with the ID `after`. */
export async function findMauAlerts(table: Table, bucket: string, options: FindOptions) {
  const { settings, last } = await findSettings(table, bucket, options);
  const mauAlerts = [...settings].flatMap(([customerId, threshold]) =>
    threshold === null ? [] : [{ customerId, threshold }],
  );
  return { mauAlerts, last };
}

interface FindOptions {
  readonly limit: number;
  readonly after?: string | undefined;
}

/** Finds customers and the thresholds of theirs that are on. One whose setting moves at this moment may stand there twice. */
async function findSettings(table: Table, bucket: string, { limit, after }: FindOptions) {
  const { found, last } = await find(table, customersInBucket(bucket), {
    limit,
    after: after === undefined ? undefined : { ...customerKey(after), ...behindCustomer(after) },
  });
  const settings = found.map(parseCustomerFinder).map(({ customerId, threshold }) => [customerId, threshold] as const);
  return { settings: new Map(settings), last: last && parseCustomerFinder(last).customerId };
}

/** What the finder shows of the setting: the threshold while it is on. */
const thresholdIn = ({ enabled, threshold }: MauAlertSetting) => (enabled ? threshold : null);

export function putCustomer(customer: Customer): Write {
  return {
    Put: {
      Item: {
        ...customerKey(customer.customerId),
        ...customerFinder(customer.customerId, thresholdIn(customer.mauAlert)),
        ...customer,
      },
      ConditionExpression: absent,
    },
  };
}

/** Not before its first activation, nor from the moment that it unsubscribes. */
const whileActive = '#status = :active';
const status = { '#status': 'status' };

/** Whether what stood under a customer's key is a customer that is active. */
export const isActive = (item: unknown): boolean => (item as Customer | undefined)?.status === 'active';

/** Checks that a customer is there and has not begun to unsubscribe. */
export function checkCustomerActive(customerId: string): Write {
  return {
    ConditionCheck: {
      Key: customerKey(customerId),
      ConditionExpression: whileActive,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: { ':active': 'active' },
    },
  };
}

/** Makes a provisional customer active; one that is active stays so, one that unsubscribes fails the condition. */
export function activateCustomer(customerId: string): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: 'SET #status = :active',
      ConditionExpression: '#status IN (:provisional, :active)',
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: { ':active': 'active', ':provisional': 'provisional' },
    },
  };
}

/** Checks that a customer is active and that an administrator does not represent it. */
export function checkNotRepresentative(customerId: string, administratorId: string): Write {
  return {
    ConditionCheck: {
      Key: customerKey(customerId),
      ConditionExpression: `${whileActive} AND representativeId <> :administratorId`,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: { ':active': 'active', ':administratorId': administratorId },
    },
  };
}

/** Sets who represents a customer, on the version that was read. */
export function setRepresentative(read: Pick<Customer, 'customerId' | 'version'>, administratorId: string): Write {
  return updateOnVersion(read, {
    sets: ['representativeId = :administratorId'],
    names: {},
    values: { ':administratorId': administratorId },
  });
}

export type CustomerEdit = Partial<Pick<Customer, 'name' | 'address' | 'phoneNumber'>>;

/** Edits a customer on the version that was read. */
export function updateCustomer(read: Pick<Customer, 'customerId' | 'version'>, edit: CustomerEdit): Write {
  const fields = Object.entries(edit);
  return updateOnVersion(read, {
    sets: fields.map((_, index) => `#field${index} = :field${index}`),
    names: Object.fromEntries(fields.map(([name], index) => [`#field${index}`, name])),
    values: Object.fromEntries(fields.map(([, value], index) => [`:field${index}`, value])),
  });
}

/** Sets a customer's MAU alert on the version that was read, and in the same write how the alert run finds it. */
export function updateMauAlert(read: Pick<Customer, 'customerId' | 'version'>, mauAlert: MauAlertSetting): Write {
  return updateOnVersion(read, {
    sets: ['mauAlert.enabled = :enabled', 'mauAlert.threshold = :threshold', 'finderSk = :finderSk'],
    names: {},
    values: {
      ':enabled': mauAlert.enabled,
      ':threshold': mauAlert.threshold,
      ':finderSk': customerFinder(read.customerId, thresholdIn(mauAlert)).finderSk,
    },
  });
}

function updateOnVersion(
  { customerId, version }: Pick<Customer, 'customerId' | 'version'>,
  { sets, names, values }: { sets: string[]; names: Record<string, string>; values: Record<string, unknown> },
): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: `SET ${['version = :next', ...sets].join(', ')}`,
      ConditionExpression: `${whileActive} AND version = :version`,
      ExpressionAttributeNames: { ...status, ...names },
      ExpressionAttributeValues: { ':active': 'active', ':version': version, ':next': version + 1, ...values },
    },
  };
}

/** No month of the customer was closed since it was read. */
const isClosedAsRead = ({ closedThrough }: Pick<Customer, 'closedThrough'>) =>
  closedThrough === undefined ? 'attribute_not_exists(closedThrough)' : 'closedThrough = :closedThrough';
const closedAsRead = ({ closedThrough }: Pick<Customer, 'closedThrough'>) =>
  closedThrough === undefined ? {} : { ':closedThrough': closedThrough };

/**
 * Sets what a customer's licenses are, if none was set and no month closed since they were read and no more is registered
 * than `max`, and which month was the last paid one, when it moves to Free.
 */
export function setLicenses(
  customer: Pick<Customer, 'customerId' | 'licenseVersion' | 'closedThrough'>,
  { license, upcomingLicenses }: Licensed,
  max: { readonly rps: number; readonly users: number },
  lastPaid: LastPaid | undefined,
): Write {
  return {
    Update: {
      Key: customerKey(customer.customerId),
      UpdateExpression: `SET license = :license, upcomingLicenses = :upcoming, licenseVersion = :next${lastPaid ? ', lastPaid = :lastPaid' : ''}`,
      ConditionExpression: `#status <> :unsubscribing AND licenseVersion = :version AND ${isClosedAsRead(customer)} AND registeredRps <= :maxRps AND registeredUsers <= :maxUsers`,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: {
        ':unsubscribing': 'unsubscribing',
        ':license': license,
        ':upcoming': upcomingLicenses,
        ':version': customer.licenseVersion,
        ':next': customer.licenseVersion + 1,
        ':maxRps': max.rps,
        ':maxUsers': max.users,
        ...closedAsRead(customer),
        ...(lastPaid && { ':lastPaid': lastPaid }),
      },
    },
  };
}

/**
 * Moves through which month a customer is closed, if its status, its licenses and its closed months are those that were
 * read; with the last paid month, until when it stays for its bill. In a transaction with the statement of that month.
 */
export function closeThrough(customer: Customer, month: string, lastPaid: LastPaid | undefined): Write {
  const { customerId, licenseVersion } = customer;
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: `SET closedThrough = :month${lastPaid ? ', lastPaid = :lastPaid' : ''}`,
      ConditionExpression: `#status = :status AND licenseVersion = :licenseVersion AND ${isClosedAsRead(customer)}`,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: {
        ':month': month,
        ':status': customer.status,
        ':licenseVersion': licenseVersion,
        ...closedAsRead(customer),
        ...(lastPaid && { ':lastPaid': lastPaid }),
      },
    },
  };
}

/**
 * Adds `added` to the users registered, if they stay within `max` (null: none), under the license that was looked at, and
 * the customer is active. In a transaction with what is counted, so that under any concurrency exactly `max` get in.
 */
export function countUsersIn(
  customer: Pick<Customer, 'customerId' | 'licenseVersion'>,
  added: number,
  max: number | null,
): Write {
  const withinMax = max === null ? '' : ' AND registeredUsers <= :maxMinusAdded';
  return {
    Update: {
      Key: customerKey(customer.customerId),
      UpdateExpression: 'ADD registeredUsers :added',
      ConditionExpression: `${whileActive} AND licenseVersion = :licenseVersion${withinMax}`,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: {
        ':active': 'active',
        ':added': added,
        ':licenseVersion': customer.licenseVersion,
        ...(max !== null && { ':maxMinusAdded': max - added }),
      },
    },
  };
}

/**
 * Counts an RP in as `countUsersIn` counts users, and among those registered in a month if these stay within `most`. The
 * first one of another month begins at one.
 */
export function countRpIn(
  customer: Pick<Customer, 'customerId' | 'licenseVersion' | 'rpsOfMonth'>,
  max: number | null,
  { month, most }: { month: string; most: number },
): Write {
  const isFirst = customer.rpsOfMonth?.month !== month;
  const withinMax = max === null ? '' : ' AND registeredRps < :max';
  const withinMost = isFirst
    ? '(attribute_not_exists(rpsOfMonth) OR rpsOfMonth.#month <> :month)'
    : 'rpsOfMonth.#month = :month AND rpsOfMonth.registered < :most';
  return {
    Update: {
      Key: customerKey(customer.customerId),
      UpdateExpression: `SET ${isFirst ? 'rpsOfMonth = :first' : 'rpsOfMonth.registered = rpsOfMonth.registered + :one'} ADD registeredRps :one`,
      ConditionExpression: `${whileActive} AND licenseVersion = :licenseVersion${withinMax} AND ${withinMost}`,
      ExpressionAttributeNames: { ...status, '#month': 'month' },
      ExpressionAttributeValues: {
        ':active': 'active',
        ':licenseVersion': customer.licenseVersion,
        ':one': 1,
        ':month': month,
        ...(max !== null && { ':max': max }),
        ...(isFirst ? { ':first': { month, registered: 1 } } : { ':most': most }),
      },
    },
  };
}

/** Takes what was removed off a customer's counts. In a transaction with the removal. */
export function countOut(
  customerId: string,
  removed: Partial<Pick<Customer, 'registeredRps' | 'registeredUsers'>>,
): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: 'ADD registeredRps :rps, registeredUsers :users',
      ConditionExpression: whileActive,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: {
        ':active': 'active',
        ':rps': -(removed.registeredRps ?? 0),
        ':users': -(removed.registeredUsers ?? 0),
      },
    },
  };
}
