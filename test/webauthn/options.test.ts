import { expect, it } from 'vitest';
import { creationOptions } from '../../functions/domain/webauthn/creation-options.ts';
import { requestOptions } from '../../functions/domain/webauthn/request-options.ts';
import { shop } from './relying-party.ts';

it('creation options contain the RP, the user, the requirements and the credentials to exclude', () => {
  const user = { id: 'dXNlci0x', name: 'alice', displayName: 'Alice Arai' };
  const excludeCredentials = [{ id: 'AQID', transports: ['internal', 'hybrid'] }];
  const requirements = {
    attestation: 'direct',
    authenticatorSelection: { residentKey: 'preferred', requireResidentKey: false, userVerification: 'discouraged' },
  } as const;
  const ceremony = { challenge: 'Y2hhbGxlbmdl', timeout: 60_000, excludeCredentials };
  expect(creationOptions(shop, user, ceremony, requirements)).toEqual({
    rp: { id: 'shop.example', name: 'Example Shop' },
    user,
    challenge: 'Y2hhbGxlbmdl',
    pubKeyCredParams: [
      { type: 'public-key', alg: -7 },
      { type: 'public-key', alg: -8 },
      { type: 'public-key', alg: -35 },
      { type: 'public-key', alg: -36 },
      { type: 'public-key', alg: -257 },
    ],
    timeout: 60_000,
    excludeCredentials: [{ id: 'AQID', type: 'public-key', transports: ['internal', 'hybrid'] }],
    ...requirements,
  });
});

it('request options contain the RP but no user', () => {
  expect(requestOptions(shop, { challenge: 'Y2hhbGxlbmdl', timeout: 60_000 }, 'preferred')).toEqual({
    rpId: 'shop.example',
    challenge: 'Y2hhbGxlbmdl',
    timeout: 60_000,
    userVerification: 'preferred',
  });
});
