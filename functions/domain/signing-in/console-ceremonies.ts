import { putChallenge, readChallenge, type Ceremony } from '../../table/signing-in/challenges.ts';
import { newChallenge } from '../ids.ts';
import type { Log, Services } from '../services.ts';
import { MINUTE, toTtl } from '../time.ts';
import { challengeIn } from '../webauthn/client-data.ts';
import type { Verification } from '../webauthn/refusal.ts';
import type { RelyingParty } from '../webauthn/relying-party.ts';

/**
 * How long a WebAuthn challenge is valid, in milliseconds. A browser can use a challenge once, within 5 minutes, and
 * only for the ceremony for which the service created the challenge. The time-out in the WebAuthn options is also 5
 * minutes.
 */
export const CHALLENGE_LASTS = 5 * MINUTE;

/**
 * The console's requirements for a passkey: the administrator can sign in without a user name, the authenticator
 * verifies the user, and the service requests no attestation certificate.
 */
export const CONSOLE_REQUIREMENTS = {
  attestation: 'none',
  authenticatorSelection: { residentKey: 'required', requireResidentKey: true, userVerification: 'required' },
} as const;

/**
 * Returns the console as a WebAuthn relying party. The only origin is the console's URL, and passkeys are bound to the
 * host name of this URL.
 */
export function consoleRelyingParty({ consoleUrl }: Pick<Services, 'consoleUrl'>): RelyingParty {
  return { rpId: new URL(consoleUrl).hostname, name: 'FIDO2 Server Service', origins: [consoleUrl] };
}

/**
 * Begins a WebAuthn ceremony: stores a new challenge, which is valid until it is used or expires, and returns the
 * challenge.
 */
export async function beginCeremony(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  ceremony: Ceremony,
): Promise<string> {
  const challenge = newChallenge();
  const expiresAt = clock.now() + CHALLENGE_LASTS;
  await putChallenge(table, challenge, ceremony, { expiresAt }, toTtl(expiresAt));
  return challenge;
}

/**
 * Returns the challenge in a WebAuthn response, and the time at which its ceremony began, in epoch milliseconds.
 * Returns undefined when the challenge is used or expired, or when the service did not create the challenge for
 * `ceremony`.
 */
export async function findChallenge(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  response: { readonly clientDataJSON: string },
  ceremony: Ceremony,
): Promise<{ challenge: string; beganAt: number } | undefined> {
  const text = challengeIn(response);
  if (text === undefined) return undefined;
  const stored = await readChallenge(table, text, ceremony);
  if (!stored || clock.now() >= stored.expiresAt) return undefined;
  return { challenge: text, beganAt: stored.expiresAt - CHALLENGE_LASTS };
}

/**
 * Returns the result of a successful verification. If the verification has refused the WebAuthn response, logs the
 * reason and returns undefined, so that the service does not reveal the reason to the client.
 */
export function acceptedOrLogged<T>(log: Log, { accepted, refusal }: Verification<T>): T | undefined {
  if (refusal) log.info('a passkey was not accepted', { step: refusal.step, reason: refusal.reason });
  return accepted;
}
