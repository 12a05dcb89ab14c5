import { readApiKeysOf } from '../../table/api-keys.ts';
import { storeApiKeyCount, type Rp } from '../../table/rps.ts';
import type { Services } from '../services.ts';

/** "An RP has at most 25 API keys." */
export const MAX_API_KEYS = 25;

/** API keys that are read together. */
const KEYS_A_PAGE = 100;

/**
 * Counts the API keys of an RP that was registered before there was a maximum. Creating or deleting a key needs the count,
 * so that none is created or deleted between reading the keys and storing their number.
 */
export async function startCountingApiKeys({ table }: Pick<Services, 'table'>, rp: Rp): Promise<void> {
  let count = 0;
  let after: string | undefined;
  do {
    const { apiKeys, lastKeyId } = await readApiKeysOf(table, rp, KEYS_A_PAGE, after);
    count += apiKeys.length;
    after = lastKeyId;
  } while (after !== undefined);
  await storeApiKeyCount(table, rp, count);
}
