import { fieldError } from '../contract/field-errors.ts';
import {
  AlreadyExistsError,
  InvalidInputError,
  NotFoundError,
  UnauthenticatedError,
  VersionConflictError,
} from './errors.ts';

/** The refusals that more than one rule makes: each has one text. */

/** The caller lost rights, or was removed, while the request was at work. */
export const lostRights = () =>
  new UnauthenticatedError('The session has ended: your rights changed, or you were removed. Sign in again.');

/** The link of an e-mail cannot be used, or not any more. */
export const linkNotValid = () =>
  new UnauthenticatedError('The link is not valid, was used already, or has expired. Request a new one.');

/** The customer of the caller is not activated, or is unsubscribing. */
export const customerNotActive = () => new UnauthenticatedError('The customer is not active.');

/** The RP of an API key was removed while the request was at work. */
export const rpRemoved = () => new UnauthenticatedError('The RP was removed.');

export const noSuchCustomer = (customerId: string) => new NotFoundError(`There is no customer ${customerId}.`);
export const noSuchAdministrator = () => new NotFoundError('There is no such administrator.');
export const noSuchRp = () => new NotFoundError('There is no such RP.');
export const noSuchUser = () => new NotFoundError('There is no such user at this RP.');
export const noSuchPasskey = () => new NotFoundError('You have no such passkey.');

/** The edit was made on a version of the customer that is not the present one. */
export const staleVersion = () =>
  new VersionConflictError('The customer was changed after you read it. Read it again, and repeat your change.');

/** The address in the field `email` belongs to an administrator. */
export const emailTaken = () =>
  new AlreadyExistsError(
    'The e-mail address belongs to an administrator already.',
    fieldError('#/email', 'email-taken'),
  );

/** The answer of a passkey is not to an open challenge of this ceremony. */
export const challengeNotValid = () =>
  new InvalidInputError([fieldError('#/passkey/response/clientDataJSON', 'challenge-not-valid')]);
