import { AuthenticatorEmulator, WebAuthnEmulator } from 'nid-webauthn-emulator';
import { describe, expect, it } from 'vitest';
import { authenticationResponse, registrationResponse } from '../../functions/contract/webauthn.ts';
import { verifyAuthentication } from '../../functions/domain/webauthn/authentication.ts';
import { requestOptions } from '../../functions/domain/webauthn/request-options.ts';
import { verifyRegistration } from '../../functions/domain/webauthn/registration.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';

const ORIGIN = 'https://shop.example';

/** Registers a passkey of an emulated authenticator, which is independent of this project. */
function register(authenticator: AuthenticatorEmulator, isConditional = false) {
  const emulator = new WebAuthnEmulator(authenticator);
  const challenge = newChallenge();
  const response = registrationResponse.parse(emulator.createJSON(ORIGIN, shopOptions(challenge)));
  const ceremony = { challenge, attestation: 'direct', userVerification: 'required', isConditional } as const;
  return { emulator, verification: verifyRegistration(shop, ceremony, response) };
}

describe('a passkey of an emulated authenticator', () => {
  it.each(['ES256', 'EdDSA', 'RS256'] as const)('is registered and signs in with %s', async (algorithm) => {
    const { emulator, verification } = register(new AuthenticatorEmulator({ algorithmIdentifiers: [algorithm] }));
    const { accepted: credential, refusal } = await verification;
    expect(refusal).toBeUndefined();
    if (!credential) throw new Error('The registration was refused.');
    expect(credential).toMatchObject({ userVerified: true, origin: ORIGIN, signCount: 0 });

    for (const signCount of [1, 2]) {
      const challenge = newChallenge();
      const options = { ...requestOptions(shop, { challenge, timeout: 300_000 }, 'required'), allowCredentials: [] };
      const response = authenticationResponse.parse(emulator.getJSON(ORIGIN, options));
      const ceremony = { challenge, userVerification: 'required' } as const;
      expect(await verifyAuthentication(shop, ceremony, credential, response)).toMatchObject({
        accepted: { signCount, userVerified: true, origin: ORIGIN },
      });
      expect(
        await verifyAuthentication(shop, { ...ceremony, challenge: newChallenge() }, credential, response),
      ).toMatchObject({ refusal: { step: 'challenge' } });
    }
  });

  it('is registered without a touch of the user only if the ceremony is conditional', async () => {
    const untouched = () =>
      new AuthenticatorEmulator({ userMakeCredentialInteraction: () => ({ options: { up: false, uv: false } }) });
    expect(await register(untouched()).verification).toMatchObject({ refusal: { step: 'user-presence' } });
    expect(await register(untouched(), true).verification).toMatchObject({ accepted: { userVerified: false } });
  });
});
