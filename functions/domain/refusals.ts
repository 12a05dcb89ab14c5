import { fieldError } from '../contract/errors/field-errors.ts';
import {
  AlreadyExistsError,
  CeremonyRefusedError,
  InvalidInputError,
  NotFoundError,
  UnauthenticatedError,
  VersionConflictError,
} from './errors.ts';

/**
 * The errors that more than one domain function throws. This file defines the text of each error once, so that all
 * functions throw the error with the same text.
 */

/** Returns the error for a caller whose rights changed, or who was removed, during the request. */
export const lostRights = () =>
  new UnauthenticatedError('The session has ended: your rights changed, or you were removed. Sign in again.');

/** Returns the error for an e-mailed link that is not valid, was already used or has expired. */
export const linkNotValid = () =>
  new UnauthenticatedError('The link is not valid, was used already, or has expired. Request a new one.');

/** Returns the error for a caller whose customer is not activated yet, or is unsubscribing. */
export const customerNotActive = () => new UnauthenticatedError('The customer is not active.');

/** Returns the error for a caller whose API key belongs to an RP that was removed during the request. */
export const rpRemoved = () => new UnauthenticatedError('The RP was removed.');

export const noSuchRoute = () => new NotFoundError('No route has this method and path.');
export const noSuchCustomer = (customerId: string) => new NotFoundError(`There is no customer ${customerId}.`);
export const noSuchAdministrator = () => new NotFoundError('There is no such administrator.');
export const noSuchRp = () => new NotFoundError('There is no such RP.');
export const noSuchUser = () => new NotFoundError('There is no such user at this RP.');
export const noSuchCredential = () =>
  new CeremonyRefusedError('credential-unknown', 'The user has no such credential.');
export const noSuchPasskey = () => new NotFoundError('You have no such passkey.');

/** Returns the error for an edit that is based on an old version. */
export const staleVersion = (of: 'customer' | 'RP' | 'user' | 'credential' = 'customer') =>
  new VersionConflictError(`The ${of} was changed after you read it. Read it again, and repeat your change.`);

/** Returns the error for an edit that is based on an old version of an RP. */
export const staleRpVersion = () =>
  new VersionConflictError('The RP was changed after you read it. Read it again, and repeat your change.');

/** Returns the error for an e-mail address in the field `email` that already belongs to an administrator. */
export const emailTaken = () =>
  new AlreadyExistsError(
    'The e-mail address belongs to an administrator already.',
    fieldError('#/email', 'email-taken'),
  );

/** Returns the error for an invited person whose e-mail address belongs to an administrator of another customer. */
export const addressElsewhere = () =>
  new AlreadyExistsError(
    'Your e-mail address belongs to your account at another organisation. Change the address of that account, or ask to be invited at another address.',
  );

/**
 * Returns the error for a WebAuthn response whose challenge is unknown, already used, expired or from another ceremony.
 */
export const challengeNotValid = () =>
  new InvalidInputError([fieldError('#/passkey/response/clientDataJSON', 'challenge-not-valid')]);
