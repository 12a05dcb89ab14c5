import { Fido2Problem, type Fido2Client } from 'fido2-server-service-sdk';

/** The person, and the passkey of the session. `removedOwn` says whether the session has removed this passkey. */
export interface AccountOf {
  readonly userId: string;
  readonly credentialId: string;
  readonly removedOwn: boolean;
}
/** The account of a person, as the page shows it. */
export interface Account {
  readonly name: string;
  readonly passkeys: readonly {
    readonly id: string;
    readonly name: string;
    /** ISO 8601. */
    readonly createdAt: string;
    readonly lastUsedAt: string | null;
    /** Whether the passkey is synchronized, so that losing a device does not lose the passkey. */
    readonly backedUp: boolean;
    /** Whether the person signed in with this passkey. */
    readonly isCurrent: boolean;
  }[];
  /**
   * Why the person should add a second passkey: the only passkey is on one device, or it is synchronized, but may be
   * lost together with the account at the provider that keeps it. Null with two passkeys or more.
   */
  readonly advice: 'only-on-one-device' | 'only-one' | null;
}

/**
 * Reads a person's account. The service keeps the names and the passkeys, so this shop needs no table of its own.
 * Returns undefined if the person may not stay signed in: the service has no such user any more, the user is disabled,
 * or the passkey with which the person signed in was removed or disabled elsewhere. A session that removes its own
 * passkey goes on.
 */
export async function readAccount(
  fido2: Fido2Client,
  { userId, credentialId, removedOwn }: AccountOf,
): Promise<Account | undefined> {
  try {
    const [user, { items }] = await Promise.all([fido2.getUser({ userId }), fido2.listCredentials({ userId })]);
    if (user.disabled) return undefined;
    const usable = items.filter(({ disabled }) => !disabled);
    if (!removedOwn && !usable.some(({ id }) => id === credentialId)) return undefined;
    const [only] = usable;
    return {
      name: user.displayName ?? user.userName,
      passkeys: usable.map(({ id, name, createdAt, lastUsedAt, backedUp }) => ({
        ...{ id, name, createdAt, lastUsedAt, backedUp },
        isCurrent: id === credentialId,
      })),
      advice: usable.length > 1 || !only ? null : only.backedUp ? 'only-one' : 'only-on-one-device',
    };
  } catch (error) {
    if (error instanceof Fido2Problem && error.code === 'not-found') return undefined;
    throw error;
  }
}
