import { readMetadata, type MetadataEntry } from '../../table/metadata.ts';
import type { Services } from '../services.ts';
import { ZERO_AAGUID, type Attestation } from './judge-attestation.ts';
import { keyIdentifierOf } from './key-identifier.ts';

/**
 * Finds the metadata of the authenticator that made an attestation: by its AAGUID or, if the AAGUID is zero, by the
 * identifier of the key that signed the attestation. Returns undefined if the metadata does not contain the
 * authenticator. Costs one eventually consistent read, and none for an AAGUID of zero without a certificate.
 */
export async function findMetadata(
  { table }: Pick<Services, 'table'>,
  { aaguid, certificates }: Pick<Attestation, 'aaguid' | 'certificates'>,
): Promise<MetadataEntry | undefined> {
  const [leaf] = certificates;
  const id = aaguid === ZERO_AAGUID ? leaf && keyIdentifierOf(leaf) : aaguid;
  return id === undefined ? undefined : readMetadata(table, id);
}
