import { CeremonyRefusedError } from '../errors.ts';

/** The maximum number of credentials of a user. */
export const MAX_CREDENTIALS = 20;
/** Returns the error for a user who has the maximum number of credentials. */
export const tooManyCredentials = () =>
  new CeremonyRefusedError(
    'too-many-credentials',
    `A user has at most ${MAX_CREDENTIALS} credentials. Remove one first.`,
    { max: MAX_CREDENTIALS },
  );
