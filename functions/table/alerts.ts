import { BUCKETS, alertKey, parsePendingAlertFinder, pendingAlertFinder, pendingAlertsInBucket } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, isSet, isUnsetOr } from './engine/conditions.ts';
import { findAll, readItems, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/** The identity of an alert. For each customer, month and threshold, there is at most one alert. */
export interface AlertId {
  readonly customerId: string;
  readonly month: string;
  readonly threshold: number;
}

/**
 * The decision to e-mail a customer's representative that the MAU of a month exceeds the threshold, and the outcome of
 * this e-mail.
 */
export interface Alert extends AlertId {
  /** The MAU when the alert was decided. */
  readonly mau: number;
  /**
   * `pending` until SES accepts the alert's e-mail, even while attempts to send fail; `failed` when the service stops
   * trying.
   */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** When the alert was decided. All times of an alert are epoch milliseconds. */
  readonly decidedAt: number;
  /**
   * When the lease on the alert expires. Before this time, only the run that claimed the alert may work on the alert.
   */
  readonly leasedUntil?: number | undefined;
  readonly sentAt?: number | undefined;
  /** SES's ID of the e-mail. */
  readonly messageId?: string | undefined;
}

/**
 * An alert that a run has claimed. The run writes to the alert only while the alert's item contains the lease of this
 * run.
 */
export type ClaimedAlert = Alert & { readonly leasedUntil: number };

const alertAt = ({ customerId, month, threshold }: AlertId): KeyOf<Alert> => alertKey(customerId, month, threshold);

/**
 * Returns the given alerts that are not decided yet. The reads are eventually consistent. The given alerts must be
 * distinct.
 */
export async function undecidedOf<A extends AlertId>(table: Table, alerts: readonly A[]): Promise<A[]> {
  const decided = await readItems<Alert>(table, alerts.map(alertAt), 'eventual');
  return alerts.filter((_, index) => decided[index] === undefined);
}

/**
 * Stores the decision to send an alert; fails when the alert is already decided. The finder (our GSI) lists the alert
 * while the alert is pending.
 */
export function putAlert(alert: Alert, ttl: number): Write<Alert> {
  const { customerId, month, threshold } = alert;
  return {
    Put: {
      Item: { ...alertAt(alert), ...pendingAlertFinder(customerId, month, threshold), ...alert, ttl },
      ConditionExpression: absent,
    },
  };
}

/** Finds the pending alerts of all customers. May miss an alert that has just been decided. */
export async function findPendingAlerts(table: Table): Promise<AlertId[]> {
  const found = await Promise.all(BUCKETS.map((bucket) => findAll(table, pendingAlertsInBucket(bucket))));
  return found.flat().map(parsePendingAlertFinder);
}

/** The condition that the alert is still pending. */
const whilePending = '#status = :pending';
/** The condition that no run has claimed the alert, or that the lease of the last claim has expired. */
const noLeaseInForce = isUnsetOr('leasedUntil', 'leasedUntil <= :now');
/** The condition that the writing run was the last run to claim the alert, and that the alert is still pending. */
const whileClaimed = `${whilePending} AND leasedUntil = :lease`;
const statusName = { '#status': 'status' } as const;
const pendingValue = { ':pending': 'pending' } as const;
const claimValues = ({ leasedUntil }: ClaimedAlert) => ({ ...pendingValue, ':lease': leasedUntil });

/**
 * Claims a pending alert until `leasedUntil`. Returns undefined when the alert is concluded, dropped or claimed by
 * another run. If DynamoDB's response is lost, the lease may be stored although no run works on the alert. A later run
 * claims the alert after the lease has expired.
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
 * Concludes a claimed alert after SES accepted the e-mail or the service gave up. After this write, no run sends the
 * alert.
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

/** Deletes a claimed alert that the customer no longer wants, so that the alert can be decided again. */
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
 * Marks an alert as bounced. Fails unless the alert's item contains the ID of the bounced e-mail or the lease of a run:
 * the run that has the lease may not have recorded yet that SES accepted the e-mail. Also fails when the alert is
 * already marked as bounced.
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
