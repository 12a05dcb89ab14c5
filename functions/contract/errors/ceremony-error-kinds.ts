import type { Kinds } from './field-error-kinds.ts';

/** Every kind of field error that only the routes for RPs' servers may return, by code. */
export const ceremonyErrorKinds = {
  'not-an-idempotency-key': {
    detail: () => 'Must be 1 to 255 visible ASCII characters',
  },
  'less-than-the-setting': {
    detail: () => 'Must not ask for less than a setting of the RP requires',
  },
  'only-for-a-new-user': {
    detail: () => 'Must be left out unless the registration begins with createUser: true',
  },
  'not-for-a-new-user': {
    detail: () => 'Must be left out if createUser is true',
  },
  'only-with-a-user-id': {
    detail: () => 'Must be left out without userId',
  },
  'not-with-mediation': {
    detail: () => 'Must be left out if mediation is conditional',
  },
  'user-id-taken': {
    detail: () => 'Must be an ID that no user of the RP has',
  },
  'user-handle-taken': {
    detail: () => 'Must be a user handle that no user of the RP has',
  },
  'not-the-user-handle': {
    detail: () => 'Must be the user handle of the user, who exists already',
  },
  'not-the-same-user': {
    detail: () => 'Must be the same as in the first entry of the list with this user ID',
  },
  'not-a-public-key': {
    detail: () =>
      'Must be a public key that passkeys may have: on the curve P-256, P-384, P-521 or Ed25519, or RSA with 2,048 to 4,096 bits',
  },
  'not-the-same-key': {
    detail: () => 'Must be the same public key as the field publicKey',
  },
  'not-the-algorithm': {
    detail: ({ algorithm }: { algorithm: number }) => `Must be ${algorithm}, the algorithm of the public key`,
  },
  'not-backup-eligible': {
    detail: () => 'Must be false unless backupEligible is true',
  },
  'credential-id-taken': {
    detail: () => 'Must be the ID of no credential of the RP, or of the same credential',
  },
  'public-key-taken': {
    detail: () => 'Must be a public key that no other credential of the user has',
  },
  'too-many-credentials': {
    detail: ({ max }: { max: number }) => `Must not exceed the ${max} credentials that a user may have`,
  },
} as const satisfies Kinds;

export type CeremonyErrorCode = keyof typeof ceremonyErrorKinds;
