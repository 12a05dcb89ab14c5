import { alertKey, parsePendingAlertFinder, pendingAlertFinder, pendingAlertsInBucket } from './keys.ts';
import { find, readItems, type Found } from './engine/reads.ts';
import type { Table } from './engine/client.ts';
import { absent, type Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/** Which alert: "one e-mail for that customer, month and threshold". */
export interface AlertId {
  readonly customerId: string;
  readonly month: string;
  readonly threshold: number;
}

/** The decision to tell a representative that the MAU of a month exceed the threshold, and what came of it. */
export interface Alert extends AlertId {
  /** The MAU that were decided on. */
  readonly mau: number;
  /** `pending` until an e-mail was accepted, whether or not one failed; `failed` when it was given up. */
  readonly status: 'pending' | 'sent' | 'bounced' | 'failed';
  /** Epoch milliseconds, as are the others. */
  readonly decidedAt: number;
  /** While a run is at work on it: until when no other one may be. */
  readonly leasedUntil?: number | undefined;
  readonly sentAt?: number | undefined;
  /** What SES accepted the e-mail under. */
  readonly messageId?: string | undefined;
}

/** An alert that a run has claimed: whatever it does with it is done under its lease. */
export type ClaimedAlert = Alert & { readonly leasedUntil: number };

const keyOf = ({ customerId, month, threshold }: AlertId) => alertKey(customerId, month, threshold);

/** Gives those of distinct alerts that were not decided yet, by eventually consistent reads. */
export async function undecidedOf<A extends AlertId>(table: Table, alerts: readonly A[]): Promise<A[]> {
  const decided = await readItems<Alert>(table, alerts.map(keyOf), 'eventual');
  return alerts.filter((_, index) => decided[index] === undefined);
}

/** Decides on an alert; fails when it was decided. It stands in the finder until it is concluded. */
export function putAlert(alert: Alert, ttl: number): Write {
  const { customerId, month, threshold } = alert;
  return {
    Put: {
      Item: { ...keyOf(alert), ...pendingAlertFinder(customerId, month, threshold), ...alert, ttl },
      ConditionExpression: absent,
    },
  };
}

/** Finds the alerts of a bucket that are to be sent, behind `after`. One decided this moment may be missing. */
export async function findPendingAlerts(table: Table, bucket: string, after: Found | undefined) {
  const { found, last } = await find(table, pendingAlertsInBucket(bucket), { after });
  return { alerts: found.map(parsePendingAlertFinder), last };
}

const isPending = '#status = :pending';
/** No run is at work on it, or one that cannot live any more. */
const noLeaseInForce = '(attribute_not_exists(leasedUntil) OR leasedUntil <= :now)';
/** The run that writes is the one that claimed it last, and nobody has concluded it. */
const isClaimed = `${isPending} AND leasedUntil = :lease`;
const names = { '#status': 'status' };
const claimedBy = ({ leasedUntil }: ClaimedAlert) => ({ ':pending': 'pending', ':lease': leasedUntil });

/** Claims an alert that is to be sent until a time. Undefined when it is concluded, dropped or claimed by another run. */
export function claimAlert(
  table: Table,
  id: AlertId,
  now: number,
  leasedUntil: number,
): Promise<ClaimedAlert | undefined> {
  return updateWhile<ClaimedAlert>(table, {
    Key: keyOf(id),
    UpdateExpression: 'SET leasedUntil = :until',
    ConditionExpression: `${isPending} AND ${noLeaseInForce}`,
    ExpressionAttributeNames: names,
    ExpressionAttributeValues: { ':pending': 'pending', ':now': now, ':until': leasedUntil },
  });
}

/** Ends an alert, accepted by SES or given up: nobody sends it any more. */
export function concludeAlert(
  claimed: ClaimedAlert,
  outcome:
    { readonly status: 'sent'; readonly messageId: string; readonly sentAt: number } | { readonly status: 'failed' },
): Write {
  const fields = Object.entries(outcome).filter(([name]) => name !== 'status');
  return {
    Update: {
      Key: keyOf(claimed),
      UpdateExpression: `SET ${['#status = :status', ...fields.map(([name]) => `${name} = :${name}`)].join(', ')} REMOVE finderPk, finderSk, leasedUntil`,
      ConditionExpression: isClaimed,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ...claimedBy(claimed),
        ':status': outcome.status,
        ...Object.fromEntries(fields.map(([name, value]) => [`:${name}`, value])),
      },
    },
  };
}

/** Gives an alert back that was not sent: the next run may try it. */
export function releaseAlert(claimed: ClaimedAlert): Write {
  return {
    Update: {
      Key: keyOf(claimed),
      UpdateExpression: 'REMOVE leasedUntil',
      ConditionExpression: isClaimed,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: claimedBy(claimed),
    },
  };
}

/** Drops an alert that nobody wants any more, so that it can be decided again. */
export function deleteAlert(claimed: ClaimedAlert): Write {
  return {
    Delete: {
      Key: keyOf(claimed),
      ConditionExpression: isClaimed,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: claimedBy(claimed),
    },
  };
}

/**
 * Marks an alert as one that did not arrive: the e-mail that it was sent with, or, while it is claimed, an e-mail of which
 * it is not recorded yet that SES accepted it. Fails for any other, and when that was done.
 */
export function bounceAlert(id: AlertId, messageId: string): Write {
  return {
    Update: {
      Key: keyOf(id),
      UpdateExpression: 'SET #status = :bounced, messageId = :messageId REMOVE finderPk, finderSk, leasedUntil',
      ConditionExpression: `(#status = :sent AND messageId = :messageId) OR (${isPending} AND attribute_exists(leasedUntil))`,
      ExpressionAttributeNames: names,
      ExpressionAttributeValues: {
        ':bounced': 'bounced',
        ':sent': 'sent',
        ':pending': 'pending',
        ':messageId': messageId,
      },
    },
  };
}
