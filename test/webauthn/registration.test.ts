import { describe, expect, it } from 'vitest';
import { verifyRegistration, type RegistrationCeremony } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey } from '../support/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';

const challenge = newChallenge();
const ceremony: RegistrationCeremony = { challenge, attestation: 'none', userVerification: 'required' };

/**
 * Creates a passkey on a page of the RP `shop` and verifies the response. Returns the passkey, the response, and a
 * promise of the result. The values in `deviations` replace correct values of the response.
 */
function register(
  deviations: Parameters<typeof createPasskey>[2] = {},
  { of = ceremony, origin = 'https://shop.example' } = {},
) {
  const { passkey, response } = createPasskey(origin, shopOptions(challenge), deviations);
  return { passkey, response, verification: verifyRegistration(shop, of, response) };
}

describe('a registration response', () => {
  it.each([-7, -8, -257] as const)(
    'is accepted and yields the credential if the algorithm is %i',
    async (algorithm) => {
      const { response, verification } = register({ algorithm, signCount: 7 });
      expect(await verification).toEqual({
        accepted: {
          id: response.id,
          publicKey: expect.any(Uint8Array) as Uint8Array,
          signCount: 7,
          transports: ['internal', 'hybrid'],
        },
      });
    },
  );

  it('is accepted even if it contains no transports', async () => {
    const { response } = register();
    const { transports: _, ...rest } = response.response;
    const { accepted } = await verifyRegistration(shop, ceremony, { ...response, response: rest });
    expect(accepted).toMatchObject({ id: response.id, transports: [] });
  });

  it.each(shop.origins)('is accepted from the origin %s of the RP', async (origin) => {
    expect(await register({}, { origin }).verification).toHaveProperty('accepted.id');
  });

  it.each([
    ['another origin', { origin: 'https://shop.example.evil.example' }],
    ['another RP ID', { rpId: 'console.example' }],
    ['another challenge', { challenge: newChallenge() }],
    ['the type of another ceremony', { type: 'webauthn.get' }],
    ['no proof of user presence', { isUserPresent: false }],
    ['no proof of user verification', { isUserVerified: false }],
    ['an unknown attestation format', { fmt: 'unheard-of' }],
  ])('is refused if it contains %s', async (_, deviations) => {
    const { accepted, refusal } = await register(deviations).verification;
    expect(accepted).toBeUndefined();
    expect(refusal).toEqual({
      step: 'fmt' in deviations ? 'attestation' : 'library',
      reason: expect.stringMatching(/./) as string,
    });
  });

  it.each(['preferred', 'discouraged'] as const)(
    'is accepted without user verification if the userVerification setting is %s',
    async (userVerification) => {
      const { verification } = register({ isUserVerified: false }, { of: { ...ceremony, userVerification } });
      expect(await verification).toHaveProperty('accepted.id');
    },
  );

  it('is refused if its credential ID differs from the ID in the authenticator data', async () => {
    const { response } = register();
    const other = register().response.id;
    const { refusal } = await verifyRegistration(shop, ceremony, { ...response, id: other, rawId: other });
    expect(refusal).toMatchObject({ step: 'credential-id' });
  });

  it('is refused if its attestation object cannot be read', async () => {
    const { response } = register();
    for (const attestationObject of ['AA', 'oA', 'not base64url!']) {
      const broken = { ...response, response: { ...response.response, attestationObject } };
      expect(await verifyRegistration(shop, ceremony, broken)).toHaveProperty('refusal.reason');
    }
  });
});

describe('an attestation', () => {
  it('is accepted if the credential itself signed it', async () => {
    expect(await register({ attests: 'self' }).verification).toHaveProperty('accepted.id');
  });

  it('is refused before SimpleWebAuthn runs if it has a certificate but no attestation was requested', async () => {
    expect(await register({ attests: 'certificate' }).verification).toEqual({
      refusal: { step: 'attestation', reason: 'Only none or a self attestation was requested' },
    });
  });

  it('is passed to SimpleWebAuthn if it has a certificate and an attestation was requested', async () => {
    const { verification } = register({ attests: 'certificate' }, { of: { ...ceremony, attestation: 'direct' } });
    expect(await verification).toMatchObject({ refusal: { step: 'library' } });
  });
});
