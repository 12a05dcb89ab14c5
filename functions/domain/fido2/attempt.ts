import { createHash, randomBytes } from 'node:crypto';
import type { RpCaller } from '../callers.ts';

/**
 * Returns the text that identifies a request at the end of a ceremony. The service stores it with the used challenge: a
 * request that finds its own text there has succeeded before. The SDK repeats a write whose answer was lost, and then
 * finds the text of its own request. With an `Idempotency-Key`, the text is the same whenever the RP repeats the
 * request with the same API key, header and response; without it, each request has another text.
 */
export function attemptOf({ keyId }: RpCaller, idempotencyKey: string | undefined, response: unknown): string {
  if (idempotencyKey === undefined) return randomBytes(12).toString('base64url');
  return createHash('sha256')
    .update(JSON.stringify([keyId, idempotencyKey, response]))
    .digest()
    .subarray(0, 12)
    .toString('base64url');
}
