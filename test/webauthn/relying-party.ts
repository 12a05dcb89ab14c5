import { randomBytes } from 'node:crypto';
import type { CreationOptions } from '../../functions/contract/values/console-options.ts';
import { creationOptions } from '../../functions/domain/webauthn/creation-options.ts';
import type { RelyingParty } from '../../functions/domain/webauthn/relying-party.ts';

/** An RP for tests, with two origins. The service's own console is another RP. */
export const shop: RelyingParty = {
  rpId: 'shop.example',
  name: 'Example Shop',
  origins: ['https://shop.example', 'https://www.shop.example:8443'],
};

export const newChallenge = () => randomBytes(32).toString('base64url');

const REQUIREMENTS = {
  attestation: 'none',
  authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
} as const;

/** Creates the registration options for a user of the RP `shop`. */
export const shopOptions = (challenge: string): CreationOptions =>
  creationOptions(
    shop,
    { id: Buffer.from('user-1').toString('base64url'), name: 'alice', displayName: 'Alice Arai' },
    { challenge, timeout: 300_000, excludeCredentials: [] },
    REQUIREMENTS,
  );
