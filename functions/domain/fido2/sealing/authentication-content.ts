import { createHash } from 'node:crypto';
import type { UserVerification } from '../../webauthn/registration.ts';
import type { CeremonyContent } from './ceremony-content.ts';
import type { SecretServices } from './ceremony-secrets.ts';
import { openCeremony, sealCeremony, type OpeningServices } from './sealed-ceremony.ts';

/** The content of a sealed authentication ceremony. */
export interface AuthenticationContent extends CeremonyContent {
  readonly userVerification: UserVerification;
  /** @default - an unnamed ceremony, which accepts any credential of the RP */
  readonly named?: NamedUser | undefined;
}

/** The user of a named ceremony. */
export interface NamedUser {
  readonly userId: string;
  /** The user handle, as base64url. */
  readonly userHandle: string;
  /**
   * The credentials that the ceremony accepts: those that the options listed, each as `credentialMark`. A credential
   * that the user registers later is not among them.
   */
  readonly accepts: readonly string[];
  /** Whether every refusal at the end is `sign-in-refused`. */
  readonly isConcealed?: true | undefined;
}

/**
 * Returns 64 bits of the SHA-256 of a credential ID (base64url). A credential must also belong to the user handle, so
 * nobody gains anything from another credential ID with the same mark.
 */
export const credentialMark = (credentialId: string): string =>
  createHash('sha256').update(credentialId).digest().subarray(0, 8).toString('base64url');

/** Seals an authentication ceremony, as `sealCeremony` says. */
export const sealAuthentication = (
  services: SecretServices,
  rpRef: string,
  content: AuthenticationContent,
): Promise<string> => sealCeremony(services, rpRef, 'authentication', content);

/** Opens an authentication ceremony, as `openCeremony` says. Only `sealAuthentication` can have sealed it. */
export const openAuthentication = async (services: OpeningServices, rpRef: string, sealed: string) =>
  (await openCeremony(services, rpRef, 'authentication', sealed)) as AuthenticationContent;
