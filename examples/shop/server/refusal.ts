import { Fido2ConnectionError, Fido2Problem } from 'fido2-server-service-sdk';

/** Says why a request did not work, in words for the person who uses the page. */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  /** Arguments of the browser's Signal API. */
  readonly signals: object | undefined;
  constructor(status: number, code: string, message: string, signals?: object) {
    super(message);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.signals = signals;
  }
}

/** Refuses a request of somebody who is not signed in. */
export const signedOut = () => new Refusal(401, 'signed-out', 'You are signed out. Sign in again.');
/** Refuses a change of the account until the person uses a passkey again. The page then asks for it, and retries. */
export const confirmationNeeded = () => new Refusal(403, 'confirm-first', 'Confirm with your passkey first.');
export const tookTooLong = () => new Refusal(400, 'took-too-long', 'That took too long. Try again.');

/** Problems that the person can do something about, or that need an explanation. */
const explained: Readonly<Record<string, string>> = {
  'credential-exists': 'This passkey already belongs to an account. Sign in with it.',
  'too-many-credentials': 'You have 20 passkeys. Remove one before you add another one.',
  'license-limit-reached': 'We cannot open new accounts at the moment. Try again later.',
  'license-not-active': 'We cannot open new accounts at the moment. Try again later.',
};
const UNAVAILABLE = 'We cannot reach our sign-in service at the moment. Try again in a minute.';

/**
 * Returns the refusal for an error of the SDK, and `undefined` for any other error. `message` is for all problems that
 * the person needs no details of: a problem says whether an account or a passkey exists, so the page never gets it.
 *
 * With the signal `unknownCredential`, the browser deletes or hides a passkey. All programs on a developer's machine
 * share the RP ID `localhost`, so the passkey may belong to another program. There, the page gets no signals.
 */
export function refusalFor(error: unknown, message: string, rpId: string): Refusal | undefined {
  if (error instanceof Fido2ConnectionError) return new Refusal(503, 'unavailable', UNAVAILABLE);
  if (!(error instanceof Fido2Problem)) return undefined;
  const { status, code, signals } = error;
  // 401: the API key of the shop is wrong. The person can do nothing about it, and the log says it.
  if (status >= 500 || status === 429 || status === 401) return new Refusal(503, 'unavailable', UNAVAILABLE);
  return new Refusal(400, 'failed', explained[code] ?? message, rpId === 'localhost' ? undefined : signals);
}
