import { putChallenge, readChallenge, type Ceremony } from '../../table/signing-in/challenges.ts';
import { newChallenge } from '../ids.ts';
import type { Log, Services } from '../services.ts';
import { MINUTE, toTtl } from '../time.ts';

/** "Challenges single-use, 5 minutes, bound to the ceremony." As long, browsers are told, a person may take. */
export const CHALLENGE_LASTS = 5 * MINUTE;

/** ES256, EdDSA and RS256, as COSE numbers them; the one that most passkeys have comes first. */
export const ALGORITHMS = [-7, -8, -257];

/** Gives what the console is to WebAuthn: its origin, and the host name that its passkeys are bound to. */
export function consoleInWebAuthn({ consoleUrl }: Pick<Services, 'consoleUrl'>) {
  return { name: 'FIDO2 Server Service', rpId: new URL(consoleUrl).hostname, origin: consoleUrl };
}

/** Begins a ceremony: gives its challenge, which is kept until it is used or its time is over. */
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
 * Gives the challenge that a response says it answers, if we gave it for this ceremony, and it is neither used nor
 * over. That the response really answers it is for its verification to say.
 */
export async function findChallenge(
  { table, clock }: Pick<Services, 'table' | 'clock'>,
  { clientDataJSON }: { clientDataJSON: string },
  ceremony: Ceremony,
): Promise<string | undefined> {
  const text = challengeIn(clientDataJSON);
  const challenge = text === undefined ? undefined : await readChallenge(table, text, ceremony);
  return challenge && clock.now() < challenge.expiresAt ? text : undefined;
}

function challengeIn(clientDataJSON: string): string | undefined {
  try {
    const clientData: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    const { challenge } = clientData as { challenge?: unknown };
    return typeof challenge === 'string' ? challenge : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Gives what a verification gives; undefined when it throws, which is how SimpleWebAuthn refuses. It computes and reaches
 * nothing outside, so that whatever it throws is said of the response. The log says why, the caller does not.
 */
export async function unlessRefused<T>(log: Log, verify: () => Promise<T>): Promise<T | undefined> {
  try {
    return await verify();
  } catch (error) {
    log.info('a passkey was not accepted', { reason: error instanceof Error ? error.message : String(error) });
    return undefined;
  }
}
