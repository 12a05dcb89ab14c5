import { readApiKeysOf } from '../../table/api-keys.ts';
import { storeApiKeyCount, type Rp } from '../../table/rps.ts';
import type { Services } from '../services.ts';

const KEYS_A_PAGE = 100;

/**
 * Counts the API keys of an RP and stores the number in the RP item. An RP item lacks this number only if the RP was
 * registered before the service limited the number of API keys. While the RP item lacks the number, nobody can create
 * or delete an API key of the RP, so the number cannot change between the reads of the API keys and the write of the
 * number.
 */
export async function startCountingApiKeys({ table }: Pick<Services, 'table'>, rp: Rp): Promise<void> {
  let count = 0;
  let after: string | undefined;
  do {
    const { apiKeys, lastKeyId } = await readApiKeysOf(table, rp, KEYS_A_PAGE, after, 'strong');
    count += apiKeys.length;
    after = lastKeyId;
  } while (after !== undefined);
  await storeApiKeyCount(table, rp, count);
}
