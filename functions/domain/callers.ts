import type { Administrator } from '../table/administrators.ts';
import type { Customer } from '../table/customers/customers.ts';
import type { Session } from '../table/signing-in/sessions.ts';

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

/** An RP's server that calls the API. The API key in the request identifies the RP. */
export interface RpCaller {
  readonly customerId: string;
  readonly rpRef: string;
  readonly keyId: string;
}

/** The actor that the change log records. */
export type Actor = { readonly administratorId: string } | { readonly keyId: string } | { readonly operator: string };
/** Returns the signed-in administrator as the actor of a change. */
export const actorOf = ({ administrator }: AdministratorCaller): Actor => ({
  administratorId: administrator.administratorId,
});
