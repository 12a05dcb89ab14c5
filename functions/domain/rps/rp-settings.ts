import type { RpSettings } from '../../table/rp-settings.ts';

/** The settings of an RP that has not changed them. */
export const DEFAULT_SETTINGS: RpSettings = {
  origins: null,
  topOrigins: [],
  userVerification: 'preferred',
  residentKey: 'preferred',
  attestation: 'none',
  timeoutSeconds: 300,
  signCount: 'refuse',
  backupEligibility: 'report',
  authenticators: { allow: null, deny: [] },
  requireTrustedAttestation: false,
  minimumCertification: null,
  uniqueUserNames: false,
};

/** Returns the origins whose pages and apps may run a ceremony of an RP. */
export const originsOf = (rpId: string, { origins }: Pick<RpSettings, 'origins'>): readonly string[] =>
  origins ?? [`https://${rpId}`];
