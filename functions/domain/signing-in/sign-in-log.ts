import type { Log } from '../services.ts';
import type { OpenedBy } from '../sessions/new-session.ts';

/** The facts of a sign-in that the log contains. The log contains neither a secret nor an e-mail address. */
interface SignIn {
  /** The administrator and the customer. @default - unknown, because the credential belongs to nobody */
  readonly administratorId?: string | undefined;
  readonly customerId?: string | undefined;
  /** The operator. @default - an administrator signs in, or the credential belongs to nobody */
  readonly operatorId?: string | undefined;
  readonly method: OpenedBy['method'];
  /** The ID of the passkey. @default - the person used a link */
  readonly passkeyId?: string | undefined;
  readonly ipAddress: string;
}

/** Logs a sign-in that succeeded. */
export function logSignIn(log: Log, signIn: SignIn): void {
  log.info('signed in', fieldsOf(signIn));
}

/**
 * Logs a sign-in that was refused. The request itself names the administrator and the customer or the operator, and the
 * passkey, so a stranger can name the IDs of other people.
 */
export function logRefusedSignIn(log: Log, refused: SignIn): void {
  log.warn('a sign-in was refused', fieldsOf(refused));
}

/** Returns the fields that the log contains. A caller may pass an object that has others too. */
const fieldsOf = ({ administratorId, customerId, operatorId, method, passkeyId, ipAddress }: SignIn) => ({
  ...(operatorId === undefined ? { administratorId, customerId } : { operatorId }),
  method,
  passkeyId,
  ipAddress,
});
