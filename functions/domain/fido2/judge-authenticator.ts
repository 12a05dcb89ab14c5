import type { StoredAttestation, CredentialInfo } from '../../table/users/credentials.ts';
import type { RpSettings } from '../../table/rp-settings.ts';
import { authenticatorName as nameOf } from '../attestation/authenticator-name.ts';
import { refusalOf } from '../attestation/authenticator-settings.ts';
import { findMetadata } from '../attestation/find-metadata.ts';
import { judgeAttestation, ZERO_AAGUID } from '../attestation/judge-attestation.ts';
import { CeremonyRefusedError } from '../errors.ts';
import type { RegisteredCredential } from '../webauthn/registration.ts';
import type { CeremonyServices } from './ceremony-services.ts';

const REASONS = {
  'attestation-not-trusted':
    'The settings of the RP require a trusted attestation, and the attestation of this authenticator is not trusted.',
  'authenticator-not-allowed': 'The settings of the RP do not allow this authenticator.',
} as const;

/**
 * Judges the authenticator of a verified registration by the metadata of the FIDO Alliance and the settings of the RP
 * (WebAuthn, 7.1-23 and 24). Returns the authenticator and the attestation as the credential keeps them, and the name
 * of the authenticator, which the credential gets by default. A U2F authenticator has no AAGUID, but metadata may name
 * it. Throws `CeremonyRefusedError` with `attestation-not-trusted` or `authenticator-not-allowed`, which names the
 * AAGUID.
 */
export async function judgeAuthenticator(
  services: CeremonyServices,
  settings: RpSettings,
  { aaguid, attestation }: RegisteredCredential,
): Promise<{
  authenticator: CredentialInfo['authenticator'];
  authenticatorName: string | null;
  attestation: StoredAttestation;
}> {
  const attested = { ...attestation, aaguid };
  const metadata = await findMetadata(services, attested);
  const judged = judgeAttestation(attested, metadata, services.clock.now());
  const refusal = refusalOf(settings, judged, aaguid);
  if (refusal) throw new CeremonyRefusedError(refusal, REASONS[refusal], { aaguid });
  const { type, trusted } = judged;
  const authenticatorName = nameOf(aaguid, metadata);
  return {
    authenticator: aaguid === ZERO_AAGUID ? null : { aaguid, name: authenticatorName },
    authenticatorName,
    attestation: { format: attestation.format, type, trusted },
  };
}
