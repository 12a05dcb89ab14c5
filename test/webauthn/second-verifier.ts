import { Fido2Lib } from 'fido2-lib';
import type { AuthenticationResponse, RegistrationResponse } from '../../functions/contract/values/webauthn.ts';

/** The message of the error with which the second verifier refuses a response, or null if it accepts the response. */
type Outcome = string | null;

const library = new Fido2Lib();

/** Returns the bytes of a base64url text in an array buffer of their own. */
function bufferOf(text: string): ArrayBuffer {
  return new Uint8Array(Buffer.from(text, 'base64url')).buffer;
}

async function outcomeOf(verify: () => Promise<unknown>): Promise<Outcome> {
  try {
    await verify();
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** Verifies a registration response with fido2-lib, which shares no code with the service's verification. */
export function registerWithSecond(
  { id, response }: RegistrationResponse,
  { challenge, origin, rpId }: { readonly challenge: string; readonly origin: string; readonly rpId: string },
): Promise<Outcome> {
  return outcomeOf(() =>
    library.attestationResult(
      {
        ...{ id: bufferOf(id), rawId: bufferOf(id) },
        response: { clientDataJSON: response.clientDataJSON, attestationObject: response.attestationObject },
      },
      { challenge, origin, rpId, factor: 'first' },
    ),
  );
}

/** Verifies an authentication response with fido2-lib. `publicKey` is in PEM. */
export function authenticateWithSecond(
  { id, response }: AuthenticationResponse,
  expected: {
    readonly challenge: string;
    readonly origin: string;
    readonly rpId: string;
    readonly credentialId: string;
    readonly publicKey: string;
    readonly userHandle: string;
  },
): Promise<Outcome> {
  const { credentialId, ...rest } = expected;
  const { clientDataJSON, authenticatorData, signature, userHandle } = response;
  return outcomeOf(() =>
    library.assertionResult(
      {
        ...{ id: bufferOf(id), rawId: bufferOf(id) },
        response: {
          clientDataJSON,
          authenticatorData: bufferOf(authenticatorData),
          signature,
          ...(userHandle != null && { userHandle }),
        },
      },
      {
        ...rest,
        factor: 'first',
        prevCounter: 0,
        allowCredentials: [{ id: bufferOf(credentialId), type: 'public-key' }],
      },
    ),
  );
}
