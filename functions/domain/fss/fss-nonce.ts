import { createHmac, hkdfSync, randomBytes, timingSafeEqual } from 'node:crypto';
import type { SecretServices, StageSecrets } from '../fido2/sealing/ceremony-secrets.ts';
import type { Clock } from '../time.ts';
import { canonicalBytes } from './canonical-bytes.ts';
import { isNear } from './is-near.ts';

/**
 * A nonce is base64url of its time (epoch milliseconds, 6 bytes), 16 random bytes and the HMAC-SHA-256 of both. So the
 * service recognizes its own nonces, and creating one writes nothing. A nonce belongs to nobody: the signature of the
 * call binds it to a key.
 */
const TIME_BYTES = 6;
const RANDOM_BYTES = 16;
const MAC_BYTES = 32;
const CONTENT_BYTES = TIME_BYTES + RANDOM_BYTES;

type NonceServices = SecretServices & { readonly clock: Clock };

/** Returns a nonce for one call with a key of the type `nonce-signature`. */
export async function newNonce({ clock, stageSecrets }: NonceServices): Promise<string> {
  const content = Buffer.alloc(CONTENT_BYTES);
  content.writeUIntBE(clock.now(), 0, TIME_BYTES);
  randomBytes(RANDOM_BYTES).copy(content, TIME_BYTES);
  const [newest] = await stageSecrets();
  if (!newest) throw new Error('The stage has no secret.');
  return Buffer.concat([content, macOf(newest, content)]).toString('base64url');
}

/** Returns whether a text is a nonce that this service created less than 2 minutes before `now`. */
export async function isLiveNonce(services: NonceServices, nonce: string, now: number): Promise<boolean> {
  const bytes = canonicalBytes(nonce, CONTENT_BYTES + MAC_BYTES);
  // The time comes before the MAC, because the service may have to read its secrets again to check the MAC.
  if (!bytes || !isNear(bytes.readUIntBE(0, TIME_BYTES), now)) return false;
  const isOurs = (secrets: StageSecrets) => secrets.some((secret) => hasMacOf(secret, bytes));
  return isOurs(await services.stageSecrets()) || isOurs((await services.newerStageSecrets()) ?? []);
}

function hasMacOf(secret: Uint8Array, bytes: Buffer): boolean {
  return timingSafeEqual(bytes.subarray(CONTENT_BYTES), macOf(secret, bytes.subarray(0, CONTENT_BYTES)));
}

/** Returns the MAC with the key that HKDF derives from a secret of the stage, for nonces only. */
function macOf(secret: Uint8Array, content: Uint8Array): Buffer {
  const key = new Uint8Array(hkdfSync('sha256', secret, '', 'fss nonce 1', 32));
  return createHmac('sha256', key).update(content).digest();
}
