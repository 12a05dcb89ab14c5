import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import type { Session } from '../table/signing-in/sessions.ts';

/** A signed-in administrator with what was read, strongly, when the request began. */
export interface AdministratorCaller {
  readonly token: string;
  readonly session: Session;
  readonly administrator: Administrator;
  readonly customer: Customer;
}

/** An RP's server, by its API key. */
export interface RpCaller {
  readonly customerId: string;
  readonly rpRef: string;
  readonly keyId: string;
}

/** Whoever changes something, for the log. */
export type Actor = { readonly administratorId: string } | { readonly keyId: string } | { readonly operator: string };
/** What a caller is told whose rights ended while the request was at work. */
export const LOST_RIGHTS = 'The session has ended: rights were taken or the administrator was removed. Sign in again.';
export const actorOf = ({ administrator }: AdministratorCaller): Actor => ({
  administratorId: administrator.administratorId,
});
