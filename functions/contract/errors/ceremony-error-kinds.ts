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
} as const satisfies Kinds;

export type CeremonyErrorCode = keyof typeof ceremonyErrorKinds;
