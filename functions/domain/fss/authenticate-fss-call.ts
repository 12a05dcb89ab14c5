import { randomBytes } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import { useSignedMessage } from '../../table/signed-calls.ts';
import type { RpServer } from '../callers.ts';
import type { SecretServices } from '../fido2/sealing/ceremony-secrets.ts';
import { isKeyId } from '../ids.ts';
import { callerWith, findApiKey, REMEMBERED, type ApiKeyServices } from '../rps/authenticate-api-key.ts';
import type { Services } from '../services.ts';
import { FssError } from './fss-call.ts';
import { checkFssProof, fssKeyOf, type FssKey, type FssProof } from './fss-proof.ts';

/** An API key that the process has read, and its caller, once somebody has proved that they have the key. */
interface RememberedFssKey extends FssKey {
  caller?: RpServer;
}

export interface FssKeyServices extends ApiKeyServices, SecretServices {
  /** The API keys of all types that calls in the FSS format have named, by ID. An entry lasts 10 seconds. */
  readonly rememberedFssKeys: LRUCache<string, RememberedFssKey>;
}

/** Adds the cache of API keys to the services. The cache lasts as long as the process. */
export function withRememberedFssKeys<S extends Services>(services: S) {
  const { clock } = services;
  const rememberedFssKeys: FssKeyServices['rememberedFssKeys'] = new LRUCache({
    max: 1_000,
    ttl: REMEMBERED,
    ttlResolution: 0,
    perf: { now: () => clock.now() },
  });
  return { ...services, rememberedFssKeys };
}

/**
 * Returns the caller of a call in the FSS format. Throws the same `FssError` whatever is wrong: the key is unknown, the
 * proof is wrong, the signed message was used before, the RP ID is not that of the key's RP, the RP was removed, or the
 * customer is not active. Throws `TooManyRequestsError` as `findApiKey` does.
 *
 * A caller without the key causes at most one read of the key in 10 seconds for each process, and no write. A call with
 * a signature costs one write unit, because the service has to remember the message.
 */
export async function authenticateFssCall(
  services: FssKeyServices,
  proof: FssProof,
  body: Uint8Array,
): Promise<RpServer> {
  const { table, clock } = services;
  // The check of the message's time, and the end of the message's entry, must use the same time (see `LASTS`).
  const now = clock.now();
  const key = await rememberedKey(services, proof.apiAuthId);
  const proved = key && (await checkFssProof(services, key, proof, body, now));
  if (!proved) throw notAuthenticated();
  const caller = (key.caller ??= await callerWith(services, key.apiKey));
  if (!caller || caller.rp.rpId !== proof.rpId) throw notAuthenticated();
  const { message } = proved;
  if (message === undefined) return caller;
  const use = { rpRef: caller.rpRef, message, attempt: randomBytes(12).toString('base64url'), now };
  if (!(await useSignedMessage(table, use))) throw notAuthenticated();
  return caller;
}

/** Returns an API key from the cache, or reads it. Returns undefined if there is none. */
async function rememberedKey(
  services: FssKeyServices,
  keyId: string | undefined,
): Promise<RememberedFssKey | undefined> {
  const { clock, rememberedFssKeys, wrongApiKeys } = services;
  if (keyId === undefined || !isKeyId(keyId) || wrongApiKeys.has(keyId)) return undefined;
  const remembered = rememberedFssKeys.get(keyId);
  if (remembered) return remembered;
  const began = clock.now();
  const apiKey = await findApiKey(services, keyId);
  if (!apiKey) {
    wrongApiKeys.set(keyId, true);
    return undefined;
  }
  const key = fssKeyOf(apiKey);
  // An entry's 10 seconds start before the read, because the API key may become invalid just after the read.
  rememberedFssKeys.set(keyId, key, { start: began });
  return key;
}

const notAuthenticated = () =>
  new FssError(
    'UNAUTHORIZED',
    'The RP ID, the API key, its proof in the headers, or the time is wrong, or the signed message was used before.',
  );
