import { describe, expect, it } from 'vitest';
import { verifyRegistration, type RegistrationCeremony } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey } from '../support/fido2/authenticator.ts';
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
  it.each([-7, -8, -35, -36, -257] as const)(
    'is accepted and yields the credential if the algorithm is %i',
    async (algorithm) => {
      const { response, verification } = register({ algorithm, signCount: 7 });
      expect(await verification).toEqual({
        accepted: {
          id: response.id,
          publicKey: expect.any(Uint8Array) as Uint8Array,
          algorithm,
          signCount: 7,
          transports: ['internal', 'hybrid'],
          aaguid: '00000000-0000-0000-0000-000000000000',
          ...{ userVerified: true, backupEligible: false, backedUp: false },
          origin: 'https://shop.example',
          ...{ discoverable: null, attachment: null },
          attestation: { format: 'none', type: 'none', certificates: [] },
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
    ['another origin', 'origin', { origin: 'https://shop.example.evil.example' }],
    ['another RP ID', 'rp-id-hash', { rpId: 'console.example' }],
    ['another challenge', 'challenge', { challenge: newChallenge() }],
    ['the type of another ceremony', 'type', { type: 'webauthn.get' }],
    ['no proof of user presence', 'user-presence', { isUserPresent: false }],
    ['no proof of user verification', 'user-verification', { isUserVerified: false }],
  ])('is refused if it contains %s', async (_, step, deviations) => {
    const { accepted, refusal } = await register(deviations).verification;
    expect(accepted).toBeUndefined();
    expect(refusal).toMatchObject({ step, reason: expect.stringMatching(/./) as string });
  });

  it.each([
    ['crossOrigin: true', 'cross-origin', { crossOrigin: true }],
    ['crossOrigin: true and a topOrigin', 'cross-origin', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['a topOrigin without crossOrigin', 'top-origin', { topOrigin: 'https://shop.example' }],
    ['a crossOrigin that is not a boolean', 'client-data', { crossOrigin: 'true' }],
    ['a token binding that is not an object', 'client-data', { tokenBinding: 'none' }],
  ])('is refused if the client data contain %s', async (_, step, deviations) => {
    expect(await register(deviations).verification).toMatchObject({ refusal: { step } });
  });

  it('is accepted with the token binding of an old browser, which WebAuthn ignores now', async () => {
    for (const status of ['supported', 'not-supported']) {
      expect(await register({ tokenBinding: { status } }).verification).toHaveProperty('accepted');
    }
  });

  it('names the origin of the page if the RP does not allow the origin', async () => {
    const origin = `https://${'a'.repeat(400)}.example`;
    expect(await register({ origin }).verification).toMatchObject({
      refusal: { step: 'origin', origin: origin.slice(0, 300) },
    });
  });

  it.each([undefined, null, false])('is accepted if crossOrigin is %s', async (crossOrigin) => {
    expect(await register({ crossOrigin }).verification).toHaveProperty('accepted.id');
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

  it('is refused if bytes follow its attestation object', async () => {
    const { response } = register();
    const attestationObject = Buffer.concat([
      Buffer.from(response.response.attestationObject, 'base64url'),
      Buffer.from([0xa0]),
    ]).toString('base64url');
    const longer = { ...response, response: { ...response.response, attestationObject } };
    expect(await verifyRegistration(shop, ceremony, longer)).toMatchObject({ refusal: { step: 'attestation-object' } });
  });
});

describe('the public key in a registration response', () => {
  const [KTY, ALG, CRV, X, Y, N, E] = [1, 3, -1, -2, -3, -1, -2];
  const bytes = (length: number, last = 1) => new Uint8Array(length).fill(0xff).fill(last, -1);
  const rsa = (n: Uint8Array<ArrayBuffer>, e = [1, 0, 1]) =>
    ({ algorithm: -257, key: [[N, n], [E, new Uint8Array(e)]] }) as const; // prettier-ignore

  it.each([
    ['2,048 bits', rsa(bytes(256))],
    ['4,096 bits', rsa(bytes(512))],
    ['the exponent 3', rsa(bytes(256), [3])],
    ['a modulus and an exponent with leading zeros', rsa(new Uint8Array([0, ...bytes(256)]), [0, 0, 0, 1, 0, 1])],
  ] as const)('is accepted if it is an RSA key with %s', async (_, deviations) => {
    expect(await register(deviations).verification).toHaveProperty('accepted.id');
  });

  it.each([
    ['RSA with 512 bits', rsa(bytes(64))],
    ['RSA with 1,024 bits', rsa(bytes(128))],
    ['RSA with 2,047 bits', rsa(bytes(256).fill(0x7f, 0, 1))],
    ['RSA with 4,097 bits', rsa(new Uint8Array([1, ...bytes(512)]))],
    ['RSA with 90,000 bits', rsa(bytes(11_250))],
    ['RSA with an empty modulus', rsa(new Uint8Array())],
    ['RSA with an even modulus', rsa(bytes(256, 2))],
    ['RSA with the exponent 1', rsa(bytes(256), [1])],
    ['RSA with the exponent 0', rsa(bytes(256), [0])],
    ['RSA with an even exponent', rsa(bytes(256), [1, 0, 0])],
    ['RSA with an exponent of 33 bits', rsa(bytes(256), [1, 0, 0, 0, 1])],
    ['RSA without an exponent', { algorithm: -257, key: [[E, undefined]] }],
    ['the key type RSA with the algorithm ES256', { key: [[KTY, 3]] }],
    ['the key type EC2 with the algorithm RS256', { algorithm: -257, key: [[KTY, 2]] }],
    ['the key type EC2 with the algorithm EdDSA', { algorithm: -8, key: [[KTY, 2]] }],
    ['an elliptic-curve key with the algorithm RS256', { key: [[ALG, -257]] }],
    ['no key type', { key: [[KTY, undefined]] }],
    ['a symmetric key', { key: [[KTY, 4]] }],
    ['P-384 with the algorithm ES256', { key: [[CRV, 2]] }],
    ['X25519 with the algorithm EdDSA', { algorithm: -8, key: [[CRV, 4]] }],
    ['the name of a curve in place of its number', { algorithm: -8, key: [[CRV, 'Ed25519']] }],
    ['a point that is not on the curve', { key: [[X, bytes(32)]] }],
    ['an x-coordinate of 31 bytes', { key: [[X, bytes(31)]] }],
    ['a y-coordinate of 33 bytes', { key: [[Y, bytes(33)]] }],
    ['no y-coordinate', { key: [[Y, undefined]] }],
    ['an Ed25519 key of 33 bytes', { algorithm: -8, key: [[X, bytes(33)]] }],
  ] as const)('is refused if it is malformed or weak: %s', async (_, deviations) => {
    expect(await register(deviations).verification).toEqual({
      refusal: { step: 'public-key', reason: expect.stringMatching(/./) as string },
    });
  });

  it('is refused if the service does not offer its algorithm', async () => {
    expect(await register({ key: [[ALG, -37]] }).verification).toMatchObject({ refusal: { step: 'algorithm' } });
  });
});

describe('an attestation that was not requested', () => {
  it.each(['packed', 'tpm', 'android-key', 'android-safetynet', 'fido-u2f', 'apple', 'unheard-of'])(
    'is ignored if its format is %s and it has a certificate',
    async (fmt) => {
      const { response, verification } = register({ attests: 'certificate', fmt });
      expect(await verification).toMatchObject({ accepted: { id: response.id } });
    },
  );

  it('is ignored if the credential itself signed it', async () => {
    expect(await register({ attests: 'self' }).verification).toHaveProperty('accepted.id');
  });

  it.each([
    ['another origin', 'origin', { origin: 'https://shop.example.evil.example' }],
    ['another RP ID', 'rp-id-hash', { rpId: 'console.example' }],
    ['another challenge', 'challenge', { challenge: newChallenge() }],
    ['no proof of user verification', 'user-verification', { isUserVerified: false }],
  ])('does not make the service accept a response with %s', async (_, step, deviations) => {
    const { verification } = register({ attests: 'certificate', fmt: 'tpm', ...deviations });
    expect(await verification).toMatchObject({ refusal: { step } });
  });
});

it('an attestation that was requested is verified', async () => {
  const { verification } = register({ attests: 'certificate' }, { of: { ...ceremony, attestation: 'direct' } });
  expect(await verification).toMatchObject({ refusal: { step: 'attestation' } });
});
