import { startAuthentication, startRegistration } from '@simplewebauthn/browser';
import {
  addOperatorPasskey,
  createOperatorSession,
  requestOperatorPasskeyOptions,
  requestOperatorSessionOptions,
} from '../../client/sdk.gen.ts';

/** Signs an operator in with a passkey. The session's token is in a cookie that no script can read. */
export async function signInWithPasskey(): Promise<void> {
  const { data: optionsJSON } = await requestOperatorSessionOptions({ throwOnError: true });
  const passkey = await startAuthentication({ optionsJSON });
  await createOperatorSession({ body: { passkey }, throwOnError: true });
}

/** Creates the passkey of an operator, and stores the public key in the service. The token of the link works once. */
export async function registerPasskey(token: string): Promise<void> {
  const { data: optionsJSON } = await requestOperatorPasskeyOptions({ body: { token }, throwOnError: true });
  const passkey = await startRegistration({ optionsJSON });
  await addOperatorPasskey({ body: { token, passkey }, throwOnError: true });
}
