import { randomUUID } from 'node:crypto';
import type { Fido2Client } from 'fido2-server-service-sdk';
import { readAccount } from './account.ts';
import { Refusal, confirmationNeeded, refusalFor, signedOut, tookTooLong } from './refusal.ts';
import type { Purpose, Session, Sessions } from './sessions.ts';

export interface ShopServices {
  readonly fido2: Fido2Client;
  readonly rpId: string;
  readonly sessions: Sessions;
  readonly now: () => number;
  /** Writes to the log of the shop. Problems of the service go here, and never to the page. */
  readonly log: (error: unknown) => void;
}
/** A request of the page. */
export interface Asked {
  readonly session: Session | undefined;
  readonly body: Readonly<Record<string, unknown>>;
}
/** The answer. With `session`, the browser gets the cookie of this session; null deletes the cookie. */
export interface Answered {
  readonly session?: Session | null;
  readonly body: object;
}
type SignedInSession = Session & { readonly signedIn: NonNullable<Session['signedIn']> };
type Begun = Pick<Awaited<ReturnType<Fido2Client['requestRegistrationOptions']>>, 'ceremony' | 'expiresAt'> & {
  readonly options: { readonly challenge: string };
};

/** Changes of the passkeys need a passkey that was used in the last 5 minutes: a stolen session is not enough. */
const CONFIRMED_FOR = 5 * 60 * 1_000;
const MAX_NAME = 60;

/**
 * Where a new passkey should be made. Browsers read the hints, and show the matching dialog first. They may ignore
 * them, so the person can still choose another place.
 */
const HINTS = { here: ['client-device'], elsewhere: ['hybrid', 'security-key'] } as const;

/** The passkey is the only factor of this shop, so every authenticator must verify its user. */
const USER_VERIFICATION = 'required';
const PASSKEY = { residentKey: 'required', userVerification: USER_VERIFICATION } as const;

