import { isAndroidOrigin } from '../../contract/values/origins.ts';
import type { RpSettings } from '../../table/rp-settings.ts';
import { originsOf } from './rp-settings.ts';

/**
 * Returns whether the origin of a website is on the RP ID or on a subdomain of it. On any other origin, a related
 * origin, a browser allows a ceremony only if the RP lists the origin at `/.well-known/webauthn` (WebAuthn Level 3,
 * 5.11).
 */
export function isOnRpId(origin: string, rpId: string): boolean {
  const { hostname } = new URL(origin);
  return hostname === rpId || hostname.endsWith(`.${rpId}`);
}

/** Returns the related origins of an RP. */
export const relatedOriginsOf = (rpId: string, settings: Pick<RpSettings, 'origins'>): string[] =>
  originsOf(rpId, settings).filter((origin) => !isAndroidOrigin(origin) && !isOnRpId(origin, rpId));

/**
 * The maximum number of registrable labels of an RP: that of its RP ID and those of its related origins. Browsers must
 * accept at least 5 (WebAuthn Level 3, 5.11), and ignore the others.
 */
export const MAX_LABELS = 5;

/**
 * Returns a function that returns the registrable label of a host: the label before the public suffix, such as
 * `example` in `shop.example.co.uk`. Returns null for a public suffix, on which browsers allow no related origin.
 */
export async function openLabels(): Promise<(host: string) => string | null> {
  // The Lambda function `console` loads the list of public suffixes only here, because its other requests need no list.
  const { parse } = await import('tldts');
  return (host) => parse(host, { allowPrivateDomains: true }).domainWithoutSuffix;
}
