import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import type { UseMutationOptions } from '@tanstack/react-query';
import { addPasskey, createSession, requestPasskeyOptions, requestSessionOptions } from '../client/sdk.gen.ts';
import type { Administrator, CreateSessionData } from '../client/types.gen.ts';

/** The ceremonies of WebAuthn with the service. What the person breaks off throws `WebAuthnError`. */

/** What somebody signs in with: the token of a link, or a passkey. */
export type Credential = CreateSessionData['body'];

/** Signs in: gives who did. The session itself is the cookie's: its token stays where no script reads it. */
export async function signIn(body: Credential): Promise<Administrator> {
  const { data } = await createSession({ body, throwOnError: true });
  return data.administrator;
}

/** Of a mutation that signs in: what it signs in with is not kept, and a refusal says nothing of the session. */
export const signsIn = { gcTime: 0, meta: { signsIn: true } } satisfies UseMutationOptions;

/**
 * Has the person choose a passkey to sign in with.
 *
 * @param offer whether it is only offered, in the autofill of the e-mail field, and waits until it is chosen there
 * @param signal ends it before the browser is asked; `WebAuthnAbortService` does afterwards
 */
export async function choosePasskey({
  offer,
  signal,
}: {
  readonly offer: boolean;
  readonly signal?: AbortSignal;
}): Promise<Credential> {
  const { data: optionsJSON } = await requestSessionOptions({ ...(signal && { signal }), throwOnError: true });
  signal?.throwIfAborted();
  return { passkey: await startAuthentication({ optionsJSON, useBrowserAutofill: offer }) };
}

/** Signs in with a passkey. */
export const signInWithPasskey = async (): Promise<Administrator> => signIn(await choosePasskey({ offer: false }));

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
