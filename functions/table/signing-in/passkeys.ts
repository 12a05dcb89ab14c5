import { administratorAt, type Administrator } from '../administrators.ts';
import { customerAt, type Customer } from '../customers/customers.ts';
import { passkeyKey, passkeysOf, type Key } from '../keys.ts';
import type { Table } from '../engine/client.ts';
import { absent, exists } from '../engine/conditions.ts';
import { readItem, readTogether, readWholeRange, type Consistency, type KeyOf } from '../engine/reads.ts';
import type { Write } from '../engine/transaction.ts';

/** A passkey that an administrator signs in with. */
export interface Passkey extends PasskeyKey {
  /** The credential ID, as base64url of up to 1,364 characters. */
  readonly credentialId: string;
  /** The public key, encoded as a COSE key. */
  readonly publicKey: Uint8Array;
  /** The sign count that the authenticator last reported. Many authenticators always report 0. */
  readonly signCount: number;
  /** The ways in which a browser can reach the authenticator, such as `usb`, as the browser reported them. */
  readonly transports: readonly string[];
  readonly name: string;
  readonly createdAt: number;
  /** The time of the last sign-in with the passkey, in epoch milliseconds; null before the first sign-in. */
  readonly lastUsedAt: number | null;
  /**
   * The `recoveredAt` of the administrator's recovery that added the passkey. Undoing the recovery removes the passkey.
   * @default - no recovery link added the passkey
   */
  readonly recoveredAt?: number | undefined;
  /**
   * The time from which a sign-in with the passkey can count as recent, in epoch milliseconds.
   * @default - every sign-in with the passkey can
   */
  readonly countsFrom?: number | undefined;
}
interface PasskeyKey {
  readonly customerId: string;
  readonly administratorId: string;
  /** The SHA-256 of the credential ID. The credential ID itself may be too long for a sort key. */
  readonly id: string;
}
/** Returns the key of a passkey. */
export const passkeyAt = ({ customerId, administratorId, id }: PasskeyKey): KeyOf<Passkey> =>
  passkeyKey(customerId, administratorId, id);

/** Reads a passkey with a strongly consistent read. Returns undefined when the passkey does not exist. */
export function readPasskey(table: Table, key: PasskeyKey) {
  return readItem<Passkey>(table, passkeyAt(key), 'strong');
}

/** Reads all passkeys of an administrator (at most 20). */
export function readPasskeys(
  table: Table,
  { customerId, administratorId }: Pick<Administrator, 'customerId' | 'administratorId'>,
  consistency: Consistency = 'strong',
) {
  return readWholeRange<Passkey>(table, passkeysOf(customerId, administratorId), consistency);
}

/**
 * Reads a passkey, the administrator who owns the passkey, and the administrator's customer, with strongly consistent
 * reads. Returns undefined when any of the three items is missing.
 */
export async function readPasskeyAndOwner(
  table: Table,
  key: PasskeyKey,
): Promise<{ passkey: Passkey; administrator: Administrator; customer: Customer } | undefined> {
  const keys = [passkeyAt(key), administratorAt(key), customerAt(key.customerId)] as const;
  const [passkey, administrator, customer] = await readTogether(table, keys, 'strong');
  return passkey && administrator && customer && { passkey, administrator, customer };
}

/**
 * Adds a passkey; fails when the administrator already has the passkey. This write belongs in one transaction with
 * `countPasskeyIn`.
 */
export function putPasskey(passkey: Passkey): Write<Passkey> {
  return { Put: { Item: { ...passkeyAt(passkey), ...passkey }, ConditionExpression: absent } };
}

/** Checks that a passkey exists. */
export function checkPasskey(passkey: PasskeyKey): Write<Passkey> {
  return { ConditionCheck: { Key: passkeyAt(passkey), ConditionExpression: exists } };
}

/**
 * Removes a passkey; fails when the passkey does not exist. This write belongs in one transaction with the write that
 * updates the administrator's count of passkeys or removes the administrator.
 */
export function deletePasskey(passkey: PasskeyKey): Write<Passkey> {
  return { Delete: { Key: passkeyAt(passkey), ConditionExpression: exists } };
}

/**
 * Records a sign-in with a passkey. Fails when the passkey was removed, and when the passkey's sign count does not
 * grow, which is "a sign that the authenticator may be cloned" (WebAuthn, 6.1.1). The write accepts 0 after 0, because
 * an authenticator that does not count always reports 0.
 */
export const usePasskey = (passkey: PasskeyKey, signCount: number, now: number): Write<Passkey> =>
  usePasskeyAt(passkeyAt(passkey), signCount, now);
/** Records a sign-in with the passkey at a key, like `usePasskey`. */
export function usePasskeyAt<Item>(key: Key, signCount: number, now: number): Write<Item> {
  const grows = signCount === 0 ? 'signCount = :signCount' : 'signCount < :signCount';
  return {
    Update: {
      Key: key,
      UpdateExpression: 'SET signCount = :signCount, lastUsedAt = :now',
      ConditionExpression: `${exists} AND ${grows}`,
      ExpressionAttributeValues: { ':signCount': signCount, ':now': now },
    },
  };
}

/** Renames a passkey; fails when the passkey was removed. */
export function renamePasskey(passkey: PasskeyKey, name: string): Write<Passkey> {
  return {
    Update: {
      Key: passkeyAt(passkey),
      UpdateExpression: 'SET #name = :name',
      ConditionExpression: exists,
      ExpressionAttributeNames: { '#name': 'name' },
      ExpressionAttributeValues: { ':name': name },
    },
  };
}
