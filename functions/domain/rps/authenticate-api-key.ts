import { LRUCache } from 'lru-cache';
import { readApiKey, readWhetherStanding, updateLastUseOfApiKey } from '../../table/api-keys.ts';
import type { RpCaller } from '../callers.ts';
import { UnauthenticatedError } from '../errors.ts';
import { isSecret, parseApiKey } from '../ids.ts';
import type { Services } from '../services.ts';
import { HOUR, SECOND } from '../time.ts';

/**
 * The cache of a warm process. After the process has checked that an API key is valid, the process caches the caller
 * that the API key identifies. An entry lasts 10 seconds, so the process accepts an API key for at most 10 seconds
 * after the API key becomes invalid.
 */
type ApiKeyMemory = LRUCache<string, RpCaller>;
export interface ApiKeyServices extends Services {
  readonly rememberedApiKeys: ApiKeyMemory;
}

/**
 * How long a process may cache an API key, in milliseconds. The service promises that no process accepts an API key for
 * longer than this time after the deletion of the API key.
 */
const REMEMBERED = 10 * SECOND;

/** Adds a cache of checked API keys to the services. The cache lasts as long as the process. */
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

/** The shortest time, in milliseconds, between two updates of an API key's `lastUsedAt`. */
const LAST_USE_EVERY = HOUR;

/**
 * Returns the caller that an API key identifies. For a cached API key, the function makes no call to the table. For any
 * other valid API key, the function usually makes two calls with eventually consistent reads. Throws
 * `UnauthenticatedError` when the key is unknown, when the key's RP was removed, or when the key's customer is not
 * active. An eventually consistent read may miss a new item, so the function repeats the read with strong consistency
 * before it refuses an API key.
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
  // An entry's 10 seconds start before the reads, because the API key may become invalid just after the reads.
  rememberedApiKeys.set(key, caller, { start: began });
  return caller;
}
