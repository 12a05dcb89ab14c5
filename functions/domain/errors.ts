import { toIso } from './time.ts';

/** What the rules may answer instead of a value. `http/problems.ts` maps each to its status and slug. */
export abstract class DomainError extends Error {
  /** Written out in each: a bundler changes the names of classes. */
  abstract override readonly name: string;
}

/** No credential, or one that is unknown, expired, ended or of the wrong kind. */
export class UnauthenticatedError extends DomainError {
  override readonly name = 'UnauthenticatedError';
}

/** The caller is known and may not do this. */
export class ForbiddenError extends DomainError {
  override readonly name = 'ForbiddenError';
}

/** There is no such thing, or not of this customer. */
export class NotFoundError extends DomainError {
  override readonly name = 'NotFoundError';
}

/** Where something is wrong, and what it must be. */
interface FieldError {
  readonly pointer: string;
  readonly detail: string;
}

/** Something with the same name exists already; `at` says which field of the input has it. */
export class AlreadyExistsError extends DomainError {
  override readonly name: string = 'AlreadyExistsError';
  readonly errors: readonly FieldError[];
  constructor(detail: string, at?: FieldError) {
    super(detail);
    this.errors = at ? [at] : [];
  }
}

/** The address that somebody is to be added with is an administrator's. */
export class EmailTakenError extends AlreadyExistsError {
  override readonly name = 'EmailTakenError';
  constructor() {
    super('The e-mail address belongs to an administrator already.', {
      pointer: '#/email',
      detail: 'Must not belong to an administrator already',
    });
  }
}

/** The customer has an RP of that domain name. */
export class RpIdTakenError extends AlreadyExistsError {
  override readonly name = 'RpIdTakenError';
  constructor(rpId: string) {
    super(`The customer has an RP ${rpId} already.`, { pointer: '#/rpId', detail: 'Must not be registered already' });
  }
}

/** The version that the edit was made on is not the present one. */
export class VersionConflictError extends DomainError {
  override readonly name = 'VersionConflictError';
}

/** The license in force has expired or not begun. */
export class LicenseNotActiveError extends DomainError {
  override readonly name = 'LicenseNotActiveError';
}

/** One more than the license allows. */
export class LicenseLimitReachedError extends DomainError {
  override readonly name = 'LicenseLimitReachedError';
  readonly limit: 'registered-rps' | 'registered-users';
  readonly max: number;
  readonly current: number;
  readonly licenseType: string;
  constructor(reached: {
    limit: 'registered-rps' | 'registered-users';
    max: number;
    current: number;
    licenseType: string;
  }) {
    const { limit, max, current, licenseType } = reached;
    const what = limit === 'registered-rps' ? 'RPs' : 'users';
    super(`The ${licenseType} license allows a maximum of ${max} registered ${what}; ${current} registered already.`);
    this.limit = reached.limit;
    this.max = reached.max;
    this.current = reached.current;
    this.licenseType = reached.licenseType;
  }
}

/** Only the operator can do this for a customer with a paid license, or, with `last`, while its last bill is not made. */
export class ContactRequiredError extends DomainError {
  override readonly name = 'ContactRequiredError';
  readonly contact: string;
  constructor(contact: string, last?: { readonly month: string; readonly until: number }) {
    super(
      last
        ? `The license was paid in ${last.month}, which is to be billed first: unsubscribe from ${toIso(last.until)} on, or write to ${contact}.`
        : `A customer with a paid license is ended by the operator of the service. Write to ${contact}.`,
    );
    this.contact = contact;
  }
}

/** Whoever is signed in must sign in again for this: it was too long ago, or by a link that only recovers. */
export class ReauthenticationRequiredError extends DomainError {
  override readonly name = 'ReauthenticationRequiredError';
}

/** Input that parses and yet cannot be: says where. */
export class InvalidInputError extends DomainError {
  override readonly name: string = 'InvalidInputError';
  readonly errors: readonly FieldError[];
  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '));
    this.errors = errors;
  }
}

/** What was typed to confirm is not the customer's name. */
export class ConfirmationMismatchError extends InvalidInputError {
  override readonly name = 'ConfirmationMismatchError';
  constructor() {
    super([{ pointer: '#/confirmation', detail: "Must be the customer's name, exactly as it is shown" }]);
  }
}
