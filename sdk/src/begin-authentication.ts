import { createHash, createPrivateKey, hkdfSync, randomBytes, sign, type KeyObject } from 'node:crypto';
import type { ApiKeyParts } from './api-key.ts';
import type { AuthenticationOptions } from './generated/types.gen.ts';

/** A wish for an authentication that any passkey of the RP may answer. */
export interface AuthenticationToBegin {
  /** Whether the authenticator must verify the user, for example by a fingerprint. @default 'preferred' */
  readonly userVerification?: 'required' | 'preferred' | 'discouraged' | undefined;
  /** How long the browser may take: 30 to 540 seconds. Not with `mediation`. @default 300 */
  readonly timeoutSeconds?: number | undefined;
  /** The `hints` of WebAuthn. @default - none */
  readonly hints?: readonly ('security-key' | 'client-device' | 'hybrid')[] | undefined;
  /** `conditional` for the autofill of browsers. The ceremony then lasts 9 minutes. @default - for a button */
  readonly mediation?: 'conditional' | undefined;
  /**
   * Binds the ceremony to something of the RP, such as the ID of its session: 1 to 200 characters. The same text must
   * be sent at the end. @default - none
   */
  readonly context?: string | undefined;
}

/** An authentication that has begun, as `requestAuthenticationOptions` returns it too. */
export interface BegunAuthentication {
  /** Keep it in your server's session with the browser, and send it back at the end. */
  readonly ceremony: string;
  /** For `PublicKeyCredential.parseRequestOptionsFromJSON` in the browser. */
  readonly options: AuthenticationOptions;
  /** When the ceremony ends: ISO 8601 in UTC. */
  readonly expiresAt: string;
  readonly mediation?: 'conditional';
}

/** Makes the ceremonies that an RP's server begins with an API key. */
export interface CeremonyMaker {
  /** Returns an authentication that begins at `now`, in epoch milliseconds. `random` are 32 random bytes. */
  begin(wish: AuthenticationToBegin, now: number, random?: Buffer): BegunAuthentication;
}

const FORMAT = 2;
/** The text that both the derivation of the key and the signature name, so that neither serves another purpose. */
const PURPOSE = 'fido2-server-service ceremony 2';
/** The bytes of an Ed25519 private key in PKCS#8 (RFC 8410) before the 32 bytes of the seed. */
const PKCS8_PREFIX = Buffer.from('302e020100300506032b657004220420', 'hex');
const USER_VERIFICATION = { discouraged: 0, preferred: 1, required: 2 } as const;
/** How long a ceremony lasts after the browser's time-out, in seconds. */
const TO_ANSWER = 60;
/**
 * How long a ceremony for autofill lasts, in seconds. The service refuses a ceremony that ends more than 600 seconds
 * ahead, so the clock of the RP's server may be a minute ahead of the service's clock.
 */
const CONDITIONAL = 540;
const MEDIATIONS: readonly unknown[] = [undefined, 'conditional'];

/** Returns a maker of ceremonies. Derives the private key from the API key's secret once, for all ceremonies. */
export function ceremonyMaker({ keyId, secret }: ApiKeyParts, rpId: string): CeremonyMaker {
  let key: KeyObject | undefined;
  return {
    begin(wish, now, random = randomBytes(32)) {
      const { userVerification = 'preferred', hints, mediation, context } = wish;
      const timeout = timeoutOf(wish);
      const lasts = timeout === undefined ? CONDITIONAL : timeout + TO_ANSWER;
      if (context !== undefined && (context === '' || context.length > 200)) {
        throw new RangeError('context must have 1 to 200 characters.');
      }
      if (!Object.hasOwn(USER_VERIFICATION, userVerification)) {
        throw new RangeError('userVerification must be required, preferred or discouraged.');
      }
      const head = Buffer.alloc(62);
      head.writeUInt8(FORMAT, 0);
      head.write(keyId, 1, 'ascii');
      head.writeUIntBE(now, 21, 6);
      head.writeUInt16BE(lasts, 27);
      head.writeUInt8(USER_VERIFICATION[userVerification], 29);
      random.copy(head, 30);
      const hashedContext = createHash('sha256')
        .update(context ?? '')
        .digest();
      key ??= privateKeyOf(secret);
      const message = Buffer.concat([Buffer.from(PURPOSE), head, hashedContext]);
      const signature = sign(null, message, key);
      return {
        ceremony: Buffer.concat([head, signature]).toString('base64url'),
        options: {
          rpId,
          // So the challenge belongs to this ceremony only.
          challenge: createHash('sha256').update(message).digest('base64url'),
          ...(timeout !== undefined && { timeout: timeout * 1_000 }),
          userVerification,
          ...(hints && { hints: [...hints] }),
        },
        expiresAt: new Date(now + lasts * 1_000).toISOString(),
        ...(mediation && { mediation }),
      };
    },
  };
}

/** Returns the browser's time-out in seconds, or undefined for autofill. Throws `RangeError` if it is not allowed. */
function timeoutOf({ mediation, timeoutSeconds }: AuthenticationToBegin): number | undefined {
  if (!MEDIATIONS.includes(mediation)) throw new RangeError('mediation can only be conditional.');
  if (mediation === undefined) {
    const timeout = timeoutSeconds ?? 300;
    if (Number.isInteger(timeout) && timeout >= 30 && timeout <= 540) return timeout;
    throw new RangeError('timeoutSeconds must be an integer from 30 to 540.');
  }
  if (timeoutSeconds === undefined) return undefined;
  throw new RangeError('timeoutSeconds must be left out if mediation is conditional, because browsers then wait on.');
}

/** Returns the Ed25519 private key that belongs to the secret of an API key. The service has only the public key. */
function privateKeyOf(secret: string): KeyObject {
  const seed = Buffer.from(hkdfSync('sha256', Buffer.from(secret, 'ascii'), Buffer.alloc(0), PURPOSE, 32));
  return createPrivateKey({ key: Buffer.concat([PKCS8_PREFIX, seed]), format: 'der', type: 'pkcs8' });
}
