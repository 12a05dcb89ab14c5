import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { convertCertBufferToPEM, validateCertificatePath } from '@simplewebauthn/server/helpers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { outcomeOf } from '../../functions/domain/webauthn/refusal.ts';
import { verifyRegistration } from '../../functions/domain/webauthn/registration.ts';
import { createPasskey, type Attested } from '../support/fido2/authenticator.ts';
import { revocationListAt } from './certificates.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';
import { androidKey, packed, rootCertificate } from './statements.ts';

/** The certificates in these tests name the address of this server, as an attacker's certificate would. */
describe('a server whose address an attestation certificate names', () => {
  let requests = 0;
  const server = createServer((_, response) => {
    requests += 1;
    response.end();
  });
  let address: string;
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/list.crl`;
  });
  beforeEach(() => (requests = 0));
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  /** Verifies a registration, and returns the certificates in its attestation statement. */
  async function register(attest: (attested: Attested) => ReturnType<ReturnType<typeof packed>>) {
    const challenge = newChallenge();
    const { response } = createPasskey('https://shop.example', shopOptions(challenge), { attest });
    const ceremony = { challenge, attestation: 'direct', userVerification: 'required' } as const;
    const { accepted } = await verifyRegistration(shop, ceremony, response);
    return accepted?.attestation.certificates ?? [];
  }

  it.each([
    ['android-key', androidKey],
    ['packed', packed],
  ] as const)('gets no request when the service verifies a statement of the format %s', async (_, attest) => {
    expect(await register(attest({ extensions: [revocationListAt(address)] }))).not.toEqual([]);
    expect(requests).toBe(0);
  });

  it('gets no request even if the code that verifies a response calls fetch', async () => {
    const certificates = await register(androidKey({ extensions: [revocationListAt(address)] }));
    const [leaf = ''] = certificates.map((one) => convertCertBufferToPEM(new Uint8Array(one)));
    const root = convertCertBufferToPEM(new Uint8Array(rootCertificate));
    // SimpleWebAuthn ignores that it cannot fetch the list.
    expect(await outcomeOf(() => validateCertificatePath([leaf], [root]))).toEqual({ accepted: true });
    await expect(outcomeOf(() => fetch(address))).rejects.toThrow('must not open a connection');
    expect(requests).toBe(0);

    // Outside a verification, both calls do send a request, so the test would notice one.
    await validateCertificatePath([leaf], [root]).catch(() => undefined);
    await fetch(address);
    expect(requests).toBe(2);
  });
});
