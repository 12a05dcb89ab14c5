import { createHmac } from 'node:crypto';
import type { StageSecrets } from './sealing/ceremony-secrets.ts';

/** The lengths of the credential IDs that common authenticators make, in bytes. */
const LENGTHS = [16, 16, 20, 32, 32, 64] as const;

/**
 * Returns the user handle and the credentials of a user who does not exist, for options that conceal this. They are
 * computed from the user ID and the oldest secret of the stage, so that they are the same at each request, and nobody
 * else can compute them. After the secret was rotated twice, a made-up user has other credentials.
 */
export function madeUpUser(secrets: StageSecrets, rpRef: string, userId: string) {
  const secret = secrets.at(-1);
  if (!secret) throw new Error('The stage has no secret for ceremonies.');
  const bytes = (what: string) => createHmac('sha512', secret).update(`${what} ${rpRef} ${userId}`).digest();
  const numbers = bytes('shape');
  const length = LENGTHS[(numbers[0] ?? 0) % LENGTHS.length];
  // One user in four has a second credential.
  const count = (numbers[1] ?? 0) < 64 ? 2 : 1;
  return {
    userHandle: bytes('handle').subarray(0, 32).toString('base64url'),
    allowCredentials: Array.from({ length: count }, (_, index) => ({
      type: 'public-key' as const,
      id: bytes(`credential ${index}`).subarray(0, length).toString('base64url'),
    })),
  };
}
