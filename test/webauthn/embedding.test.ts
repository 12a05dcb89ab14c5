import { describe, expect, it } from 'vitest';
import { verifyAuthentication } from '../../functions/domain/webauthn/authentication.ts';
import { verifyRegistration } from '../../functions/domain/webauthn/registration.ts';
import type { RelyingParty } from '../../functions/domain/webauthn/relying-party.ts';
import { createPasskey, usePasskey, type Deviations } from '../support/fido2/authenticator.ts';
import { newChallenge, shop, shopOptions } from './relying-party.ts';

const ORIGIN = 'https://shop.example';
const PORTAL = 'https://portal.example';
const challenge = newChallenge();
const embedded: RelyingParty = { ...shop, topOrigins: [PORTAL] };

/** Registers a passkey and signs in with it, both with the deviations. Returns the two refusals. */
async function refusals(relyingParty: RelyingParty, deviations: Deviations) {
  const ceremony = { challenge, attestation: 'none', userVerification: 'required' } as const;
  const { response } = createPasskey(ORIGIN, shopOptions(challenge), deviations);
  const refused = await verifyRegistration(relyingParty, ceremony, response);

  const { passkey, response: valid } = createPasskey(ORIGIN, shopOptions(challenge));
  const { accepted } = await verifyRegistration(relyingParty, ceremony, valid);
  if (!accepted) throw new Error('The registration was refused.');
  const used = usePasskey(ORIGIN, passkey, { challenge }, deviations);
  const { refusal } = await verifyAuthentication(relyingParty, ceremony, accepted, used);
  return [refused.refusal?.step, refusal?.step];
}

describe('a ceremony in a frame of another origin', () => {
  it.each([
    ['names an allowed page', { crossOrigin: true, topOrigin: PORTAL }],
    ['names no page, because Safari does not', { crossOrigin: true }],
    ['has null in place of the page', { crossOrigin: true, topOrigin: null }],
  ])('is accepted if the RP allows a page to embed it, and the client data %s', async (_, deviations) => {
    expect(await refusals(embedded, deviations)).toEqual([undefined, undefined]);
  });

  it.each([
    ['another page', { crossOrigin: true, topOrigin: 'https://evil.example' }],
    ['an allowed page, but not crossOrigin', { crossOrigin: false, topOrigin: PORTAL }],
    ['a list of pages', { crossOrigin: true, topOrigin: [PORTAL] }],
    ['an empty text', { crossOrigin: true, topOrigin: '' }],
  ])('is refused if the RP allows a page to embed it, and the client data name %s', async (_, deviations) => {
    expect(await refusals(embedded, deviations)).toEqual(['top-origin', 'top-origin']);
  });

  it('is refused if the RP allows no page to embed it', async () => {
    for (const relyingParty of [shop, { ...shop, topOrigins: [] }]) {
      expect(await refusals(relyingParty, { crossOrigin: true, topOrigin: PORTAL })).toEqual([
        'cross-origin',
        'cross-origin',
      ]);
    }
  });
});
