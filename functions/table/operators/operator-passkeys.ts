import { operatorPasskeyKey } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent } from '../engine/conditions.ts';
import { readItem, readItems } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';
import { usePasskeyAt } from '../signing-in/passkeys.ts';
import type { OperatorAtGeneration } from './operators.ts';

/** The passkey of an operator. An operator has at most one: that of the latest link. */
export interface OperatorPasskey extends OperatorAtGeneration {
  /** The SHA-256 of the credential ID, which the log names. */
  readonly id: string;
  /** The credential ID, as base64url. */
  readonly credentialId: string;
  /** The public key, encoded as a COSE key. */
  readonly publicKey: Uint8Array;
  /** The sign count that the authenticator last reported. Many authenticators always report 0. */
  readonly signCount: number;
  readonly createdAt: number;
  /** The time of the last sign-in, in epoch milliseconds; null before the first sign-in. */
  readonly lastUsedAt: number | null;
}

/** Reads the passkey of an operator with a strongly consistent read. Returns undefined when there is none. */
export function readOperatorPasskey(table: Table, operatorId: string): Promise<OperatorPasskey | undefined> {
  return readItem<OperatorPasskey>(table, operatorPasskeyKey(operatorId), 'strong');
}

/** Reads the passkeys of operators, in the order of the IDs, with undefined for each operator without a passkey. */
export function readOperatorPasskeys(
  table: Table,
  operatorIds: readonly string[],
): Promise<(OperatorPasskey | undefined)[]> {
  return readItems<OperatorPasskey>(table, operatorIds.map(operatorPasskeyKey), 'eventual');
}

/**
 * Stores the passkey of an operator; fails when the operator has one. The write belongs in one transaction with the
 * check of the operator's generation.
 */
export function putOperatorPasskey(passkey: OperatorPasskey): Write<OperatorPasskey> {
  return { Put: { Item: { ...operatorPasskeyKey(passkey.operatorId), ...passkey }, ConditionExpression: absent } };
}

/** Records a sign-in with the passkey of an operator. Fails in the same cases as `usePasskey`. */
export const useOperatorPasskey = (operatorId: string, signCount: number, now: number): Write<OperatorPasskey> =>
  usePasskeyAt(operatorPasskeyKey(operatorId), signCount, now);

/** Deletes the passkey of an operator, if there is one. */
export function deleteOperatorPasskey(operatorId: string): Write<OperatorPasskey> {
  return { Delete: { Key: operatorPasskeyKey(operatorId) } };
}
