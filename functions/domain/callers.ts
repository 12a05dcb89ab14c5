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

/** The actor of a change, for the log. */
export type Actor = { readonly administratorId: string } | { readonly keyId: string } | { readonly operator: string };
export const actorOf = ({ administrator }: AdministratorCaller): Actor => ({
  administratorId: administrator.administratorId,
});
