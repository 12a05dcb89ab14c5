import { createHash, createPublicKey, verify } from 'node:crypto';
import type { RpServer } from '../../callers.ts';
import { RP_CEREMONY } from '../../rps/ceremony-key.ts';
import { CeremonyRefusedError } from '../../errors.ts';
import { isKeyId } from '../../ids.ts';
import { findApiKey, type ApiKeyServices } from '../../rps/authenticate-api-key.ts';
import { SECOND } from '../../time.ts';
import type { UserVerification } from '../../webauthn/registration.ts';
import type { AuthenticationContent } from './authentication-content.ts';
import { hashOfContext } from './ceremony-content.ts';
import { ceremonyInvalid } from './sealed-ceremony.ts';

/**
 * An RP's server can begin an unnamed authentication without a call. Then the text of the ceremony is base64url of
 * these 126 bytes:
 *
 *     format (1 byte) · ID of the API key without "key_" (20) · begin in epoch milliseconds (6) · seconds that the
 *     ceremony lasts (2) · user verification (1) · random bytes (32) · Ed25519 signature (64)
 *
 * Numbers are big-endian. The private key is the one that `ceremonyKeyOf` derives from the API key's secret. The signed
 * message is the name of the format, all bytes before the signature, and the SHA-256 of the context (of the empty text
 * if there is none). The text names no RP: the API key belongs to one.
 *
 * The challenge is the SHA-256 of the signed message. So a challenge belongs to one ceremony with one end, and the
 * response to it can never be accepted in a ceremony that begins later.
 */
const SIGNED_BYTES = 62;
const SIGNATURE_BYTES = 64;
/** The values of the byte that says whether the authenticator must verify the user. */
const USER_VERIFICATIONS: readonly UserVerification[] = ['discouraged', 'preferred', 'required'];

/** The longest time from now until the end of such a ceremony, in milliseconds. */
const MAX_AHEAD = 600 * SECOND;
/** How far the clock of an RP's server may be ahead at the begin of a ceremony, in milliseconds. */
const CLOCK_AHEAD = 60 * SECOND;

/**
 * Opens an authentication that the RP's server has begun. The ceremony may have ended: the caller of this function
 * decides about the end. Throws `CeremonyRefusedError` with `ceremony-invalid` in these cases:
 *
 * - The text does not have the format, or another context, or another signature.
 * - The API key that began the ceremony was deleted, belongs to another RP, or was created before the service kept the
 *   keys of ceremonies. A process may accept a deleted API key for 10 seconds.
 * - The ceremony begins more than a minute ahead, ends more than 600 seconds ahead, or lasts longer than 600 seconds.
 *
 * Makes no call to the table if the same API key began the ceremony and ends it. Otherwise, reads the API key, and
 * caches for 10 seconds what it has found.
 */
export async function openBegunByRp(
  services: ApiKeyServices,
  caller: RpServer,
  text: string,
  context: string | undefined,
): Promise<AuthenticationContent> {
  const bytes = Buffer.from(text, 'base64url');
  if (bytes.length !== SIGNED_BYTES + SIGNATURE_BYTES) throw ceremonyInvalid();
  const signed = bytes.subarray(0, SIGNED_BYTES);
  const userVerification = USER_VERIFICATIONS[signed.readUInt8(29)];
  const keyId = `key_${signed.toString('latin1', 1, 21)}`;
  const ceremonyKey = keyId === caller.keyId ? caller.ceremonyKey : await ceremonyKeyOf(services, caller, keyId);
  if (ceremonyKey === undefined || !userVerification) throw ceremonyInvalid();

  const hash = createHash('sha256')
    .update(context ?? '')
    .digest();
  const message = Buffer.concat([Buffer.from(RP_CEREMONY), signed, hash]);
  const key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: ceremonyKey }, format: 'jwk' });
  if (!verify(null, message, key, bytes.subarray(SIGNED_BYTES))) throw ceremonyInvalid();

  const begin = signed.readUIntBE(21, 6);
  const lasts = signed.readUInt16BE(27) * SECOND;
  const end = begin + lasts;
  const now = services.clock.now();
  if (lasts > MAX_AHEAD || end > now + MAX_AHEAD || begin > now + CLOCK_AHEAD) {
    throw new CeremonyRefusedError(
      'ceremony-invalid',
      'The ceremony begins or ends too far ahead. Check the clock of the server that began the ceremony.',
    );
  }
  return {
    begin,
    end,
    challenge: createHash('sha256').update(message).digest('base64url'),
    // The signature has shown that the context is right.
    ...(context !== undefined && { context: hashOfContext(context) }),
    userVerification,
  };
}

/** Returns the key of the ceremonies that another API key of the RP begins. Returns undefined if there is none. */
async function ceremonyKeyOf(
  services: ApiKeyServices,
  { customerId, rpRef }: RpServer,
  keyId: string,
): Promise<string | undefined> {
  const { rememberedCeremonyKeys, clock } = services;
  const name = `${rpRef} ${keyId}`;
  const remembered = rememberedCeremonyKeys.get(name);
  if (remembered) return remembered.ceremonyKey;
  if (!isKeyId(keyId)) return undefined;
  const began = clock.now();
  const apiKey = await findApiKey(services, keyId);
  const isOfRp = apiKey?.type === 'bearer' && apiKey.customerId === customerId && apiKey.rpRef === rpRef;
  const ceremonyKey = isOfRp ? apiKey.ceremonyKey : undefined;
  rememberedCeremonyKeys.set(name, { ceremonyKey }, { start: began });
  return ceremonyKey;
}
