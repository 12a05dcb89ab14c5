import type { Administrator } from '../administrators.ts';
import type { Customer } from '../customers/customers.ts';
import { administratorKey, customerKey, passkeyKey, passkeysOf } from '../keys.ts';
import { readItem, readItems, readWholeRange } from '../engine/reads.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists, type Write } from '../engine/transaction.ts';

/** A passkey that an administrator signs in with. */
export interface Passkey extends PasskeyKey {
  /** Base64url, up to 1,364 characters. */
  readonly credentialId: string;
  /** In COSE's form. */
  readonly publicKey: Uint8Array;
  /** How often it says that it was used; many say 0, always. */
  readonly signCount: number;
  /** Where browsers find it, as they say it. */
  readonly transports: readonly string[];
  readonly name: string;
  readonly createdAt: number;
  /** Signing in with it; null: not yet. */
  readonly lastUsedAt: number | null;
}
interface PasskeyKey {
  readonly customerId: string;
  readonly administratorId: string;
  /** SHA-256 of the credential ID, which may be longer than a sort key. */
  readonly id: string;
}
const keyOf = ({ customerId, administratorId, id }: PasskeyKey) => passkeyKey(customerId, administratorId, id);

export function readPasskey(table: Table, key: PasskeyKey) {
  return readItem<Passkey>(table, keyOf(key), 'strong');
}

/** Reads all passkeys of an administrator, at most 20. */
export function readPasskeys(
  table: Table,
  { customerId, administratorId }: Pick<Administrator, 'customerId' | 'administratorId'>,
) {
  return readWholeRange<Passkey>(table, passkeysOf(customerId, administratorId), 'strong');
}

/** Reads a passkey and whom it signs in, strongly. Undefined when any is missing. */
export async function readPasskeyAndOwner(
  table: Table,
  key: PasskeyKey,
): Promise<{ passkey: Passkey; administrator: Administrator; customer: Customer } | undefined> {
  const { customerId, administratorId } = key;
  const [passkey, administrator, customer] = await readItems<unknown>(
    table,
    [keyOf(key), administratorKey(customerId, administratorId), customerKey(customerId)],
    'strong',
  );
  if (!passkey || !administrator || !customer) return undefined;
  return {
    passkey: passkey as Passkey,
    administrator: administrator as Administrator,
    customer: customer as Customer,
  };
}

/** Adds a passkey; fails when the administrator has it. In a transaction with their count. */
export function putPasskey(passkey: Passkey): Write {
  return { Put: { Item: { ...keyOf(passkey), ...passkey }, ConditionExpression: absent } };
}

/** Removes a passkey; fails when it is not there. In a transaction with the administrator's count. */
export function deletePasskey(passkey: PasskeyKey): Write {
  return { Delete: { Key: keyOf(passkey), ConditionExpression: exists } };
}

/**
 * Records that somebody signs in with a passkey. Fails when it was removed, or its sign count goes not forward: "a sign
 * that the authenticator may be cloned" (WebAuthn, 6.1.1), unless it does not count at all.
 */
export function usePasskey(passkey: PasskeyKey, signCount: number, now: number): Write {
  const goesForward = signCount === 0 ? 'signCount = :signCount' : 'signCount < :signCount';
  return {
    Update: {
      Key: keyOf(passkey),
      UpdateExpression: 'SET signCount = :signCount, lastUsedAt = :now',
      ConditionExpression: `${exists} AND ${goesForward}`,
      ExpressionAttributeValues: { ':signCount': signCount, ':now': now },
    },
  };
}

/** Renames a passkey; fails when it was removed. */
export function renamePasskey(passkey: PasskeyKey, name: string): Write {
  return {
    Update: {
      Key: keyOf(passkey),
      UpdateExpression: 'SET #name = :name',
      ConditionExpression: exists,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': name },
    },
  };
}
