import type { RpSettings } from '../../table/rp-settings.ts';
import { CeremonyRefusedError } from '../errors.ts';
import type { RegisteredCredential } from '../webauthn/registration.ts';
import type { CeremonyServices } from './ceremony-services.ts';

const ZERO_AAGUID = '00000000-0000-0000-0000-000000000000';

/** Judges authenticator (placeholder until the merge of package M). */
export async function judgeAuthenticator(
  _services: CeremonyServices,
  { authenticators: { allow, deny } }: RpSettings,
  { aaguid, attestation }: RegisteredCredential,
) {
  if (deny.includes(aaguid) || (allow && !allow.includes(aaguid)))
    throw new CeremonyRefusedError('authenticator-not-allowed', 'The RP does not allow this authenticator.', {
      aaguid,
    });
  return {
    authenticator: aaguid === ZERO_AAGUID ? null : { aaguid, name: null },
    attestation: { format: attestation.format, type: attestation.type, trusted: false },
  };
}
