import { randomBytes } from 'node:crypto';

/** The purpose of a ceremony. A response is accepted only for the purpose that its ceremony was begun for. */
export type Purpose = 'sign-up' | 'sign-in' | 'confirmation' | 'new-passkey';

/** A ceremony that has begun. It stays here, on the server. The browser gets only its options. */
export interface OpenCeremony {
  readonly purpose: Purpose;
  readonly ceremony: string;
  /** Epoch milliseconds. */
  readonly expiresAt: number;
}
/** The person who is signed in. */
export interface SignedIn {
  readonly userId: string;
  /** The passkey with which the person signed in. */
  readonly credentialId: string;
  /** When the person last used a passkey here, in epoch milliseconds. */
  readonly confirmedAt: number;
}
/** A session with a browser. The browser knows only its ID, from a cookie. */
export interface Session {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly endsAt: number;
  /** Undefined for a visitor who is not signed in. */
  readonly signedIn: SignedIn | undefined;
  /** The ceremonies that have begun, by challenge. There may be several, for example in two tabs. */
  readonly ceremonies: Map<string, OpenCeremony>;
}

const HOUR = 60 * 60 * 1_000;
const LASTS = { visitor: HOUR, signedIn: 12 * HOUR } as const;
/** The maximum number of ceremonies that a session keeps. The oldest one is dropped first. */
const MAX_CEREMONIES = 10;
/** The maximum number of visitors' sessions. Without a maximum, anybody could fill the memory. */
const MAX_VISITORS = 10_000;

/**
 * Keeps the sessions in memory: a restart signs everybody out. A shop with several servers keeps them in a database
 * that all servers share.
 */
export function createSessions(now: () => number = Date.now) {
  /** By ID, the oldest first. Flooding the shop with visitors signs nobody out, because people have their own map. */
  const visitors = new Map<string, Session>();
  const people = new Map<string, Session>();

  function add(signedIn: SignedIn | undefined): Session {
    dropEnded();
    const endsAt = now() + (signedIn ? LASTS.signedIn : LASTS.visitor);
    const session: Session = { id: randomBytes(32).toString('base64url'), endsAt, signedIn, ceremonies: new Map() };
    (signedIn ? people : visitors).set(session.id, session);
    return session;
  }
  /** All sessions of a map last equally long, so the sessions that have ended are the first ones. */
  function dropEnded(): void {
    for (const sessions of [visitors, people]) {
      for (const { id, endsAt } of sessions.values()) {
        if (endsAt > now() && !(sessions === visitors && sessions.size >= MAX_VISITORS)) break;
        sessions.delete(id);
      }
    }
  }
  const end = ({ id }: Session) => visitors.delete(id) || people.delete(id);

  return {
    find(id: string): Session | undefined {
      const session = people.get(id) ?? visitors.get(id);
      return session && session.endsAt > now() ? session : undefined;
    },
    /** Begins the session of a visitor. */
    begin: () => add(undefined),
    /**
     * Ends a session and begins one for a person. The new session has a new ID, so an ID that an attacker planted in
     * the browser before the sign-in is worth nothing.
     */
    signIn(before: Session, who: Omit<SignedIn, 'confirmedAt'>): Session {
      end(before);
      return add({ ...who, confirmedAt: now() });
    },
    end,
    /** Ends the other sessions that were opened with a passkey, because the passkey was removed. */
    endOthersWith(credentialId: string, { id }: Session): void {
      for (const session of people.values()) {
        if (session.signedIn?.credentialId === credentialId && session.id !== id) end(session);
      }
    },
    /** Keeps a ceremony for the response that contains the challenge. */
    keep({ ceremonies }: Session, challenge: string, begun: OpenCeremony): void {
      ceremonies.set(challenge, begun);
      for (const oldest of [...ceremonies.keys()].slice(0, -MAX_CEREMONIES)) ceremonies.delete(oldest);
    },
    /**
     * Removes the ceremony that a response of the browser belongs to from the session, and returns it. Returns
     * undefined if the session has no such ceremony.
     */
    take({ ceremonies }: Session, purpose: Purpose, response: unknown): string | undefined {
      const challenge = challengeIn(response);
      const begun = ceremonies.get(challenge);
      if (begun?.purpose !== purpose || begun.expiresAt <= now()) return undefined;
      ceremonies.delete(challenge);
      return begun.ceremony;
    },
  };
}
export type Sessions = ReturnType<typeof createSessions>;

/**
 * Returns the challenge in the client data of a response, or an empty text. The challenge only finds the ceremony. The
 * service verifies the response.
 */
function challengeIn(response: unknown): string {
  try {
    const { clientDataJSON } = (response as { response: { clientDataJSON: string } }).response;
    const { challenge } = JSON.parse(Buffer.from(clientDataJSON, 'base64url').toString()) as { challenge: unknown };
    return typeof challenge === 'string' ? challenge : '';
  } catch {
    return '';
  }
}
