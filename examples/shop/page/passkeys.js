import { Refusal } from './server.js';

/**
 * @typedef {object} Signals
 * @property {CurrentUserDetailsOptions} [currentUserDetails]
 * @property {AllAcceptedCredentialsOptions} [allAcceptedCredentials]
 * @property {UnknownCredentialOptions} [unknownCredential]
 */

/** Whether the browser can use passkeys, and reads and writes the JSON of WebAuthn. */
export const canUsePasskeys =
  typeof window.PublicKeyCredential?.parseCreationOptionsFromJSON === 'function' &&
  typeof PublicKeyCredential.prototype.toJSON === 'function';

/**
 * Creates a passkey. Returns the response for the server.
 *
 * @param {PublicKeyCredentialCreationOptionsJSON} options
 */
export async function createPasskey(options) {
  const publicKey = PublicKeyCredential.parseCreationOptionsFromJSON(options);
  return toJson(await navigator.credentials.create({ publicKey }));
}

/**
 * Lets the person choose a passkey. Returns the response for the server.
 *
 * @param {PublicKeyCredentialRequestOptionsJSON} options
 * @param {Pick<CredentialRequestOptions, 'mediation' | 'signal'>} [how]
 */
export async function choosePasskey(options, how) {
  const publicKey = PublicKeyCredential.parseRequestOptionsFromJSON(options);
  return toJson(await navigator.credentials.get({ publicKey, ...how }));
}

/** @param {Credential | null} credential */
function toJson(credential) {
  if (!(credential instanceof PublicKeyCredential)) throw new DOMException('There is no passkey.', 'NotAllowedError');
  return credential.toJSON();
}

/**
 * Corrects the browser's list of passkeys. Passes the arguments of the server on unchanged, because a wrong one can
 * destroy a passkey for good. Some browsers lack these methods, and an error in them matters to nobody.
 *
 * @param {Signals | undefined} signals
 */
export async function passOn(signals = {}) {
  const { currentUserDetails, allAcceptedCredentials, unknownCredential } = signals;
  await Promise.allSettled([
    currentUserDetails && PublicKeyCredential.signalCurrentUserDetails?.(currentUserDetails),
    allAcceptedCredentials && PublicKeyCredential.signalAllAcceptedCredentials?.(allAcceptedCredentials),
    unknownCredential && PublicKeyCredential.signalUnknownCredential?.(unknownCredential),
  ]);
}

/**
 * Says in words why a passkey could not be created or used.
 *
 * @param {unknown} error
 */
export function messageFor(error) {
  if (error instanceof Refusal) return error.message;
  if (error instanceof DOMException) {
    // Browsers do not say whether the person cancelled, the time was over, or no passkey was found.
    if (error.name === 'NotAllowedError') return 'No passkey was used. Try again when you are ready.';
    if (error.name === 'InvalidStateError') return 'This device already has a passkey for your account.';
    if (error.name === 'SecurityError') return 'Passkeys do not work at this address.';
  }
  console.error(error);
  return 'Something went wrong. Reload the page and try again.';
}
