import { isoCBOR } from '@simplewebauthn/server/helpers';
import { describe, expect, it } from 'vitest';
import { verifyAuthentication, type AuthenticationCeremony } from '../../functions/domain/webauthn/authentication.ts';
import { verifyRegistration } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey, usePasskey, type Deviations } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';

const challenge = newChallenge();
const ceremony: AuthenticationCeremony = { challenge, userVerification: 'required' };

/** Registers a passkey with the RP `shop`. Returns the passkey and the credential that the RP would store. */
async function registered(options: Parameters<typeof createPasskey>[2] = {}) {
  const { passkey, response } = createPasskey('https://shop.example', shopOptions(challenge), options);
  const registration = { challenge, attestation: 'none', userVerification: 'required' } as const;
  const { accepted } = await verifyRegistration(shop, registration, response);
  if (!accepted) throw new Error('The registration was refused.');
  return { passkey, credential: accepted };
}

/**
 * Authenticates with a new credential on a page of the RP `shop`, and returns the result of verifying the response. The
 * values in `deviations` replace correct values of the response.
 */
async function authenticate(
  deviations: Deviations = {},
  { of = ceremony, origin = 'https://shop.example', signCount = 0 } = {},
) {
  const { passkey, credential } = await registered({ signCount });
  return verifyAuthentication(shop, of, credential, usePasskey(origin, passkey, { challenge }, deviations));
}

const ACCEPTED = { userVerified: true, backupEligible: false, backedUp: false, origin: 'https://shop.example' };

describe('an authentication response', () => {
  it.each([-7, -8, -35, -36, -257] as const)('is accepted if the algorithm is %i', async (algorithm) => {
    const { passkey, credential } = await registered({ algorithm });
    const response = usePasskey('https://shop.example', passkey, { challenge });
    expect(await verifyAuthentication(shop, ceremony, credential, response)).toEqual({
      accepted: { ...ACCEPTED, signCount: 0 },
    });
  });

  it('yields the new sign count of the authenticator', async () => {
    expect(await authenticate({}, { signCount: 7 })).toEqual({ accepted: { ...ACCEPTED, signCount: 8 } });
  });

  it.each(shop.origins)('is accepted from the origin %s of the RP', async (origin) => {
    expect(await authenticate({}, { origin })).toHaveProperty('accepted');
  });

  it.each([
    ['another origin', 'origin', { origin: 'https://shop.example.evil.example' }],
    ['another RP ID', 'rp-id-hash', { rpId: 'console.example' }],
    ['another challenge', 'challenge', { challenge: newChallenge() }],
    ['the type of another ceremony', 'type', { type: 'webauthn.create' }],
    ['no proof of user presence', 'user-presence', { isUserPresent: false }],
    ['no proof of user verification', 'user-verification', { isUserVerified: false }],
  ])('is refused if it contains %s', async (_, step, deviations) => {
    expect(await authenticate(deviations)).toMatchObject({
      refusal: { step, reason: expect.stringMatching(/./) as string },
    });
  });

  it.each([
    ['crossOrigin: true', 'cross-origin', { crossOrigin: true }],
    ['a topOrigin', 'top-origin', { topOrigin: 'https://shop.example' }],
  ])('is refused if the client data contain %s', async (_, step, deviations) => {
    expect(await authenticate(deviations)).toMatchObject({ refusal: { step } });
  });

  it('is refused if bytes follow its signature', async () => {
    const { passkey, credential } = await registered();
    const { response, ...rest } = usePasskey('https://shop.example', passkey, { challenge });
    const signature = Buffer.concat([Buffer.from(response.signature, 'base64url'), Buffer.alloc(1)]);
    const longer = { ...rest, response: { ...response, signature: signature.toString('base64url') } };
    expect(await verifyAuthentication(shop, ceremony, credential, longer)).toMatchObject({
      refusal: { step: 'signature' },
    });
  });

  it('is refused if an earlier release registered a weak public key', async () => {
    const { passkey, credential } = await registered();
    // The key type RSA, the algorithm RS256, a modulus of 512 bits and the exponent 65537.
    const key = new Map<number, number | Uint8Array>([
      [1, 3],
      [3, -257],
      [-1, new Uint8Array(64).fill(0xff)],
      [-2, new Uint8Array([1, 0, 1])],
    ]);
    const publicKey = isoCBOR.encode(key);
    const response = usePasskey('https://shop.example', passkey, { challenge });

    expect(await verifyAuthentication(shop, ceremony, { ...credential, publicKey }, response)).toMatchObject({
      refusal: { step: 'public-key' },
    });
  });

  it.each(['preferred', 'discouraged'] as const)(
    'is accepted without user verification if the userVerification setting is %s',
    async (userVerification) => {
      const of = { ...ceremony, userVerification };
      expect(await authenticate({ isUserVerified: false }, { of })).toHaveProperty('accepted');
    },
  );

  it('is refused if it is from another credential', async () => {
    const [{ credential }, { passkey }] = [await registered(), await registered()];
    const response = usePasskey('https://shop.example', passkey, { challenge });
    const { accepted, refusal } = await verifyAuthentication(shop, ceremony, credential, {
      ...response,
      ...{ id: credential.id, rawId: credential.id },
    });
    expect([accepted, refusal]).toEqual([undefined, expect.objectContaining({ step: 'signature' })]);
  });

  it('is accepted with a sign count that does not increase, because the caller judges the sign count', async () => {
    expect(await authenticate({ signCount: 7 }, { signCount: 7 })).toMatchObject({ accepted: { signCount: 7 } });
  });
});
