import type { RpServer } from '../callers.ts';
import { originsOf } from '../rps/rp-settings.ts';
import { originIn } from '../webauthn/client-data.ts';
import type { RelyingParty } from '../webauthn/relying-party.ts';

/**
 * Returns the RP of a ceremony as WebAuthn's relying party. The RP ID `localhost`, with which developers try the
 * service, accepts every port of `http://localhost` unless the settings name origins.
 */
export function relyingPartyOf(
  { rp: { rpId, name, settings } }: RpServer,
  response: { readonly clientDataJSON: string },
): RelyingParty {
  const origin = originIn(response);
  const isLocal =
    rpId === 'localhost' && settings.origins === null && /^http:\/\/localhost(:\d{1,5})?$/.test(origin ?? '');
  return {
    rpId,
    name,
    origins: isLocal && origin !== undefined ? [origin] : originsOf(rpId, settings),
    topOrigins: settings.topOrigins,
  };
}
