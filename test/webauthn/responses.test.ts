import { describe, expect, it } from 'vitest';
import { authenticationResponse, registrationResponse } from '../../functions/contract/values/webauthn.ts';
import { verifyRegistration } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';

const challenge = newChallenge();
const { passkey, response } = createPasskey('https://shop.example', shopOptions(challenge));
const used = usePasskey('https://shop.example', passkey, { challenge });
const SECRET = 'c2VjcmV0LW9mLXByZg';
const prf = { enabled: true, results: { first: SECRET, second: SECRET } };

/**
 * Registers a passkey with a response to which members are added. Returns what the service learns about the passkey.
 */
async function register(members: object) {
  const ceremony = { challenge, attestation: 'none', userVerification: 'required' } as const;
  return verifyRegistration(shop, ceremony, registrationResponse.parse({ ...response, ...members }));
}

describe('the JSON of a browser', () => {
  it('may have members that the service does not know', () => {
    const more = { authenticatorAttachment: null, clientExtensionResults: {}, unknown: 1 };
    const inner = { ...response.response, publicKey: 'AQ', publicKeyAlgorithm: -7, authenticatorData: 'AQ' };
    expect(registrationResponse.safeParse({ ...response, ...more, response: inner }).success).toBe(true);
    expect(authenticationResponse.safeParse({ ...used, ...more }).success).toBe(true);
  });

  it('loses the results of extensions that are secrets', () => {
    const parsed = [
      registrationResponse.parse({ ...response, clientExtensionResults: { prf, credProps: { rk: true } } }),
      authenticationResponse.parse({ ...used, clientExtensionResults: { prf, largeBlob: { blob: SECRET } } }),
    ];
    expect(JSON.stringify(parsed)).not.toContain(SECRET);
  });

  it.each([
    [{ credProps: { rk: true } }, true],
    [{ credProps: { rk: false } }, false],
    [{ credProps: { rk: 'true' } }, null],
    [{ credProps: {} }, null],
    [{ credProps: true }, null],
    [{}, null],
    [undefined, null],
    [null, null],
    ['text', null],
  ])('with the extension results %j says that the passkey is discoverable: %j', async (results, discoverable) => {
    expect(await register({ clientExtensionResults: results })).toMatchObject({ accepted: { discoverable } });
  });

  it.each([
    ['platform', 'platform'],
    ['cross-platform', 'cross-platform'],
    ['built-in', null],
    [null, null],
    [undefined, null],
  ])('with the attachment %j says that the attachment is %j', async (authenticatorAttachment, attachment) => {
    expect(await register({ authenticatorAttachment })).toMatchObject({ accepted: { attachment } });
  });

  it.each([{ appid: true }, { appidExclude: true }, { appid: 'https://shop.example' }])(
    'with the extension results %j is refused',
    async (clientExtensionResults) => {
      expect(await register({ clientExtensionResults })).toMatchObject({ refusal: { step: 'extensions' } });
    },
  );

  it('with an extension that was not used is accepted', async () => {
    expect(await register({ clientExtensionResults: { appid: false, appidExclude: false } })).toHaveProperty(
      'accepted',
    );
  });
});
