import { DomainError, InvalidInputError } from '../domain/errors.ts';

/** The errors of requests that never reach the domain. */

/** The error for a request that does not match the schemas of the route's contract. */
export class ValidationError extends InvalidInputError {
  override readonly name = 'ValidationError';
}
/** The error for a request body that is larger than the service accepts. */
export class PayloadTooLargeError extends DomainError {
  override readonly name = 'PayloadTooLargeError';
}
/** The error for an edit without an `If-Match` header. */
export class PreconditionRequiredError extends DomainError {
  override readonly name = 'PreconditionRequiredError';
}
