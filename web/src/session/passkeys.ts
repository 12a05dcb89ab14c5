import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import { addPasskey, createSession, requestPasskeyOptions, requestSessionOptions } from '../client/sdk.gen.ts';

/** The ceremonies of WebAuthn with the service. What the person breaks off throws `WebAuthnError`. */

/**
 * Signs in with a passkey.
 *
 * @param offer whether it is only offered, in the autofill of the e-mail field, and waits until it is chosen there
 * @param signal ends it before the browser is asked; `WebAuthnAbortService` does afterwards
 */
export async function signInWithPasskey({ offer, signal }: { readonly offer: boolean; readonly signal?: AbortSignal }) {
  const { data: optionsJSON } = await requestSessionOptions({ throwOnError: true });
  signal?.throwIfAborted();
  const passkey = await startAuthentication({ optionsJSON, useBrowserAutofill: offer });
  const { data } = await createSession({ body: { passkey }, throwOnError: true });
  return data;
}

/** Makes a passkey on this device, or one that it reaches, and has the service keep it. */
export async function createPasskey(name: string) {
  const { data: optionsJSON } = await requestPasskeyOptions({ throwOnError: true });
  const passkey = await startRegistration({ optionsJSON });
  const { data } = await addPasskey({ body: { name, passkey }, throwOnError: true });
  return data;
}

/** Whether the person, or the time, ended a ceremony: nothing went wrong, and it can be begun again. */
export const isBrokenOff = (error: unknown): boolean =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name);

/** Whether a passkey of this person is on the authenticator already. */
export const isKnownAlready = (error: unknown): boolean =>
  error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
