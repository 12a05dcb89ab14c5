import { expect, it } from 'vitest';
import { verifyRegistration } from '../../functions/domain/webauthn/registration.ts';
import { spkiOf } from '../../functions/domain/webauthn/spki.ts';
import { createPasskey, type Algorithm } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';

it.each<[string, Algorithm]>([
  ['ES256', -7],
  ['EdDSA', -8],
  ['ES384', -35],
  ['ES512', -36],
  ['RS256', -257],
])('a public key for %s in the form SubjectPublicKeyInfo is the one that Node exports', async (_, algorithm) => {
  const challenge = newChallenge();
  const { passkey, response } = createPasskey('https://shop.example', shopOptions(challenge), { algorithm });
  const registration = { challenge, attestation: 'none', userVerification: 'required' } as const;
  const { accepted } = await verifyRegistration(shop, registration, response);

  expect(spkiOf(accepted?.publicKey ?? new Uint8Array())).toBe(
    passkey.publicKey.export({ type: 'spki', format: 'der' }).toString('base64url'),
  );
});
