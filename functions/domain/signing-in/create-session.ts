import type { Credential } from '../../contract/sessions.ts';
import type { SignedIn } from './new-session.ts';
import type { Services } from '../services.ts';
import { signInByLink } from './sign-in-by-link.ts';
import { signInByPasskey } from './sign-in-by-passkey.ts';

/**
 * Signs in with the token of an e-mailed link or with a passkey. Throws `UnauthenticatedError` when the link or the
 * passkey is not accepted.
 */
export function createSession(services: Services, credential: Credential): Promise<SignedIn> {
  return credential.token !== undefined
    ? signInByLink(services, credential)
    : signInByPasskey(services, credential.passkey);
}
