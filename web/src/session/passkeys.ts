import { startAuthentication, startRegistration, WebAuthnError } from '@simplewebauthn/browser';
import type { UseMutationOptions } from '@tanstack/react-query';
import { addPasskey, createSession, requestPasskeyOptions, requestSessionOptions } from '../client/sdk.gen.ts';
import type { Administrator, CreateSessionData } from '../client/types.gen.ts';

/**
 * This file contains the functions that run WebAuthn ceremonies with the service. If the person cancels a ceremony, the
 * function throws `WebAuthnError`.
 */

/** A credential to sign in with: the token of a link, or a passkey. */
export type Credential = CreateSessionData['body'];

/** Signs in, and returns the administrator. The session's token is in a cookie that no script can read. */
export async function signIn(body: Credential): Promise<Administrator> {
  const { data } = await createSession({ body, throwOnError: true });
  return data.administrator;
}

/**
 * The options of each mutation that signs a person in. With these options, the cache does not keep the credential. If
 * the service refuses the credential, the console does not conclude that an existing session has ended.
 */
export const signsIn = { gcTime: 0, meta: { signsIn: true } } satisfies UseMutationOptions;

/**
 * Asks the person to choose a passkey to sign in with.
 *
 * @param offer if true, the browser offers passkeys only in the autofill of the e-mail field, and the function waits
 * until the person chooses a passkey
 * @param signal can cancel the ceremony until the browser shows its dialog; after that, only `WebAuthnAbortService` can
 * cancel the ceremony
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

/** Creates a passkey on this device or on a nearby device, and stores the public key in the service. */
export async function createPasskey(name: string) {
  const { data: optionsJSON } = await requestPasskeyOptions({ throwOnError: true });
  const passkey = await startRegistration({ optionsJSON });
  const { data } = await addPasskey({ body: { name, passkey }, throwOnError: true });
  return data;
}

/**
 * Returns whether a ceremony failed because the person cancelled it or because it timed out. In both cases, the person
 * can start the ceremony again.
 */
export const isBrokenOff = (error: unknown): boolean =>
  error instanceof Error && ['NotAllowedError', 'AbortError'].includes(error.name);

/** Returns whether a ceremony failed because the authenticator already has a passkey of this person. */
export const isKnownAlready = (error: unknown): boolean =>
  error instanceof WebAuthnError && error.code === 'ERROR_AUTHENTICATOR_PREVIOUSLY_REGISTERED';
