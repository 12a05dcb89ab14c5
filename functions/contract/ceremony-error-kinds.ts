import type { Kinds } from './field-error-kinds.ts';

/** Every kind of field error that only the routes for RPs' servers may return, by code. */
export const ceremonyErrorKinds = {
  'not-an-idempotency-key': {
    means: 'The header Idempotency-Key is empty, is too long, or has characters other than visible ASCII',
    detail: () => 'Must be 1 to 255 visible ASCII characters',
  },
  'less-than-the-setting': {
    means: 'The value asks for less than the settings of the RP require',
    detail: () => 'Must not be less than the settings of the RP require',
  },
  'only-for-a-new-user': {
    means: 'The field is only for a registration that creates a user',
    detail: () => 'Must be left out unless the registration begins with createUser: true',
  },
  'not-for-a-new-user': {
    means: 'The value cannot be combined with createUser: true',
    detail: () => 'Must be left out if createUser is true',
  },
  'only-with-a-user-id': {
    means: 'The field is only for an authentication with a user ID',
    detail: () => 'Must be left out without userId',
  },
  'not-with-mediation': {
    means: 'The field cannot be combined with mediation: "conditional"',
    detail: () => 'Must be left out if mediation is conditional',
  },
  'user-id-taken': {
    means: 'The RP has a user with this ID already',
    detail: () => 'Must be an ID that no user of the RP has',
  },
  'user-handle-taken': {
    means: 'Another user of the RP has this user handle',
    detail: () => 'Must be a user handle that no user of the RP has',
  },
} as const satisfies Kinds;

export type CeremonyErrorCode = keyof typeof ceremonyErrorKinds;
