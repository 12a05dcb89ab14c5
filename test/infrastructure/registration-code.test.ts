import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildSync } from 'esbuild';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { registrationResponse } from '../../functions/contract/values/webauthn.ts';
import * as sources from '../../functions/domain/webauthn/registration.ts';
import { lambdaFunctions } from '../../functions/lambda-functions.ts';
import { bundling } from '../../lib/constructs/bundling.ts';
import { createPasskey } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from '../webauthn/relying-party.ts';
import { androidKey, apple, fidoU2f, packed, packedSelf, tpm } from '../webauthn/statements.ts';
import w3c from '../webauthn/w3c-vectors.json' with { type: 'json' };

type Verify = typeof sources.verifyRegistration;

const aaguid = Buffer.from('00112233445566778899aabbccddeeff', 'hex');
const wrong = new Uint8Array(32);
const base64url = (hex: string) => Buffer.from(hex, 'hex').toString('base64url');

/**
 * The bundle of the function `ceremonies` omits some packages about certificates. These tests run the code that
 * verifies registrations without these packages, as the bundle contains it, and the sources with them. Both must agree
 * on every response. A verification that needs an omitted package would end with a refusal.
 */
describe('the bundled code that verifies registrations', () => {
  let folder: string;
  let bundled: Verify;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'registration-code-'));
    const outfile = join(folder, 'registration.mjs');
    buildSync({
      ...bundling(lambdaFunctions.ceremonies),
      entryPoints: [join(import.meta.dirname, '../../functions/domain/webauthn/registration.ts')],
      outfile,
    });
    ({ verifyRegistration: bundled } = (await import(pathToFileURL(outfile).href)) as typeof sources);
  });
  afterAll(() => {
    rmSync(folder, { recursive: true });
  });

  /** Verifies a response with the bundled code. Requires that the sources come to the same result. */
  async function verify(...registration: Parameters<Verify>) {
    const result = await bundled(...registration);
    expect(result).toEqual(await sources.verifyRegistration(...registration));
    return result;
  }

  it.each(w3c.vectors.map(({ id, registration }) => ({ id, registration })))(
    'comes to the result of the sources for the W3C’s test vector $id',
    async ({ registration: { challenge, credentialId, clientDataJSON, attestationObject } }) => {
      const id = base64url(credentialId);
      const response = registrationResponse.parse({
        ...{ id, rawId: id, type: 'public-key' },
        response: { clientDataJSON: base64url(clientDataJSON), attestationObject: base64url(attestationObject) },
      });
      const relyingParty = { rpId: w3c.rpId, name: 'Example', origins: [w3c.origin], topOrigins: [w3c.topOrigin] };
      for (const attestation of ['none', 'direct'] as const) {
        const ceremony = { challenge: base64url(challenge), attestation, userVerification: 'discouraged' } as const;
        await verify(relyingParty, ceremony, response);
      }
    },
  );

  const challenge = newChallenge();
  const ceremony = { challenge, attestation: 'direct', userVerification: 'required' } as const;
  const create = (deviations: Parameters<typeof createPasskey>[2]) =>
    registrationResponse.parse(createPasskey('https://shop.example', shopOptions(challenge), deviations).response);

  it.each([
    ['none', {}],
    ['packed', { aaguid, attest: packed() }],
    ['packed', { attest: packedSelf() }],
    ['fido-u2f', { attest: fidoU2f() }],
    ['tpm', { aaguid, attest: tpm() }],
    ['android-key', { aaguid, attest: androidKey() }],
    ['apple', { aaguid, attest: apple() }],
  ] as const)('accepts a statement of the format %s', async (format, deviations) => {
    const { accepted, refusal } = await verify(shop, ceremony, create(deviations));
    expect(refusal).toBeUndefined();
    expect(accepted?.attestation.format).toBe(format);
  });

  it.each([
    ['packed', { aaguid, attest: packed({ certifiedAaguid: Buffer.alloc(16) }) }],
    ['packed', { attest: packedSelf({ members: { alg: -35 } }) }],
    ['fido-u2f', { aaguid, attest: fidoU2f() }],
    ['tpm', { aaguid, attest: tpm({ members: { pubArea: wrong } }) }],
    ['android-key', { aaguid, attest: androidKey({ challenge: Buffer.from(wrong) }) }],
    ['apple', { aaguid, attest: apple({ challenge: Buffer.from(wrong) }) }],
  ] as const)('refuses a wrong statement of the format %s, for the reason of the sources', async (_, deviations) => {
    expect(await verify(shop, ceremony, create(deviations))).toMatchObject({ refusal: { step: 'attestation' } });
  });
});
