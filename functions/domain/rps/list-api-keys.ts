import type { ApiKeyView } from '../../contract/rps.ts';
import { readAdministratorsById, type Administrator } from '../../table/administrators.ts';
import { readApiKeysOf, type ApiKey } from '../../table/api-keys.ts';
import type { AdministratorCaller } from '../callers.ts';
import { MAX_API_KEYS } from './api-key-limit.ts';
import { getRp } from './get-rp.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/**
 * Converts an API key to the form that API responses use, without the key's secret. `creator` is the administrator who
 * created the key. @default - nobody knows who did, or the administrator was removed
 */
export function apiKeyView(
  { keyId, name, type, createdAt, lastUsedAt }: ApiKey,
  creator?: Pick<Administrator, 'administratorId' | 'name'>,
): ApiKeyView {
  return {
    ...{ keyId, name, type, createdAt: toIso(createdAt) },
    createdBy: creator ? { id: creator.administratorId, name: creator.name } : null,
    lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt),
  };
}

/**
 * Returns a page of at most `limit` API keys of an RP, with the current names of their creators, and the maximum number
 * of API keys of an RP. For a moment, the page may lack a new API key, or contain one that was just deleted. Throws
 * `NotFoundError` when the customer has no such RP.
 */
export async function listApiKeys(
  services: Services,
  caller: AdministratorCaller,
  id: string,
  { limit, cursor }: Page,
) {
  const rp = await getRp(services, caller, id);
  const { apiKeys, lastKeyId } = await readApiKeysOf(services.table, rp, limit, cursor, 'eventual');
  const creators = await readAdministratorsById(services.table, rp.customerId, [
    ...new Set(apiKeys.flatMap(({ createdBy }) => createdBy ?? [])),
  ]);
  const views = apiKeys.map((apiKey) => apiKeyView(apiKey, creators.get(apiKey.createdBy ?? '')));
  return { ...listAnswer(views, lastKeyId), maximum: MAX_API_KEYS };
}