/** Returns the routes of the shop. Each key is a method and a path. */
export function createRoutes(services: ShopServices) {
  const { fido2, rpId, sessions, now, log } = services;

  /** Keeps a ceremony in the session, and returns the part of it for the browser. */
  function begin(session: Session, purpose: Purpose, { ceremony, options, expiresAt }: Begun): Answered {
    const endsAt = Date.parse(expiresAt);
    sessions.keep(session, options.challenge, { purpose, ceremony, expiresAt: endsAt });
    return { session, body: { options, secondsLeft: Math.floor((endsAt - now()) / 1_000) } };
  }

  /** Returns the body that ends a ceremony, with the ceremony from the session, and the session. */
  function ending({ session, body: { response } }: Asked, purpose: Purpose) {
    const ceremony = session && sessions.take(session, purpose, response);
    if (!session || ceremony === undefined) throw tookTooLong();
    // The service checks every field of the response. The shop does not need to know them.
    return { session, body: { ceremony, response: response as never, signals: true } };
  }

  function requireSignedIn({ session }: Asked): SignedInSession {
    if (!session?.signedIn) throw signedOut();
    return session as SignedInSession;
  }
  function requireConfirmed(asked: Asked): SignedInSession {
    const session = requireSignedIn(asked);
    if (now() - session.signedIn.confirmedAt > CONFIRMED_FOR) throw confirmationNeeded();
    return session;
  }

  /** Calls the service. Turns a problem into a refusal with `message`, and logs the problem. */
  async function orRefuse<T>(message: string, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      const refusal = refusalFor(error, message, rpId);
      if (!refusal) throw error;
      log(error);
      throw refusal;
    }
  }

  /** Answers with the person's account, and with signals for the browser's list of passkeys. */
  async function showAccount(session: Session | undefined, signals?: object): Promise<Answered> {
    if (!session?.signedIn) return { body: { account: null } };
    const { signedIn } = session;
    const account = await orRefuse('We cannot show your account.', () => readAccount(fido2, signedIn));
    if (account) return { session, body: { account, signals } };
    sessions.end(session);
    return { session: null, body: { account: null } };
  }

  /** Verifies the response of a passkey, and signs its user in. */
  async function endAuthentication(asked: Asked, purpose: 'sign-in' | 'confirmation'): Promise<Answered> {
    const { session, body } = ending(asked, purpose);
    const { user, credential, userVerified, signals } = await orRefuse(
      'We could not sign you in with this passkey. Choose another one, or create an account.',
      () => fido2.authenticateUser(body),
    );
    // The options require it, so the service has checked it. A shop that only prefers it must check it here.
    if (!userVerified) throw new Refusal(403, 'failed', 'Unlock your passkey with your finger, face or PIN.');
    const who = { userId: user.userId, credentialId: credential.id };
    return showAccount(sessions.signIn(session, who), signals);
  }

  const routes: Readonly<Record<string, (asked: Asked) => Promise<Answered> | Answered>> = {
    'GET /api/account': ({ session }) => showAccount(session),

    'POST /api/sign-up/begin': async ({ session = sessions.begin(), body }) => {
      const name = typeof body['name'] === 'string' ? body['name'].trim() : '';
      if (name === '') throw new Refusal(400, 'name', 'Enter your name.');
      if (name.length > MAX_NAME) throw new Refusal(400, 'name', `Enter at most ${MAX_NAME} characters.`);
      const begun = await orRefuse('We could not create an account with this name.', () =>
        fido2.requestRegistrationOptions({
          // The ID never changes, so it must not contain a name or an address. `createUser` refuses an ID that exists.
          ...{ userId: randomUUID(), createUser: true },
          // Browsers show the user name in their list of passkeys. A shop with e-mail addresses uses the address, after
          // it has verified it.
          user: { userName: name, displayName: name },
          authenticatorSelection: PASSKEY,
        }),
      );
      return begin(session, 'sign-up', begun);
    },

    'POST /api/sign-up/end': async (asked) => {
      const { session, body } = ending(asked, 'sign-up');
      const { user, credential, signals } = await orRefuse('We could not create your passkey. Try again.', () =>
        fido2.registerCredential({ ...body, credential: { name: '$authenticator' } }),
      );
      const who = { userId: user.userId, credentialId: credential.id };
      return showAccount(sessions.signIn(session, who), signals);
    },

    // The SDK makes these options itself. So a sign-in is one request to the service: the end.
    'POST /api/sign-in/begin': ({ session = sessions.begin(), body }) => {
      const mediation = body['autofill'] === true ? ({ mediation: 'conditional' } as const) : {};
      return begin(
        session,
        'sign-in',
        fido2.beginAuthentication({ userVerification: USER_VERIFICATION, ...mediation }),
      );
    },

    'POST /api/sign-in/end': (asked) => endAuthentication(asked, 'sign-in'),

    // With the user's ID, the service accepts only passkeys of this user.
    'POST /api/confirmation/begin': async (asked) => {
      const session = requireSignedIn(asked);
      const { userId } = session.signedIn;
      const begun = await orRefuse('We could not ask for your passkey. Sign in again.', () =>
        fido2.requestAuthenticationOptions({ userId, userVerification: USER_VERIFICATION }),
      );
      return begin(session, 'confirmation', begun);
    },

    'POST /api/confirmation/end': (asked) => {
      requireSignedIn(asked);
      return endAuthentication(asked, 'confirmation');
    },

    'POST /api/passkeys/begin': async (asked) => {
      const session = requireConfirmed(asked);
      const { userId } = session.signedIn;
      const hints = [...HINTS[asked.body['where'] === 'elsewhere' ? 'elsewhere' : 'here']];
      // Without `createUser`: the user must exist. The options exclude the devices that already have a passkey.
      const begun = await orRefuse('We could not add a passkey. Try again.', () =>
        fido2.requestRegistrationOptions({ userId, hints, authenticatorSelection: PASSKEY }),
      );
      return begin(session, 'new-passkey', begun);
    },

    'POST /api/passkeys/end': async (asked) => {
      requireSignedIn(asked);
      const { session, body } = ending(asked, 'new-passkey');
      const { signals } = await orRefuse('We could not add this passkey. Try again.', () =>
        fido2.registerCredential({ ...body, credential: { name: '$authenticator' } }),
      );
      return showAccount(session, signals);
    },

    'POST /api/passkeys/remove': async (asked) => {
      const session = requireConfirmed(asked);
      const { userId } = session.signedIn;
      const id = String(asked.body['id']);
      const message = 'We could not remove this passkey. Reload the page and try again.';
      const account = await orRefuse(message, () => readAccount(fido2, session.signedIn));
      if (account?.passkeys.some((passkey) => passkey.id === id) !== true) throw new Refusal(404, 'failed', message);
      // A shop that can recover an account in another way, for example by e-mail, may allow this.
      if (account.passkeys.length === 1) {
        throw new Refusal(400, 'last', 'This is your only passkey. Add another one before you remove it.');
      }
      await orRefuse(message, () => fido2.removeCredential({ userId, id }));
      sessions.endOthersWith(id, session);
      // The signal names only the passkey that this shop has just removed, so it can hide no other one.
      return showAccount(session, { unknownCredential: { rpId, credentialId: id } });
    },

    'POST /api/sign-out': ({ session }) => {
      if (session) sessions.end(session);
      return { session: null, body: { account: null } };
    },
  };
  return routes;
}
