import type { JudgedAttestation } from './judge-attestation.ts';
import { isAtLeast, type CertificationLevel } from './status-reports.ts';

/** The settings of an RP that say which authenticators its users may register. */
export interface AuthenticatorSettings {
  readonly requireTrustedAttestation: boolean;
  /** The lowest certification that the RP accepts. Null: the RP accepts authenticators without certification. */
  readonly minimumCertification: CertificationLevel | null;
  /** AAGUIDs as lower-case UUIDs. `allow` is null if the RP allows every authenticator that `deny` does not contain. */
  readonly authenticators: { readonly allow: readonly string[] | null; readonly deny: readonly string[] };
}

/** The reason why an RP does not accept an authenticator. It is the slug of the problem that the RP's server gets. */
export type AuthenticatorRefusal = 'attestation-not-trusted' | 'authenticator-not-allowed';

/**
 * Returns whether these settings ask for a trusted attestation. A list of allowed authenticators and a minimum
 * certification do so too, because only a trusted attestation proves which authenticator created a credential.
 */
export const needsTrustedAttestation = ({
  requireTrustedAttestation,
  minimumCertification,
  authenticators,
}: AuthenticatorSettings): boolean =>
  requireTrustedAttestation || minimumCertification !== null || authenticators.allow !== null;

/**
 * Returns why an RP refuses an authenticator, undefined if the RP accepts it. `aaguid` is the AAGUID of the new
 * credential as a lower-case UUID. A denied AAGUID is refused even if nobody knows whether the AAGUID is true.
 */
export function refusalOf(
  settings: AuthenticatorSettings,
  { trusted, certification }: JudgedAttestation,
  aaguid: string,
): AuthenticatorRefusal | undefined {
  const { minimumCertification: minimum, authenticators } = settings;
  if (authenticators.deny.includes(aaguid)) return 'authenticator-not-allowed';
  if (needsTrustedAttestation(settings) && !trusted) return 'attestation-not-trusted';
  if (authenticators.allow !== null && !authenticators.allow.includes(aaguid)) return 'authenticator-not-allowed';
  if (minimum !== null && (certification === null || !isAtLeast(certification, minimum))) {
    return 'authenticator-not-allowed';
  }
  return undefined;
}
