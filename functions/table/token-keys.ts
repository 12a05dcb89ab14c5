import { tokenKeysKey } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent } from './engine/conditions.ts';
import { readItem, type Consistency, type KeyOf } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';

/** A key that signs the tokens of an RP: an elliptic curve key on P-256. */
export interface TokenKey {
  /** The ID of the key: the thumbprint of its public half (RFC 7638). */
  readonly kid: string;
  /** The coordinates of the public key, as base64url. */
  readonly x: string;
  readonly y: string;
  /** The time from which the key signs, in epoch milliseconds. It signs until the next key does. */
  readonly signsFrom: number;
  /** The sealed private key. @default - the key signs no more */
  readonly sealed?: Uint8Array | undefined;
}

/** The keys that sign the tokens of an RP, in the order in which they sign. */
export interface TokenKeys {
  /** Increases with each write of this item. */
  readonly version: number;
  readonly keys: readonly TokenKey[];
}

const tokenKeysAt = (rpRef: string): KeyOf<TokenKeys> => tokenKeysKey(rpRef);

/** Reads the keys that sign the tokens of an RP. Returns undefined before the first token, and for an unknown RP. */
export function readTokenKeys(table: Table, rpRef: string, consistency: Consistency): Promise<TokenKeys | undefined> {
  return readItem<TokenKeys>(table, tokenKeysAt(rpRef), consistency);
}

/**
 * Replaces the keys of version `version - 1`, or stores the first keys as version 1. Fails when another process has
 * replaced them. This write belongs in one transaction with `checkRp` and `checkCustomerActive`, so that no key is
 * stored after the RP's keys were discarded.
 */
export function replaceTokenKeys(rpRef: string, { version, keys }: TokenKeys): Write<TokenKeys> {
  return {
    Put: {
      Item: { ...tokenKeysAt(rpRef), version, keys },
      ...(version === 1
        ? { ConditionExpression: absent }
        : {
            ConditionExpression: '#version = :read',
            ExpressionAttributeNames: { '#version': 'version' },
            ExpressionAttributeValues: { ':read': version - 1 },
          }),
    },
  };
}
