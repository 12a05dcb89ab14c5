import type { CertificationLevel } from '../domain/attestation/status-reports.ts';
import type { KeyOf } from './engine/reads.ts';
import { rpSettingsKey } from './keys.ts';

/** The settings of an RP for the ceremonies of its users. */
export interface RpSettings {
  /** The origins whose pages and apps may run a ceremony. @default - only `https://<rpId>` */
  readonly origins: readonly string[] | null;
  /** The origins of pages that may embed a ceremony. */
  readonly topOrigins: readonly string[];
  readonly userVerification: 'required' | 'preferred' | 'discouraged';
  readonly residentKey: 'required' | 'preferred' | 'discouraged';
  readonly attestation: 'none' | 'indirect' | 'direct' | 'enterprise';
  /** How long a browser may take for a ceremony. */
  readonly timeoutSeconds: number;
  /** What happens if the sign count of a credential does not increase. */
  readonly signCount: 'refuse' | 'report';
  /** What happens if the BE flag of a credential changes. */
  readonly backupEligibility: 'refuse' | 'report';
  /** The AAGUIDs of the authenticators that may be used; `allow: null` allows all. */
  readonly authenticators: { readonly allow: readonly string[] | null; readonly deny: readonly string[] };
  readonly requireTrustedAttestation: boolean;
  /** The lowest certification level of the FIDO Alliance that an authenticator must have; null for any. */
  readonly minimumCertification: CertificationLevel | null;
  /** Whether no two users may have the same name. */
  readonly uniqueUserNames: boolean;
}

/** The settings of an RP that somebody has changed. An RP without this item has the default settings. */
export interface StoredRpSettings {
  readonly settings: Partial<RpSettings>;
  /** Increases with every edit of the RP's name or settings. An RP without this item has version 1. */
  readonly version: number;
}

/** Returns the key of the settings of an RP. */
export const rpSettingsAt = (customerId: string, id: string): KeyOf<StoredRpSettings> => rpSettingsKey(customerId, id);
