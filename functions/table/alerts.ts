import {
  BUCKETS,
  alertKey,
  alertsOfMonth,
  parsePendingAlertFinder,
  pendingAlertFinder,
  pendingAlertsInBucket,
} from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, isSet, isUnset, isUnsetOr } from './engine/conditions.ts';
import { findAll, readItems, readWholeRange, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/**
 * The fields that identify an alert about a customer's MAU (monthly active users). For each customer, month and
 * threshold, there is at most one alert to the representative, and at most one copy for each other recipient.
 */
export interface AlertId {
  readonly customerId: string;
  readonly month: string;
  readonly threshold: number;
  /**
   * The recipient of a copy: an administrator whom the customer's setting names.
   * @default - the alert goes to the representative
   */
  readonly administratorId?: string | undefined;
}

/**
 * The decision to tell one person by e-mail that the customer's MAU of a month exceeds a threshold, and the outcome of
 * this e-mail.
 */
export interface Alert extends AlertId {
  /** The customer's MAU at the time of the decision to send the alert. */
  readonly mau: number;
  /**
   * `pending` until SES accepts the alert's e-mail, even after some attempts to send the e-mail have failed. `failed`
   * after the service has stopped trying to send the e-mail.
   */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** The time of the decision to send the alert. All times of an alert are epoch milliseconds. */
  readonly decidedAt: number;
  /**
   * The lease of a run (an invocation of the function that sends alerts): the time at which the run's claim on the
   * alert expires. Before this time, only this run may send the alert's e-mail.
   */
  readonly leasedUntil?: number | undefined;
  readonly sentAt?: number | undefined;
  /** The ID that SES assigned to the alert's e-mail. */
  readonly messageId?: string | undefined;
  /** Set once the copies of the alert are stored. @default - no copy is stored, or the alert is a copy */
  readonly isCopied?: true | undefined;
}

/**
 * An alert that a run has claimed. This run changes the alert only while the alert's item still contains the lease of
 * the run.
 */
export type ClaimedAlert = Alert & { readonly leasedUntil: number };

const alertAt = ({ customerId, month, threshold, administratorId }: AlertId): KeyOf<Alert> =>
  alertKey(customerId, month, threshold, administratorId);

/**
 * Returns the given alerts that the table does not contain yet. The reads are eventually consistent. No alert may occur
 * twice in `alerts`.
 */
export async function undecidedOf<A extends AlertId>(table: Table, alerts: readonly A[]): Promise<A[]> {
  const decided = await readItems<Alert>(table, alerts.map(alertAt), 'eventual');
  return alerts.filter((_, index) => decided[index] === undefined);
}

/**
 * Returns how many alerts to its representative the service decided about a customer's MAU of a month. Copies and
 * dropped alerts do not count. The read is eventually consistent.
 */
export async function countDecided(table: Table, customerId: string, month: string): Promise<number> {
  const alerts = await readWholeRange<Alert>(table, alertsOfMonth(customerId, month), 'eventual');
  return alerts.filter(({ administratorId }) => administratorId === undefined).length;
}

/**
 * Stores the decision to send an alert; fails when the table already contains the alert. The finder (our GSI) lists the
 * alert while the alert is pending.
 */
export function putAlert(alert: Alert, ttl: number): Write<Alert> {
  const { customerId, month, threshold, administratorId } = alert;
  const place = pendingAlertFinder(customerId, month, threshold, administratorId);
  return {
    Put: {
      Item: { ...alertAt(alert), ...place, ...alert, ttl },
      ConditionExpression: absent,
    },
  };
}

/**
 * Finds the pending alerts of all customers. May miss an alert that was stored just before the call, because reads of a
 * GSI are eventually consistent.
 */
export async function findPendingAlerts(table: Table): Promise<AlertId[]> {
  const found = await Promise.all(BUCKETS.map((bucket) => findAll(table, pendingAlertsInBucket(bucket))));
  return found.flat().map(parsePendingAlertFinder);
}

/** The condition that the alert is still pending. */
const whilePending = '#status = :pending';
/** The condition that the alert has no lease, or that its lease has expired. */
const noLeaseInForce = isUnsetOr('leasedUntil', 'leasedUntil <= :now');
/** The condition that the alert is still pending and still contains the lease of the run that writes. */
const whileClaimed = `${whilePending} AND leasedUntil = :lease`;
const statusName = { '#status': 'status' } as const;
const pendingValue = { ':pending': 'pending' } as const;
const claimValues = ({ leasedUntil }: ClaimedAlert) => ({ ...pendingValue, ':lease': leasedUntil });

/**
 * Claims a pending alert until `leasedUntil`. Returns undefined when the alert is no longer pending, was deleted, or is
 * claimed by another run. If DynamoDB's response is lost, the lease may be stored although no run works on the alert. A
 * later run claims the alert after the lease has expired.
 */
export function claimAlert(
  table: Table,
  id: AlertId,
  now: number,
  leasedUntil: number,
): Promise<ClaimedAlert | undefined> {
  return updateWhile<ClaimedAlert>(table, {
    Key: alertAt(id),
    UpdateExpression: 'SET leasedUntil = :until',
    ConditionExpression: `${whilePending} AND ${noLeaseInForce}`,
    ExpressionAttributeNames: statusName,
    ExpressionAttributeValues: { ...pendingValue, ':now': now, ':until': leasedUntil },
  });
}

/**
 * Stores that SES accepted the e-mail of a claimed alert, or that the service stopped trying to send the e-mail. After
 * this write, no run sends the alert.
 */
export function concludeAlert(
  claimed: ClaimedAlert,
  outcome:
    { readonly status: 'sent'; readonly messageId: string; readonly sentAt: number } | { readonly status: 'failed' },
): Write<Alert> {
  const fields = Object.entries(outcome).filter(([name]) => name !== 'status');
  return {
    Update: {
      Key: alertAt(claimed),
      UpdateExpression: `SET ${['#status = :status', ...fields.map(([name]) => `${name} = :${name}`)].join(', ')} REMOVE finderPk, finderSk, leasedUntil`,
      ConditionExpression: whileClaimed,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: {
        ...claimValues(claimed),
        ':status': outcome.status,
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/**
 * Stores that the copies of a claimed alert are stored. Fails when they are stored already. This write belongs in one
 * transaction with the copies.
 */
export function keepCopied(claimed: ClaimedAlert): Write<Alert> {
  return {
    Update: {
      Key: alertAt(claimed),
      UpdateExpression: 'SET isCopied = :true',
      ConditionExpression: `${whileClaimed} AND ${isUnset('isCopied')}`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ...claimValues(claimed), ':true': true },
    },
  };
}

/** Releases a claimed alert that was not sent, so that another run may claim it. */
export function releaseAlert(claimed: ClaimedAlert): Write<Alert> {
  return {
    Update: {
      Key: alertAt(claimed),
      UpdateExpression: 'REMOVE leasedUntil',
      ConditionExpression: whileClaimed,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: claimValues(claimed),
    },
  };
}

/**
 * Deletes a claimed alert that the customer no longer wants. If the customer wants the alert again in the same month,
 * the service can decide again to send it.
 */
export function deleteAlert(claimed: ClaimedAlert): Write<Alert> {
  return {
    Delete: {
      Key: alertAt(claimed),
      ConditionExpression: whileClaimed,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: claimValues(claimed),
    },
  };
}

/**
 * Stores that the e-mail of an alert bounced. Fails unless the alert's item contains the ID of the bounced e-mail or
 * the lease of a run. The item contains a lease while a run has not yet recorded that SES accepted the e-mail. Also
 * fails when the table already says that the e-mail bounced.
 */
export function bounceAlert(id: AlertId, messageId: string): Write<Alert> {
  return {
    Update: {
      Key: alertAt(id),
      UpdateExpression: 'SET #status = :bounced, messageId = :messageId REMOVE finderPk, finderSk, leasedUntil',
      ConditionExpression: `(#status = :sent AND messageId = :messageId) OR (${whilePending} AND ${isSet('leasedUntil')})`,
      ExpressionAttributeNames: statusName,
      ExpressionAttributeValues: { ...pendingValue, ':bounced': 'bounced', ':sent': 'sent', ':messageId': messageId },
    },
  };
}
