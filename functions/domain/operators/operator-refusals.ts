import { NotFoundError, UnauthenticatedError } from '../errors.ts';

/** Returns the error for an operator's link that is not valid, was already used, was replaced or has expired. */
export const operatorLinkNotValid = () =>
  new UnauthenticatedError(
    'The link is not valid, was used or replaced already, or has expired. Create a new one with “operators link”.',
  );

/** Returns the error for an e-mail address that no operator has. */
export const noSuchOperator = (email: string) => new NotFoundError(`There is no operator ${email}.`);
