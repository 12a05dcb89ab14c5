import { LRUCache } from 'lru-cache';
import { readApiKey, readStandingRp, updateLastUseOfApiKey, type ApiKey } from '../../table/api-keys.ts';
import type { RpServer } from '../callers.ts';
import { TooManyRequestsError, UnauthenticatedError } from '../errors.ts';
import { isSecret, parseApiKey } from '../ids.ts';
import { DEFAULT_SETTINGS } from './rp-settings.ts';
import type { Services } from '../services.ts';
import { HOUR, SECOND } from '../time.ts';
import { createTokenBuckets, type TokenBuckets } from '../token-buckets.ts';

/**
 * The cache of a warm process. After the process has checked that an API key is valid, the process caches the caller
 * that the API key identifies, with the settings of the RP. An entry lasts 10 seconds, so the process accepts an API
 * key for at most 10 seconds after the API key becomes invalid, and uses changed settings at most 10 seconds after the
 * change.
 */
type ApiKeyMemory = LRUCache<string, RpServer>;
export interface ApiKeyServices extends Services {
  readonly rememberedApiKeys: ApiKeyMemory;
  /**
   * API keys with an unknown ID or a wrong secret, and unknown IDs in the FSS format. Such a key never becomes valid:
   * the service creates the ID and the secret of each API key at random, and nobody knows them before the API key is in
   * the table.
   */
  readonly wrongApiKeys: LRUCache<string, true>;
  /**
   * The keys of the ceremonies that RPs' servers begin with one API key and end with another, by the RP and the ID of
   * the API key that began them. An entry lasts as long as one of `rememberedApiKeys`. The key is undefined if the API
   * key begins no ceremonies of the RP, for example because it was deleted.
   */
  readonly rememberedCeremonyKeys: LRUCache<string, { readonly ceremonyKey: string | undefined }>;
  /** Limits the strongly consistent reads of API keys that do not exist. */
  readonly unknownApiKeys: TokenBuckets;
}

/**
 * How long a process may cache an API key, in milliseconds. The service promises that no process accepts an API key for
 * longer than this time after the deletion of the API key.
 */
export const REMEMBERED = 10 * SECOND;

/**
 * How many unknown API keys a process reads with strong consistency: 1,000 at once, and then 10 each second. All
 * unknown API keys share one bucket, because a caller can send another unknown API key with each request.
 */
const UNKNOWN_API_KEYS = { capacity: 1_000, perSecond: 10 };
const ANY_UNKNOWN = 'any';

/** Adds caches of checked API keys and of wrong API keys to the services. The caches last as long as the process. */
export function withRememberedApiKeys<S extends Services>(services: S): S & ApiKeyServices {
  const { clock } = services;
  const lasting = { max: 1_000, ttl: REMEMBERED, ttlResolution: 0, perf: { now: () => clock.now() } };
  return {
    ...services,
    rememberedApiKeys: new LRUCache<string, RpServer>(lasting),
    wrongApiKeys: new LRUCache<string, true>(lasting),
    rememberedCeremonyKeys: new LRUCache<string, { readonly ceremonyKey: string | undefined }>(lasting),
    unknownApiKeys: createTokenBuckets(clock, UNKNOWN_API_KEYS),
  };
}

/** The shortest time, in milliseconds, between two updates of an API key's `lastUsedAt`. */
const LAST_USE_EVERY = HOUR;

/**
 * Returns the caller that an API key identifies. For a cached API key, the function makes no call to the table. For any
 * other valid API key, the function usually makes two calls with eventually consistent reads. Throws
 * `UnauthenticatedError` when the key is unknown, when the key's RP was removed, or when the key's customer is not
 * active. An eventually consistent read may miss a new item, so the function repeats the read with strong consistency
 * before it refuses an API key. Throws `TooManyRequestsError` when the eventually consistent read finds no API key and
 * callers have sent too many unknown API keys to this process.
 */
export async function authenticateApiKey(services: ApiKeyServices, key: string): Promise<RpServer> {
  const { clock, rememberedApiKeys, wrongApiKeys } = services;
  const remembered = rememberedApiKeys.get(key);
  if (remembered) return remembered;

  const refused = new UnauthenticatedError('The API key is not valid.');
  const parsed = parseApiKey(key);
  if (!parsed || wrongApiKeys.has(key)) throw refused;
  const { keyId, secret } = parsed;
  const began = clock.now();
  const apiKey = await findApiKey(services, keyId);
  // A key of another type is for requests in the FSS format only.
  if (apiKey?.type !== 'bearer' || !isSecret(secret, apiKey.secretSha256)) {
    wrongApiKeys.set(key, true);
    throw refused;
  }
  const standing = await callerWith(services, apiKey);
  if (!standing) throw refused;
  const caller: RpServer = { ...standing, ceremonyKey: apiKey.ceremonyKey };
  // An entry's 10 seconds start before the reads, because the API key may become invalid just after the reads.
  rememberedApiKeys.set(key, caller, { start: began });
  return caller;
}

/**
 * Returns the API key with an ID, or undefined if there is none. Repeats the read with strong consistency before it
 * returns undefined. Throws `TooManyRequestsError` when the first read finds no API key and callers have sent too many
 * unknown API keys to this process.
 */
export async function findApiKey(
  services: Pick<ApiKeyServices, 'table' | 'unknownApiKeys'>,
  keyId: string,
): Promise<ApiKey | undefined> {
  return (await readApiKey(services.table, keyId, 'eventual')) ?? (await readUnknownApiKey(services, keyId));
}

/**
 * Returns the caller that has an API key, after the caller has proved this. Returns undefined when the key's RP was
 * removed or the key's customer is not active. Records the use of the key at most once per hour. If the process dies
 * after this write, the time of the last use is right: the caller has used the key.
 */
export async function callerWith(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  apiKey: ApiKey,
): Promise<RpServer | undefined> {
  const { customerId, rpRef, keyId, lastUsedAt } = apiKey;
  const standing = (await readStandingRp(table, apiKey, 'eventual')) ?? (await readStandingRp(table, apiKey, 'strong'));
  if (!standing) return undefined;

  const now = clock.now();
  if (lastUsedAt === null || lastUsedAt <= now - LAST_USE_EVERY) {
    await updateLastUseOfApiKey(table, keyId, now, now - LAST_USE_EVERY);
  }
  const { rpId, name, registeredUsers, createdAt, verifiedAt = null } = standing.rp;
  const settings = { ...DEFAULT_SETTINGS, ...standing.stored?.settings };
  const rp = { rpId, name, registeredUsers, createdAt, verifiedAt, settings };
  return { customerId, rpRef, keyId, rp };
}

/**
 * Repeats the read of an API key that the eventually consistent read did not find, with strong consistency. Throws
 * `TooManyRequestsError` when callers have sent too many unknown API keys. A new API key that a replica lacks then gets
 * this error too, and not the final error `UnauthenticatedError`.
 */
async function readUnknownApiKey(
  { table, unknownApiKeys }: Pick<ApiKeyServices, 'table' | 'unknownApiKeys'>,
  keyId: string,
): Promise<ApiKey | undefined> {
  const wait = unknownApiKeys.secondsToWait(ANY_UNKNOWN);
  if (wait > 0) {
    throw new TooManyRequestsError(
      `The API received too many unknown API keys. Send the request again after ${wait} seconds.`,
      wait,
    );
  }
  const apiKey = await readApiKey(table, keyId, 'strong');
  if (!apiKey) unknownApiKeys.take(ANY_UNKNOWN, 1);
  return apiKey;
}
