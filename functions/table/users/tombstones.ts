import type { Write } from '../engine/transaction.ts';
import { credentialIdTombstoneKey, handleTombstoneKey } from '../keys.ts';

/**
 * The items that lead from an RP to its tombstones: what stays of a handle item or of the reservation of a credential
 * ID after the user or the credential was removed (see `UserHandle` and `TakenCredentialId`). When the RP or the
 * customer is discarded, the service finds the tombstones through these items, because no user leads to them any more.
 *
 * The transaction that leaves a tombstone also puts its item. When the handle or the credential ID is registered again,
 * the item stays until its TTL. This does no harm: only the discarding of the RP reads the item, and the discarding
 * deletes everything of the RP.
 */

/**
 * How long such an item stays after its tombstone has expired, in seconds: 7 days. DynamoDB usually deletes an expired
 * item within a few days. An item that expires before its tombstone is deleted would leave the tombstone to the TTL.
 */
const STAYS_AFTER_TOMBSTONE = 7 * 24 * 60 * 60;

/** Leads from the RP to the tombstone of a user handle (base64url). `ttl` is the tombstone's own, in epoch seconds. */
export function noteHandleTombstone(rpRef: string, userHandle: string, ttl: number): Write {
  return { Put: { Item: { ...handleTombstoneKey(rpRef, userHandle), ttl: ttl + STAYS_AFTER_TOMBSTONE } } };
}

/**
 * Leads from the RP to the tombstone of a credential ID (base64url). `ttl` is the tombstone's own, in epoch seconds.
 */
export function noteCredentialIdTombstone(rpRef: string, credentialId: string, ttl: number): Write {
  return { Put: { Item: { ...credentialIdTombstoneKey(rpRef, credentialId), ttl: ttl + STAYS_AFTER_TOMBSTONE } } };
}
