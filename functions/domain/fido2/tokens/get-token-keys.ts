import { readTokenKeys } from '../../../table/token-keys.ts';
import { NotFoundError } from '../../errors.ts';
import type { Services } from '../../services.ts';
import { publishedKeys } from './token-key-times.ts';

/**
 * Returns the public keys that verify the tokens of an RP. The read is strongly consistent, because the first key of an
 * RP signs as soon as it is stored. Creates no key, because anybody may ask. Throws `NotFoundError` for an unknown RP,
 * and for an RP that has asked for no token yet, so that the answer does not tell which RPs exist.
 */
export async function getTokenKeys({ table, clock }: Services, rpRef: string) {
  const stored = await readTokenKeys(table, rpRef, 'strong');
  if (!stored) throw new NotFoundError('There is no such RP, or it has asked for no token yet.');
  return {
    keys: publishedKeys(stored.keys, clock.now()).map(({ kid, x, y }) => ({
      ...({ kty: 'EC', crv: 'P-256', x, y } as const),
      ...({ use: 'sig', alg: 'ES256', kid } as const),
    })),
  };
}
