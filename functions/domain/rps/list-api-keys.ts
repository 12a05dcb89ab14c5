import type { ApiKeyView } from '../../contract/rps.ts';
import { readApiKeysOf, type ApiKey } from '../../table/api-keys.ts';
import type { AdministratorCaller } from '../callers.ts';
import { getRp } from './get-rp.ts';
import { listAnswer, type Page } from '../pages.ts';
import type { Services } from '../services.ts';
import { toIso } from '../time.ts';

/** Converts an API key to the form that API responses use, without the key's secret. */
export function apiKeyView({ keyId, name, type, createdAt, lastUsedAt }: ApiKey): ApiKeyView {
  return { keyId, name, type, createdAt: toIso(createdAt), lastUsedAt: lastUsedAt === null ? null : toIso(lastUsedAt) };
}

/**
 * Returns a page of at most `limit` API keys of an RP. For a moment, the page may lack a new API key, or contain one
 * that was just deleted. Throws `NotFoundError` when the customer has no such RP.
 */
export async function listApiKeys(
  services: Services,
  caller: AdministratorCaller,
  id: string,
  { limit, cursor }: Page,
) {
  const rp = await getRp(services, caller, id);
  const { apiKeys, lastKeyId } = await readApiKeysOf(services.table, rp, limit, cursor, 'eventual');
  return listAnswer(apiKeys.map(apiKeyView), lastKeyId);
}
