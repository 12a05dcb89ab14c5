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
  /** Whether the person removed this passkey in this session. */
  readonly removedOwn: boolean;
}
/** A session with a browser. The browser knows only its ID, from a cookie. Only the functions below change it. */
export interface Session {
  readonly id: string;
  /** Epoch milliseconds. */
  endsAt: number;
  /** Undefined for a visitor who is not signed in. */
  signedIn: SignedIn | undefined;
  /** The ceremonies that have begun, by challenge. There may be several, for example in two tabs. */
  readonly ceremonies: Map<string, OpenCeremony>;
}

const HOUR = 60 * 60 * 1_000;
const LASTS = { visitor: HOUR, signedIn: 12 * HOUR } as const;
/** The maximum number of ceremonies that a session keeps. The oldest one is dropped first. */
const MAX_CEREMONIES = 10;
/**
 * The maximum number of sessions. Without a maximum, anybody could fill the memory. The oldest one is dropped first.
 */
const MAX = { visitor: 10_000, signedIn: 100_000 } as const;
/** The maximum number of sessions of a person, so that one person cannot sign the others out. */
const MAX_OF_PERSON = 10;

/**
 * Keeps the sessions in memory: a restart signs everybody out. A shop with several servers keeps them in a database
 * that all servers share.
 */
export function createSessions(now: () => number = Date.now) {
  /** By ID, the oldest first. Flooding the shop with visitors signs nobody out, because people have their own map. */
  const visitors = new Map<string, Session>();
  const people = new Map<string, Session>();

  function add(signedIn: SignedIn | undefined): Session {
    const endsAt = now() + (signedIn ? LASTS.signedIn : LASTS.visitor);
    const session: Session = { id: randomBytes(32).toString('base64url'), endsAt, signedIn, ceremonies: new Map() };
    (signedIn ? people : visitors).set(session.id, session);
    dropEnded(visitors, MAX.visitor);
    dropEnded(people, MAX.signedIn);
    return session;
  }
  /** The sessions of a map are in the order of their ends, so those that have ended are the first ones. */
  function dropEnded(sessions: Map<string, Session>, max: number): void {
    for (const { id, endsAt } of sessions.values()) {
      if (endsAt > now() && sessions.size <= max) break;
      sessions.delete(id);
    }
  }
  const end = ({ id }: Session) => visitors.delete(id) || people.delete(id);
  function find(id: string): Session | undefined {
    const session = people.get(id) ?? visitors.get(id);
    return session && session.endsAt > now() ? session : undefined;
  }
  const sessionsOf = (isMeant: (signedIn: SignedIn) => boolean) =>
    [...people.values()].filter(({ signedIn }) => signedIn && isMeant(signedIn));

  return {
    find,
    /** Whether a session has not ended. It may have ended while a request waited for the service. */
    stands: ({ id }: Session) => find(id) !== undefined,
    /** Begins the session of a visitor. */
    begin: () => add(undefined),
    /**
     * Ends a session and begins one for a person. The new session has a new ID, so an ID that an attacker planted in
     * the browser before the sign-in is worth nothing. Returns undefined, and signs nobody in, if the session has ended
     * while the service verified the passkey: the person has signed out, or has removed the passkey.
     */
    signIn(before: Session, who: Pick<SignedIn, 'userId' | 'credentialId'>): Session | undefined {
      if (!find(before.id)) return undefined;
      end(before);
      const session = add({ ...who, confirmedAt: now(), removedOwn: false });
      for (const oldest of sessionsOf(({ userId }) => userId === who.userId).slice(0, -MAX_OF_PERSON)) end(oldest);
      return session;
    },
    end,
    /** Ends the sessions that were opened with a passkey, because `session` removed it. `session` itself goes on. */
    endOthersWith(credentialId: string, session: Session): void {
      for (const each of sessionsOf((signedIn) => signedIn.credentialId === credentialId)) {
        if (each.id !== session.id) end(each);
        else if (each.signedIn) each.signedIn = { ...each.signedIn, removedOwn: true };
      }
    },
    /**
     * Keeps a ceremony for the response that contains the challenge. If the session of a visitor ends before the
     * ceremony, the session lasts longer.
     */
    keep(session: Session, challenge: string, begun: OpenCeremony): void {
      const { id, endsAt, ceremonies } = session;
      if (begun.expiresAt > endsAt && visitors.delete(id)) {
        session.endsAt = now() + LASTS.visitor;
        visitors.set(id, session);
      }
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
