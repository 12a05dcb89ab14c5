import { LRUCache } from 'lru-cache';
import { readApiKey, readWhetherStanding, updateLastUseOfApiKey } from '../../table/api-keys.ts';
import type { RpCaller } from '../callers.ts';
import { UnauthenticatedError } from '../errors.ts';
import { isSecret, parseApiKey } from '../ids.ts';
import type { Services } from '../services.ts';
import { HOUR, SECOND } from '../time.ts';

/**
 * The callers of valid API keys that a warm process has checked, by API key. An entry lasts 10 seconds, so a process
 * accepts a key for at most 10 seconds after it becomes invalid.
 */
type ApiKeyMemory = LRUCache<string, RpCaller>;
export interface ApiKeyServices extends Services {
  readonly rememberedApiKeys: ApiKeyMemory;
}

/** The promised time within which a deleted key is refused, and so the longest time that a process may remember a key. */
const REMEMBERED = 10 * SECOND;

/** Adds a memory of checked API keys to the services, for as long as the process lives. */
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

/** The last use of a key is written at most this often, in milliseconds. */
const LAST_USE_EVERY = HOUR;

/**
 * Returns the caller that an API key belongs to. A remembered key takes no call to the table; any other key takes two
 * calls with eventual reads. Throws `UnauthenticatedError` when the key is unknown, its RP was removed or its customer
 * is not active. An eventual read may miss a new item, so a strong read follows before a key is refused.
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
  // The 10 seconds begin before the reads, because the key may have become invalid just after them.
  rememberedApiKeys.set(key, caller, { start: began });
  return caller;
}
