import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../engine/client.ts';
import { readItem, type KeyOf } from '../engine/reads.ts';
import { pendingRegistrationKey } from '../keys.ts';

/** The values that the beginning of a registration leaves for its end. */
export interface PendingRegistration {
  /** A JSON text. */
  readonly note: string;
  /** Epoch seconds. The sealed ceremony itself says when it ends; this only lets DynamoDB delete the item. */
  readonly ttl: number;
}
const keyOf = (rpRef: string, id: string): KeyOf<PendingRegistration> => pendingRegistrationKey(rpRef, id);

/**
 * Stores what the end of a registration needs. If the process dies right after it, nobody has the ceremony, and the
 * item stays until its TTL.
 */
export async function putPendingRegistration(
  table: Table,
  rpRef: string,
  id: string,
  pending: PendingRegistration,
): Promise<void> {
  await table.client.send(new PutCommand({ TableName: table.name, Item: { ...keyOf(rpRef, id), ...pending } }));
}

/** Reads what the beginning of a registration has left, with strong consistency. Returns undefined when it is gone. */
export function readPendingRegistration(table: Table, rpRef: string, id: string) {
  return readItem<PendingRegistration>(table, keyOf(rpRef, id), 'strong');
}

/** Deletes what the beginning of a registration has left. If the process dies before, the item stays until its TTL. */
export async function deletePendingRegistration(table: Table, rpRef: string, id: string): Promise<void> {
  await table.client.send(new DeleteCommand({ TableName: table.name, Key: keyOf(rpRef, id) }));
}
