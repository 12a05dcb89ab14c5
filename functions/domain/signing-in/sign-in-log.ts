import type { Log } from '../services.ts';
import type { OpenedBy } from '../sessions/new-session.ts';

/** The facts of a sign-in that the log contains. The log contains neither a secret nor an e-mail address. */
interface SignIn {
  /** The administrator and the customer. @default - unknown, because the credential belongs to nobody */
  readonly administratorId?: string | undefined;
  readonly customerId?: string | undefined;
  readonly method: OpenedBy['method'];
  /** The ID of the passkey. @default - the person used a link */
  readonly passkeyId?: string | undefined;
  readonly ipAddress: string;
}

/** Logs a sign-in that succeeded. */
export function logSignIn(log: Log, { administratorId, customerId, method, passkeyId, ipAddress }: SignIn): void {
  log.info('signed in', { administratorId, customerId, method, passkeyId, ipAddress });
}

/**
 * Logs a sign-in that was refused. The request itself names the administrator, the customer and the passkey, so a
 * stranger can name the IDs of other people.
 */
export function logRefusedSignIn(log: Log, refused: SignIn): void {
  const { administratorId, customerId, method, passkeyId, ipAddress } = refused;
  log.warn('a sign-in was refused', { administratorId, customerId, method, passkeyId, ipAddress });
}
