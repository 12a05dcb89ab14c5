import { getTokenKeysContract as contract } from '../../contract/tokens.ts';
import { getTokenKeys } from '../../domain/fido2/tokens/get-token-keys.ts';
import { endpoint } from '../../http/endpoint.ts';

/**
 * For this number of seconds, verifiers and CloudFront may use a key set without asking again. A new key is published
 * much longer before it signs.
 */
const FRESH_SECONDS = 300;

export const build = endpoint('get-token-keys', contract, async ({ params }, services) => ({
  body: await getTokenKeys(services, params.id),
  headers: { 'cache-control': `public, max-age=${FRESH_SECONDS}` },
}));
