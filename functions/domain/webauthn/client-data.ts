import type { RelyingParty } from './relying-party.ts';
import { refuse } from './refusal.ts';

interface Response {
  /** The client data as JSON in base64url. */
  readonly clientDataJSON: string;
}
/** The client data of a WebAuthn response, as a browser or an attacker wrote them (WebAuthn, 5.8.1). */
type ClientData = Readonly<Record<string, unknown>>;

/** Returns the client data of a WebAuthn response, or undefined when the client data is not a JSON object. */
function clientDataIn({ clientDataJSON }: Response): ClientData | undefined {
  try {
    const parsed: unknown = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString());
    return typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed) ? (parsed as ClientData) : undefined;
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
  const challenge = clientDataIn(response)?.['challenge'];
  return typeof challenge === 'string' ? challenge : undefined;
}

/**
 * Returns the origin in a WebAuthn response, or undefined when the response's client data cannot be parsed. Like
 * `challengeIn`, the value is a claim until the response is verified.
 */
export function originIn(response: Response): string | undefined {
  const origin = clientDataIn(response)?.['origin'];
  return typeof origin === 'string' ? origin : undefined;
}

/** The longest origin that a refusal repeats, in characters. */
const LONGEST_ORIGIN = 300;

/**
 * Verifies the client data of a response (WebAuthn, 7.1-5 to 11, 7.2-8 to 14). Returns the origin of the page that ran
 * the ceremony. Refuses client data of another type of ceremony, with another challenge, or from an origin that the RP
 * does not allow.
 */
export function checkClientData(
  response: Response,
  expected: { readonly type: 'webauthn.create' | 'webauthn.get'; readonly challenge: string },
  { origins, topOrigins = [] }: RelyingParty,
): string {
  const clientData = clientDataIn(response) ?? refuse('client-data', 'The client data is not a JSON object');
  const { type, challenge, origin, crossOrigin, topOrigin, tokenBinding } = clientData;
  if (type !== expected.type) refuse('type', 'The response is from a ceremony of the other type');
  if (challenge !== expected.challenge) refuse('challenge', 'The response is for another challenge');
  if (typeof origin !== 'string') return refuse('client-data', 'The origin in the client data is not a string');
  if (!origins.includes(origin)) {
    const named = origin.slice(0, LONGEST_ORIGIN);
    refuse('origin', `The RP does not allow the origin ${named}`, named);
  }
  if (!isTokenBinding(tokenBinding)) refuse('client-data', 'The token binding is malformed');
  checkEmbedding(crossOrigin ?? false, topOrigin ?? undefined, topOrigins);
  return origin;
}

/**
 * Refuses a ceremony in a frame that the RP does not allow. A browser sets `crossOrigin` when the page that ran the
 * ceremony is embedded in a page of another origin, and `topOrigin` is the origin of the page in the address bar.
 * Safari sends no `topOrigin`. So the service accepts an embedded ceremony without `topOrigin` if the RP allows any
 * page.
 */
function checkEmbedding(crossOrigin: unknown, topOrigin: unknown, topOrigins: readonly string[]): void {
  if (typeof crossOrigin !== 'boolean') refuse('client-data', 'The value of crossOrigin is not a boolean');
  if (crossOrigin && topOrigins.length === 0) refuse('cross-origin', 'The ceremony ran in a frame of another origin');
  if (topOrigin === undefined) return;
  // A browser sets `topOrigin` only together with `crossOrigin`.
  const isAllowed = crossOrigin && topOrigins.some((allowed) => allowed === topOrigin);
  if (!isAllowed) refuse('top-origin', 'The RP does not allow the top-level origin to embed the ceremony');
}

/**
 * Returns whether the member `tokenBinding` is missing or has the form that Level 2 defined. Level 3 ignores the
 * member, and so does the service, but SimpleWebAuthn refuses a registration in which it is malformed.
 */
function isTokenBinding(tokenBinding: unknown): boolean {
  const { status } = (tokenBinding ?? { status: 'supported' }) as { readonly status?: unknown };
  return status === 'present' || status === 'supported' || status === 'not-supported';
}
