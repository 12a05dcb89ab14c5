import { ForbiddenError } from '../errors.ts';

/** The maximum number of API keys of an RP. */
export const MAX_API_KEYS = 25;
/** Returns the error for an RP that has the maximum number of API keys. */
export const tooManyApiKeys = () => new ForbiddenError(`An RP has at most ${MAX_API_KEYS} API keys. Delete one first.`);
