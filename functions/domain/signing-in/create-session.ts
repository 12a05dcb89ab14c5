import type { Credential } from '../../contract/sessions.ts';
import type { SignedIn } from '../sessions/new-session.ts';
import type { Services } from '../services.ts';
import { signInByLink } from './sign-in-by-link.ts';
import { signInByPasskey } from './sign-in-by-passkey.ts';

/**
 * Signs in with the token of an e-mailed link or with a passkey. `ipAddress` is the IP address that sent the request.
 * Throws `UnauthenticatedError` when the link or the passkey is not accepted.
 */
export function createSession(services: Services, credential: Credential, ipAddress: string): Promise<SignedIn> {
  return 'token' in credential
    ? signInByLink(services, credential, ipAddress)
    : signInByPasskey(services, credential.passkey, ipAddress);
}
