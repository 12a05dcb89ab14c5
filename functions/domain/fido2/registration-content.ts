import type { UserVerification } from '../webauthn/registration.ts';
import type { CeremonyContent } from './ceremony-content.ts';

/** The content of a sealed registration ceremony. */
export interface RegistrationContent extends CeremonyContent {
  readonly userId: string;
  readonly userHandle: string;
  /** The names of the user whom the ceremony creates. @default - the user exists already */
  readonly newUser?: { readonly userName?: string | undefined; readonly displayName: string | null } | undefined;
  readonly userVerification: UserVerification;
  readonly attestation: 'none' | 'indirect' | 'direct' | 'enterprise';
  readonly isConditional?: true | undefined;
}
