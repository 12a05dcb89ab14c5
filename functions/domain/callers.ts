import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import type { OperatorSession } from '../table/operators/operator-sessions.ts';
import type { Operator } from '../table/operators/operators.ts';
import type { RpSettings } from '../table/rp-settings.ts';
import type { Session } from '../table/signing-in/sessions.ts';
import type { Author, Change, Made } from './change-log.ts';

/**
 * A signed-in administrator. The session, the administrator and the customer were read with strong consistency when the
 * request began.
 */
export interface AdministratorCaller {
  readonly token: string;
  readonly session: Session;
  readonly administrator: Administrator;
  readonly customer: Customer;
}

/**
 * A signed-in operator. The session and the operator were read with strong consistency when the request began.
 */
export interface OperatorCaller {
  readonly token: string;
  readonly session: OperatorSession;
  readonly operator: Operator;
}

/** An RP's server that calls the API. The API key in the request identifies the RP. */
export interface RpCaller {
  readonly customerId: string;
  readonly rpRef: string;
  readonly keyId: string;
}

/**
 * An RP's server together with the RP and its settings. The process has read them when it checked the API key, so they
 * may be up to 10 seconds old.
 */
export interface RpServer extends RpCaller {
  /**
   * The public key that checks the ceremonies which the RP's server begins with this API key, as base64url.
   * @default - the API key cannot begin ceremonies
   */
  readonly ceremonyKey?: string | undefined;
  readonly rp: {
    /** The RP ID of WebAuthn: a domain name. */
    readonly rpId: string;
    readonly name: string;
    readonly registeredUsers: number;
    readonly createdAt: number;
    /** The time at which the service found the RP's DNS record, in epoch milliseconds; null if it has not. */
    readonly verifiedAt: number | null;
    readonly settings: RpSettings;
  };
}

/** An administrator who manages the users of one RP of their customer. */
export interface RpAdministrator {
  readonly customerId: string;
  readonly rpRef: string;
  /** The administrator, as read when the request began. */
  readonly administrator: Administrator;
  /** Returns a change by the administrator that is about to be made. */
  readonly newChange: (made: Made) => Change;
}

/** A caller who manages the users and credentials of an RP: the RP's server, or an administrator. */
export type UserManager = RpCaller | RpAdministrator;

/** The actor that the change log records. */
export type Actor =
  | { readonly administratorId: string }
  | { readonly keyId: string }
  | { readonly operator: string }
  | { readonly operatorId: string }
  | { readonly service: string };
/** Returns the author of a change as the change log records it. */
export function actorOf(author: UserManager | Author): Actor {
  if ('keyId' in author) return { keyId: author.keyId };
  return 'administrator' in author ? { administratorId: author.administrator.administratorId } : author;
}
