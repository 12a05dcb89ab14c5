import type { AuthenticationResponse } from '../../../functions/contract/values/webauthn.ts';
import type { RpServer } from '../../../functions/domain/callers.ts';
import type { CeremonyServices } from '../../../functions/domain/fido2/ceremony-services.ts';

/** A sign-in that has begun: the challenge, and the text that the RP's server sends back at the end. */
export interface Begun {
  readonly ceremony: string;
  readonly options: { readonly challenge: string };
}

/** A simulated warm Lambda process that performs the sign-ins of an RP's users, after the API key was checked. */
export interface SignInProcess {
  /** Begins a sign-in. Only a design that names the user in the options uses the user ID. */
  begin(userId: string): Promise<Begun>;
  /** Verifies a response and accepts it once. Throws an error if the response is refused. */
  finish(begun: Pick<Begun, 'ceremony'>, response: AuthenticationResponse): Promise<unknown>;
}

/**
 * A way to accept each response of an authenticator only once. All designs read the same items of the user, verify the
 * response with the same code, and write the new sign count to the same item of the credential.
 */
export interface SignInDesign {
  readonly name: string;
  startProcess(services: CeremonyServices, caller: RpServer): SignInProcess;
}
