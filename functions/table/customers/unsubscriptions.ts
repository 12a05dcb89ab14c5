import type { Customer } from './customers.ts';
import { customerKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import type { Write } from '../engine/transaction.ts';
import { updateWhile } from '../engine/updates.ts';

/** How many items of each kind, by the first word of their keys, such as `user`. */
export type ItemCounts = Readonly<Record<string, number>>;

/** That a customer unsubscribes and how far its discarding is. Stands in the customer item. */
export interface Unsubscription {
  /** The fence: from then on nothing of the customer is served or written. Epoch milliseconds. */
  readonly startedAt: number;
  /** Who ended it: the customer itself, the operator, or nobody: it was never activated. */
  readonly by: 'representative' | 'operator' | 'nobody';
  /** Whether discarding may begin: what the operator ended waits until the final statements were written. */
  readonly discards: boolean;
  /** When the queue was told by a schedule, the last time, epoch milliseconds. */
  readonly announcedAt?: number | undefined;
  /** What there was to discard, counted when it began. */
  readonly found?: ItemCounts | undefined;
  /** The confirming e-mail. */
  readonly mail?: { readonly mailId: string; readonly leftAt: number } | undefined;
}

const status = { '#status': 'status' };
const isUnsubscribing = '#status = :unsubscribing';
const unsubscribing = { ':unsubscribing': 'unsubscribing' } as const;

/**
 * Puts up the fence, if the customer still has what was looked at: its status, name, license and representative. If the
 * process dies after this write, the queue has been told already.
 */
export function startUnsubscribing(
  { customerId, status: readStatus, name, licenseVersion, representativeId }: Customer,
  unsubscription: Unsubscription,
): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: 'SET #status = :unsubscribing, unsubscription = :unsubscription',
      ConditionExpression:
        '#status = :status AND #name = :name AND licenseVersion = :licenseVersion AND representativeId = :representativeId',
      ExpressionAttributeNames: { ...status, '#name': 'name' },
      ExpressionAttributeValues: {
        ...unsubscribing,
        ':unsubscription': unsubscription,
        ':status': readStatus,
        ':name': name,
        ':licenseVersion': licenseVersion,
        ':representativeId': representativeId,
      },
    },
  };
}

/** Lets the discarding of a customer begin. Gives whether it is unsubscribing at all. */
export function allowDiscarding(table: Table, customerId: string): Promise<boolean> {
  return update(table, customerId, 'SET unsubscription.discards = :value', true);
}

/** Has the fence of a customer stand since `now`. */
export function moveFence(table: Table, customerId: string, now: number): Promise<boolean> {
  return update(table, customerId, 'SET unsubscription.startedAt = :value', now);
}

/** Keeps that the queue was told. If the process dies before, it is told once more. */
export function keepAnnounced(table: Table, customerId: string, now: number): Promise<boolean> {
  return update(table, customerId, 'SET unsubscription.announcedAt = :value', now);
}

/** Keeps what there was to discard. The first count stays: a later one would miss what is discarded already. */
export function keepFound(table: Table, customerId: string, found: ItemCounts): Promise<boolean> {
  return update(
    table,
    customerId,
    'SET unsubscription.#found = if_not_exists(unsubscription.#found, :value)',
    found,
    // A word that DynamoDB has reserved, or may.
    { '#found': 'found' },
  );
}

async function update(
  table: Table,
  customerId: string,
  expression: string,
  value: unknown,
  names: Record<string, string> = {},
): Promise<boolean> {
  const updated = await updateWhile(table, {
    Key: customerKey(customerId),
    UpdateExpression: expression,
    ConditionExpression: isUnsubscribing,
    ExpressionAttributeNames: { ...status, ...names },
    ExpressionAttributeValues: { ...unsubscribing, ':value': value },
  });
  return updated !== undefined;
}

/** Keeps which e-mail confirms the discarding, unless there is one. In a transaction with the e-mail. */
export function keepConfirmingMail(customerId: string, mail: NonNullable<Unsubscription['mail']>): Write {
  return {
    Update: {
      Key: customerKey(customerId),
      UpdateExpression: 'SET unsubscription.mail = :mail',
      ConditionExpression: `${isUnsubscribing} AND attribute_not_exists(unsubscription.mail)`,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: { ...unsubscribing, ':mail': mail },
    },
  };
}

/** Deletes the customer item, the last of all. */
export function deleteCustomer(customerId: string): Write {
  return {
    Delete: {
      Key: customerKey(customerId),
      ConditionExpression: isUnsubscribing,
      ExpressionAttributeNames: status,
      ExpressionAttributeValues: unsubscribing,
    },
  };
}
