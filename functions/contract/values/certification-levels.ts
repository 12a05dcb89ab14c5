/**
 * The levels to which the FIDO Alliance certifies authenticators, from the lowest to the highest, in the words of its
 * metadata (Metadata Service 3, section 3.1.4). `FIDO_CERTIFIED` is the level that preceded `FIDO_CERTIFIED_L1`.
 */
export const CERTIFICATION_LEVELS = [
  'FIDO_CERTIFIED',
  'FIDO_CERTIFIED_L1',
  'FIDO_CERTIFIED_L1plus',
  'FIDO_CERTIFIED_L2',
  'FIDO_CERTIFIED_L2plus',
  'FIDO_CERTIFIED_L3',
  'FIDO_CERTIFIED_L3plus',
] as const;
export type CertificationLevel = (typeof CERTIFICATION_LEVELS)[number];
