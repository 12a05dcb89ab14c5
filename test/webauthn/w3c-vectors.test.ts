import { describe, expect, it } from 'vitest';
import { authenticationResponse, registrationResponse } from '../../functions/contract/values/webauthn.ts';
import { verifyAuthentication } from '../../functions/domain/webauthn/authentication.ts';
import { verifyRegistration, type RegistrationCeremony } from '../../functions/domain/webauthn/registration.ts';
import type { RelyingParty } from '../../functions/domain/webauthn/relying-party.ts';
import { decodeAttestationObject } from '../../functions/domain/webauthn/attestation-object.ts';
import { parseAuthenticatorData } from '../../functions/domain/webauthn/authenticator-data.ts';
import w3c from './w3c-vectors.json' with { type: 'json' };

const { source, rpId, origin, topOrigin, vectors } = w3c;
type Vector = (typeof vectors)[number];

const relyingParty: RelyingParty = { rpId, name: 'Example', origins: [origin], topOrigins: [topOrigin] };
const bytes = (hex: string) => Buffer.from(hex, 'hex');
const base64url = (hex: string) => bytes(hex).toString('base64url');

/** The vectors whose attestation statement the service refuses, and why this is right or unavoidable. */
const REFUSED_STATEMENTS: Readonly<Record<string, readonly [step: string, reason: RegExp]>> = {
  // The service does not offer Ed448, because SimpleWebAuthn does not verify it and hardly any authenticator has it.
  'packed-ed448': ['algorithm', /does not allow the algorithm/],
  // The vector has a made-up manufacturer. SimpleWebAuthn accepts the manufacturers in the registry of the TCG only.
  'tpm-es256': ['attestation', /TPM manufacturer "id:00000000"/],
  // The vector describes its key with two empty lists. Section 8.4 requires the origin and the purpose of the key, and
  // every device states them.
  'android-key-es256': ['attestation', /not created in the device/],
  // The signature of U2F does not cover the AAGUID, so an AAGUID other than zero is a claim that nobody signed.
  'fido-u2f-es256': ['attestation', /AAGUID/],
};
/** The vectors that the service refuses in every ceremony. */
const NOT_OFFERED = ['packed-ed448'];

function register({ registration }: Vector, attestation: RegistrationCeremony['attestation']) {
  const { challenge, credentialId, clientDataJSON, attestationObject } = registration;
  const id = base64url(credentialId);
  return verifyRegistration(
    relyingParty,
    { challenge: base64url(challenge), attestation, userVerification: 'discouraged' },
    registrationResponse.parse({
      ...{ id, rawId: id, type: 'public-key' },
      response: { clientDataJSON: base64url(clientDataJSON), attestationObject: base64url(attestationObject) },
    }),
  );
}

function authenticate({ registration, authentication }: Vector, publicKey: Uint8Array) {
  const { challenge, authenticatorData, clientDataJSON, signature } = authentication;
  const id = base64url(registration.credentialId);
  return verifyAuthentication(
    relyingParty,
    { challenge: base64url(challenge), userVerification: 'discouraged' },
    { id, publicKey },
    authenticationResponse.parse({
      ...{ id, rawId: id, type: 'public-key' },
      response: {
        clientDataJSON: base64url(clientDataJSON),
        authenticatorData: base64url(authenticatorData),
        signature: base64url(signature),
      },
    }),
  );
}

const uuid = (hex: string) => hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');

describe(`a test vector of the W3C (${source})`, () => {
  it('exists for 15 pairs of a registration and an authentication', () => {
    expect(vectors.length).toBe(15);
  });

  it.each(vectors.filter(({ id }) => !NOT_OFFERED.includes(id)))(
    'is accepted without attestation: $name',
    async (vector) => {
      const { accepted, refusal } = await register(vector, 'none');
      expect(refusal).toBeUndefined();
      expect(accepted).toMatchObject({
        id: base64url(vector.registration.credentialId),
        aaguid: uuid(vector.registration.aaguid),
        origin,
        attestation: { format: 'none', type: 'none', certificates: [] },
      });
      expect(await authenticate(vector, accepted?.publicKey ?? new Uint8Array())).toMatchObject({
        accepted: { origin },
      });
    },
  );

  it.each(vectors.filter(({ id }) => !(id in REFUSED_STATEMENTS)))(
    'is accepted with its attestation: $name',
    async (vector) => {
      const { accepted, refusal } = await register(vector, 'direct');
      expect(refusal).toBeUndefined();
      const format = vector.id.replace(/-(self-)?(es|rs|ed).*$/, '');
      const type = format === 'none' ? 'none' : vector.id.includes('self') ? 'self' : 'uncertain';
      expect(accepted?.attestation).toMatchObject({ format, type });
      expect(accepted?.attestation.certificates).toHaveLength(type === 'uncertain' ? 1 : 0);
    },
  );

  it.each(vectors.filter(({ id }) => id in REFUSED_STATEMENTS))(
    'is refused with its attestation, for a stated reason: $name',
    async (vector) => {
      const [step, reason] = REFUSED_STATEMENTS[vector.id] ?? [];
      expect(await register(vector, 'direct')).toMatchObject({
        refusal: { step, reason: expect.stringMatching(reason ?? '') as string },
      });
    },
  );

  it.each(vectors.filter(({ id }) => NOT_OFFERED.includes(id)))(
    'is refused in both ceremonies if the service does not offer its algorithm: $name',
    async (vector) => {
      expect(await register(vector, 'none')).toMatchObject({ refusal: { step: 'algorithm' } });
      const { authData } = decodeAttestationObject(bytes(vector.registration.attestationObject));
      const { attested } = parseAuthenticatorData(authData);
      const verification = await authenticate(vector, attested?.publicKey ?? new Uint8Array());
      expect(verification).toMatchObject({ refusal: { step: 'algorithm' } });
    },
  );

  it.each(vectors.filter(({ id }) => !NOT_OFFERED.includes(id)))(
    'is refused after a change of one bit of its signature: $name',
    async (vector) => {
      const { accepted } = await register(vector, 'none');
      const signature = bytes(vector.authentication.signature);
      signature[signature.length - 1] = (signature.at(-1) ?? 0) ^ 1;
      const changed = { ...vector, authentication: { ...vector.authentication, signature: signature.toString('hex') } };
      expect(await authenticate(changed, accepted?.publicKey ?? new Uint8Array())).toMatchObject({
        refusal: { step: 'signature' },
      });
    },
  );
});
