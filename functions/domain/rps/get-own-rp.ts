import type { OwnRpView } from '../../contract/own-rp.ts';
import type { RpServer } from '../callers.ts';
import type { VerifyingServices } from './domain-verification.ts';
import { relatedOriginsOf } from './related-origins.ts';
import { settingsView, verificationView } from './rp-details.ts';
import { rpView } from './rp-view.ts';

/**
 * Returns the RP of an API key with its settings, and the content that the RP must serve at `/.well-known/webauthn`.
 * Makes no call to the table: the check of the API key has read the RP, at most 10 seconds ago.
 */
export function getOwnRp(services: VerifyingServices, { rpRef: id, rp }: RpServer): OwnRpView {
  return {
    ...rpView({ id, ...rp }),
    settings: settingsView(rp.rpId, rp.settings),
    verification: verificationView(services, { id, ...rp }),
    wellKnown: { origins: relatedOriginsOf(rp.rpId, rp.settings) },
  };
}
