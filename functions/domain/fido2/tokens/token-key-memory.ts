import { LRUCache } from 'lru-cache';
import { MINUTE, type Clock } from '../../time.ts';
import type { OpenTokenKey } from './sealed-token-key.ts';

/**
 * The open token keys that a process remembers, by the service's own ID of the RP: the one that signs, and those that
 * follow it.
 */
export type TokenKeyMemory = LRUCache<string, readonly OpenTokenKey[]>;
export interface TokenServices {
  readonly tokenKeys: TokenKeyMemory;
}

/**
 * How long a process remembers the keys of an RP, in milliseconds. If another process has replaced a key that no secret
 * of the stage opens, the old key is published for an hour more, so this process must read the new one before.
 */
const REMEMBERED = 30 * MINUTE;

/** Returns the memory for the keys of the 1,000 RPs that have asked for tokens most recently. */
export const newTokenKeyMemory = (clock: Clock): TokenKeyMemory =>
  new LRUCache({ max: 1_000, ttl: REMEMBERED, ttlResolution: 0, perf: { now: () => clock.now() } });
