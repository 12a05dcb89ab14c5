import { fieldError, type FieldError } from '../contract/errors/field-errors.ts';
import { toIso } from './time.ts';

/**
 * An error that a domain function throws to refuse a request. `http/problems.ts` maps each class to its HTTP status and
 * problem slug.
 */
export abstract class DomainError extends Error {
  /** Each class states its name as a string, because a bundler may rename classes. */
  abstract override readonly name: string;
}

/** The credential of the request is missing, unknown, expired, no longer valid or of the wrong kind. */
export class UnauthenticatedError extends DomainError {
  override readonly name = 'UnauthenticatedError';
}

/** The caller does not have the right to make this request. */
export class ForbiddenError extends DomainError {
  override readonly name = 'ForbiddenError';
}

/** The requested item does not exist, or belongs to another customer. */
export class NotFoundError extends DomainError {
  override readonly name = 'NotFoundError';
}

/**
 * Another item already has the same unique value. `at` contains the errors that the response reports for the input
 * fields with such values.
 */
export class AlreadyExistsError extends DomainError {
  override readonly name: string = 'AlreadyExistsError';
  readonly errors: readonly FieldError[];
  constructor(detail: string, ...at: readonly FieldError[]) {
    super(detail);
    this.errors = at;
  }
}

/** The edit is based on an old version of the item. */
export class VersionConflictError extends DomainError {
  override readonly name = 'VersionConflictError';
}

/** The customer's license has expired or has not started. */
export class LicenseNotActiveError extends DomainError {
  override readonly name = 'LicenseNotActiveError';
}

/**
 * The license does not allow the RPs or users that the request would add. If `ofMonth` is given, `max` and `current`
 * are numbers of RPs or users that the customer registers in this month, including removed ones, and the customer can
 * register more from `ofMonth.endsAt` (epoch milliseconds) on. Otherwise, they are numbers of RPs or users that are
 * registered at the same time.
 */
export class LicenseLimitReachedError extends DomainError {
  override readonly name = 'LicenseLimitReachedError';
  readonly limit: 'registered-rps' | 'registered-users';
  readonly max: number;
  readonly current: number;
  readonly licenseType: string;
  readonly ofMonth: { readonly month: string; readonly endsAt: number } | undefined;
  constructor(reached: {
    limit: 'registered-rps' | 'registered-users';
    max: number;
    current: number;
    licenseType: string;
    ofMonth?: { readonly month: string; readonly endsAt: number };
  }) {
    const { limit, max, current, licenseType, ofMonth } = reached;
    const what = limit === 'registered-rps' ? 'RPs' : 'users';
    super(
      ofMonth
        ? `The monthly limit of the ${licenseType} license is reached. Registered ${what} in ${ofMonth.month}, including removed ones: ${current}, maximum: ${max}. You can register more from ${toIso(ofMonth.endsAt)} on.`
        : `The limit of the ${licenseType} license is reached. Registered ${what}: ${current}, maximum: ${max}.`,
    );
    this.limit = reached.limit;
    this.max = reached.max;
    this.current = reached.current;
    this.licenseType = reached.licenseType;
    this.ofMonth = reached.ofMonth;
  }
}

/** The caller, or somebody in the same network, has made too many requests of a kind that the service limits. */
export class TooManyRequestsError extends DomainError {
  override readonly name = 'TooManyRequestsError';
  /** The number of seconds after which the caller may send the request again. */
  readonly retryAfter: number;
  constructor(detail: string, retryAfter: number) {
    super(detail);
    this.retryAfter = retryAfter;
  }
}

/**
 * The customer cannot unsubscribe by itself now: either the customer has a paid license, or the last month with a paid
 * license is not billed yet. If `last` is given, the customer no longer has a paid license, `last.month` is the
 * customer's last month with a paid license, and the customer cannot unsubscribe before `last.until` (epoch
 * milliseconds). `contact` is the operator's e-mail address.
 */
export class ContactRequiredError extends DomainError {
  override readonly name = 'ContactRequiredError';
  readonly contact: string;
  constructor(contact: string, last?: { readonly month: string; readonly until: number }) {
    super(
      last
        ? `The customer had a paid license in ${last.month}, and that month is not billed yet. Unsubscribe after ${toIso(last.until)}, or write to ${contact}.`
        : `Only the operator of the service can end a paid license. Write to ${contact}.`,
    );
    this.contact = contact;
  }
}

/**
 * The caller must sign in again before repeating the request, because the caller's last sign-in was too long ago or
 * used a recovery link or a passkey that is too new. `until` is set if all passkeys of the caller are too new: sign-ins
 * with them count from this time (epoch milliseconds), and until then the caller can sign in again only with an
 * e-mailed link.
 */
export class ReauthenticationRequiredError extends DomainError {
  override readonly name = 'ReauthenticationRequiredError';
  readonly until: number | undefined;
  constructor(message: string, until?: number) {
    super(message);
    this.until = until;
  }
}

/**
 * The caller cannot make the request before the time `until` (epoch milliseconds), because a recovery link has added a
 * passkey to the caller's account.
 */
export class RecoveryHoldError extends DomainError {
  override readonly name = 'RecoveryHoldError';
  readonly until: number;
  constructor(until: number) {
    super(
      `A passkey was added to your account with a recovery link. You cannot do this before ${toIso(until)}, or until a privileged administrator has undone the recovery.`,
    );
    this.until = until;
  }
}

/**
 * The reasons for which the service refuses a ceremony, or an operation on a credential. The slug of the problem is the
 * same word.
 */
export const CEREMONY_REFUSALS = [
  'rp-not-verified',
  'ceremony-invalid',
  'ceremony-expired',
  'ceremony-used',
  'no-credential',
  'credential-unknown',
  'credential-disabled',
  'credential-exists',
  'too-many-credentials',
  'user-disabled',
  'origin-not-allowed',
  'user-verification-required',
  'authenticator-not-allowed',
  'attestation-not-trusted',
  'sign-count-not-increased',
  'sign-in-refused',
  'response-invalid',
] as const;
export type CeremonyRefusal = (typeof CEREMONY_REFUSALS)[number];

/**
 * The service refuses a ceremony. `extension` contains further members of the problem, such as `step`. It never
 * contains key material.
 */
export class CeremonyRefusedError extends DomainError {
  override readonly name = 'CeremonyRefusedError';
  readonly refusal: CeremonyRefusal;
  readonly extension: Readonly<Record<string, unknown>>;
  constructor(refusal: CeremonyRefusal, detail: string, extension: Readonly<Record<string, unknown>> = {}) {
    super(detail);
    this.refusal = refusal;
    this.extension = extension;
  }
}

/** The input matches its schema, but some of its fields break a rule that the schema cannot check. */
export class InvalidInputError extends DomainError {
  override readonly name: string = 'InvalidInputError';
  readonly errors: readonly FieldError[];
  constructor(errors: readonly FieldError[]) {
    super(errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join('; '));
    this.errors = errors;
  }
}

/** The request's field `confirmation` does not contain the name of the customer. */
export class ConfirmationMismatchError extends InvalidInputError {
  override readonly name = 'ConfirmationMismatchError';
  constructor() {
    super([fieldError('#/confirmation', 'not-the-customer-name')]);
  }
}
