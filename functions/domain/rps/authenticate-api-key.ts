import { LRUCache } from 'lru-cache';
import { readApiKey, readWhetherStanding, updateLastUseOfApiKey } from '../../table/api-keys.ts';
import type { RpCaller } from '../callers.ts';
import { UnauthenticatedError } from '../errors.ts';
import { isSecret, parseApiKey } from '../ids.ts';
import type { Services } from '../services.ts';
import { HOUR, SECOND } from '../time.ts';

/** API keys that a warm process has found good, by the key; for 10 seconds, so that none is accepted longer once it is not. */
export type ApiKeyMemory = LRUCache<string, RpCaller>;
export interface ApiKeyServices extends Services {
  readonly rememberedApiKeys: ApiKeyMemory;
}

/** "Every API key [is refused] within 10 seconds." */
const REMEMBERED = 10 * SECOND;

/** Adds what routes for RPs remember while their process is warm. */
export function withRememberedApiKeys<S extends Services>(services: S): S & ApiKeyServices {
  const { clock } = services;
  return {
    ...services,
    rememberedApiKeys: new LRUCache({
      max: 1_000,
      ttl: REMEMBERED,
      ttlResolution: 0,
      perf: { now: () => clock.now() },
    }),
  };
}

/** "Last use written at most hourly." */
const LAST_USE_EVERY = HOUR;

/**
 * Gives whom an API key stands for, by two eventually consistent calls unless it is remembered. Throws
 * `UnauthenticatedError` when the key is unknown, its RP was removed or its customer is not active. What a replica has
 * not seen yet is read once more, strongly, before it is refused.
 */
export async function authenticateApiKey(services: ApiKeyServices, key: string): Promise<RpCaller> {
  const { table, clock, rememberedApiKeys } = services;
  const remembered = rememberedApiKeys.get(key);
  if (remembered) return remembered;

  const refused = new UnauthenticatedError('The API key is not valid.');
  const parsed = parseApiKey(key);
  if (!parsed) throw refused;
  const { keyId, secret } = parsed;
  const began = clock.now();
  const apiKey = (await readApiKey(table, keyId, 'eventual')) ?? (await readApiKey(table, keyId, 'strong'));
  if (!apiKey || !isSecret(secret, apiKey.secretSha256)) throw refused;
  const { customerId, rpRef, lastUsedAt } = apiKey;
  const stands =
    (await readWhetherStanding(table, apiKey, 'eventual')) || (await readWhetherStanding(table, apiKey, 'strong'));
  if (!stands) throw refused;

  const now = clock.now();
  if (lastUsedAt === null || lastUsedAt <= now - LAST_USE_EVERY) {
    await updateLastUseOfApiKey(table, keyId, now, now - LAST_USE_EVERY);
  }
  const caller = { customerId, rpRef, keyId };
  // From before the reads: what they saw is no newer.
  rememberedApiKeys.set(key, caller, { start: began });
  return caller;
}
