import type { Administrator } from '../../table/administrators.ts';
import type { Customer } from '../../table/customers/customers.ts';
import { putSession, type Session } from '../../table/signing-in/sessions.ts';
import type { Write } from '../../table/engine/transaction.ts';
import { newSecret } from '../ids.ts';
import { toTtl } from '../time.ts';
import { RECOVERY_LASTS, SESSION_LASTS } from './session-lifetime.ts';

/** A new session, its administrator and its customer. */
export interface SignedIn {
  readonly sessionToken: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
  /** How long the session lasts, in milliseconds. */
  readonly lasts: number;
  /** The only action that the session allows, or null if the session is not restricted. */
  readonly mayOnly: 'add-passkey' | null;
  readonly administrator: Administrator;
  readonly customer: Customer;
}

/** The way in which a session was opened. */
export type OpenedBy =
  | {
      readonly method: 'passkey';
      readonly passkeyId: string;
      readonly passkeyCreatedAt: number;
      readonly countsFrom: number | undefined;
    }
  | { readonly method: 'link' | 'recovery-link'; readonly email: string };

/**
 * Creates a session that begins at the time `now`. A session that a recovery link opens may only add a passkey.
 * `ipAddress` is the IP address that sent the sign-in. Returns the session's token and times, and `put`, the write that
 * stores the session. The calling function adds `put` to the transaction that performs the sign-in.
 */
export function newSession(
  { customerId, administratorId, sessionGeneration, emailVersion }: Administrator,
  now: number,
  openedBy: OpenedBy,
  ipAddress: string,
): Pick<SignedIn, 'sessionToken' | 'expiresAt' | 'lasts' | 'mayOnly'> & { put: Write } {
  const sessionToken = newSecret('ses');
  const mayOnly = openedBy.method === 'recovery-link' ? 'add-passkey' : undefined;
  const lasts = mayOnly === undefined ? SESSION_LASTS : RECOVERY_LASTS;
  const expiresAt = now + lasts;
  const session: Session = {
    customerId,
    administratorId,
    generation: sessionGeneration,
    ...openedBy,
    emailVersion: openedBy.method === 'passkey' ? undefined : emailVersion,
    ipAddress,
    signedInAt: now,
    lastUsedAt: now,
    expiresAt,
    mayOnly,
  };
  return {
    sessionToken,
    expiresAt,
    lasts,
    mayOnly: mayOnly ?? null,
    put: putSession(sessionToken, session, toTtl(expiresAt)),
  };
}
