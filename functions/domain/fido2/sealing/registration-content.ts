import type { UserVerification } from '../../webauthn/registration.ts';
import type { CeremonyContent } from './ceremony-content.ts';
import type { SecretServices } from './ceremony-secrets.ts';
import { openCeremony, sealCeremony, type OpeningServices } from './sealed-ceremony.ts';

/** The content of a sealed registration ceremony. */
export interface RegistrationContent extends CeremonyContent {
  readonly userId: string;
  readonly userHandle: string;
  /** The names of the user whom the ceremony creates. @default - the user exists already */
  readonly newUser?: { readonly userName?: string | undefined; readonly displayName: string | null } | undefined;
  /**
   * When the user was registered, in epoch milliseconds. Tells the user from a later one with the same ID and handle.
   * @default - the ceremony creates the user
   */
  readonly registeredAt?: number | undefined;
  readonly userVerification: UserVerification;
  readonly attestation: 'none' | 'indirect' | 'direct' | 'enterprise';
  readonly isConditional?: true | undefined;
  /** A JSON value that the caller finds again at the end of the ceremony. @default - none */
  readonly note?: unknown;
}

/** Seals a registration ceremony, as `sealCeremony` says. */
export const sealRegistration = (
  services: SecretServices,
  rpRef: string,
  content: RegistrationContent,
): Promise<string> => sealCeremony(services, rpRef, 'registration', content);

/** Opens a registration ceremony, as `openCeremony` says. Only `sealRegistration` can have sealed it. */
export const openRegistration = async (services: OpeningServices, rpRef: string, sealed: string) =>
  (await openCeremony(services, rpRef, 'registration', sealed)) as RegistrationContent;
