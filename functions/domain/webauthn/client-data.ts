import { refuse } from './refusal.ts';

/** The client data of a WebAuthn response, as a browser or an attacker wrote them (WebAuthn, 5.8.1). */
interface ClientData {
  readonly challenge?: unknown;
  readonly crossOrigin?: unknown;
  readonly topOrigin?: unknown;
}
interface Response {
  /** The client data as JSON in base64url. */
  readonly clientDataJSON: string;
}

/** Returns the client data of a WebAuthn response, or undefined when the client data cannot be parsed. */
function clientDataIn({ clientDataJSON }: Response): ClientData | undefined {
  try {
    return (JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as ClientData | null) ?? undefined;
  } catch {
    return undefined;
  }
}

/**
 * Returns the challenge in a WebAuthn response, or undefined when the response's client data cannot be parsed. The
 * calling function must verify the response, because only the signature proves that the response belongs to this
 * challenge.
 */
export function challengeIn(response: Response): string | undefined {
  const challenge = clientDataIn(response)?.challenge;
  return typeof challenge === 'string' ? challenge : undefined;
}

/**
 * Refuses a ceremony that ran in a frame of another origin. No page may embed the pages of a relying party of this
 * service, so no such ceremony is expected (WebAuthn, 7.1 and 7.2: `crossOrigin` and `topOrigin`).
 */
export function refuseEmbedded(response: Response): void {
  const { crossOrigin, topOrigin } = clientDataIn(response) ?? {};
  if ((crossOrigin ?? false) !== false) refuse('cross-origin', 'The ceremony ran in a frame of another origin');
  if ((topOrigin ?? undefined) !== undefined) refuse('cross-origin', 'The client data name a top-level origin');
}
