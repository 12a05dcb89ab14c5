import { fieldError } from '../../contract/errors/field-errors.ts';
import { AlreadyExistsError } from '../errors.ts';

/** Returns the error for a new user whose ID another user of the RP has. */
export const userIdTaken = () =>
  new AlreadyExistsError('The RP has a user with this ID already.', fieldError('#/userId', 'user-id-taken'));
/** Returns the error for a new user whose user handle another user of the RP has. */
export const userHandleTaken = () =>
  new AlreadyExistsError(
    'Another user of the RP has this user handle.',
    fieldError('#/user/userHandle', 'user-handle-taken'),
  );
