import type { RpCaller, RpServer } from '../../functions/domain/callers.ts';
import type { CeremonyServices } from '../../functions/domain/fido2/ceremony-services.ts';
import { storeRegistration, type StoredRegistration } from '../../functions/domain/fido2/store-registration.ts';
import { authenticateApiKey } from '../../functions/domain/rps/authenticate-api-key.ts';
import { comparableName } from '../../functions/domain/users/comparable-name.ts';
import { MINUTE, toTtl } from '../../functions/domain/time.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { readHandleContent, removeCredential } from '../../functions/table/users/credentials.ts';
import { countCredentials, removeUserHandle } from '../../functions/table/users/user-handles.ts';
import { deleteUserName } from '../../functions/table/users/user-names.ts';
import { deleteUser, readUser } from '../../functions/table/users/users.ts';
import type { Metering } from './metering.ts';

const bytes = (text: string) => Buffer.from(text).toString('base64url');
/** Returns the user handle that these functions give to a user. */
const handleOf = (userId: string) => bytes(`handle of ${userId}`);

/** The registration of a credential. Its response needs no verification, so that tests can store many quickly. */
export interface TestRegistration {
  readonly userId: string;
  /** The number of the credential. Credentials of the same user and number have the same ID at every RP. @default 0 */
  readonly number?: number;
  /** Whether the registration creates the user. @default false */
  readonly isNew?: boolean;
  /** The user handle of the user, if another function registered the user. @default - the same for the user at every RP */
  readonly userHandle?: string | undefined;
  /** Whether the service keeps the attestation. @default false */
  readonly hasAttestation?: boolean;
}

/** Returns an RP's server whose API key the process has just checked, so that it counts as valid for 10 seconds. */
export async function serverOf(metering: Metering, apiKey: string, hasUniqueNames = false): Promise<RpServer> {
  const server = await authenticateApiKey(metering.process(), apiKey);
  const settings = { ...server.rp.settings, uniqueUserNames: hasUniqueNames };
  return { ...server, rp: { ...server.rp, settings } };
}

/**
 * Registers a credential as the service does after it has verified the response. A new user gets a name other than the
 * user ID. Throws the errors of the domain function `storeRegistration`.
 */
export function registerCredential(
  { services, clock, table }: Metering,
  server: RpServer,
  { userId, number = 0, isNew = false, userHandle = handleOf(userId), hasAttestation = false }: TestRegistration,
  on = table,
): Promise<StoredRegistration> {
  const now = clock.time;
  const ceremony = {
    ...{ challenge: bytes(`${userId} ${number} ${now}`), begin: now, end: now + 6 * MINUTE, userId, userHandle },
    ...(isNew && { newUser: { userName: `Name of ${userId}`, displayName: null } }),
    userVerification: 'preferred' as const,
    attestation: 'none' as const,
  };
  const credential = {
    ...{ credentialId: bytes(`${userId} ${number}`), userId, publicKey: Buffer.from('key'), signCount: 0 },
    ...{ backupEligible: true, backedUp: true, userVerified: true, createdAt: now, lastUsedAt: null },
    ...{ countedMonth: '2026-11', version: 1, used: {}, usedFloor: 0 },
    ...{ name: 'Passkey', attributes: null, authenticator: null, algorithm: -7, transports: [], discoverable: true },
    ...{ attestation: { format: 'none', type: 'none', trusted: false }, origin: 'https://a.example', attachment: null },
  } as const;
  const evidence = hasAttestation ? { clientDataJSON: bytes('{}'), attestationObject: bytes('x'.repeat(4_000)) } : {};
  return storeRegistration(
    { ...services, table: on } as unknown as CeremonyServices,
    server,
    {
      ...{ ceremony, credential, evidence, userAttributes: undefined },
      ...{ attempt: bytes(`${Math.random()}`), receivedAt: now, month: '2026-11' },
    },
    false,
  );
}

/** Removes a credential of a user, and leaves a tombstone that expires after an hour. */
export async function removeCredentialOf(
  { table, clock }: Metering,
  { rpRef }: RpCaller,
  userId: string,
  number = 0,
): Promise<void> {
  const name = { rpRef, userHandle: handleOf(userId), credentialId: bytes(`${userId} ${number}`) };
  const { handle, credentials } = await readHandleContent(table, rpRef, name.userHandle, 'strong');
  const credential = credentials.find(({ credentialId }) => credentialId === name.credentialId);
  if (!handle || !credential) throw new Error('The user has no such credential.');
  const failures = await transact(table, {
    ...removeCredential(name, credential, toTtl(clock.time + 60 * MINUTE)),
    handle: countCredentials(rpRef, name.userHandle, handle, { removed: 1, enabled: -1 }),
  });
  if (failures) throw new Error('The credential was changed.');
}

/** Removes a user who has no credential, and leaves a tombstone that expires after an hour. */
export async function removeUserWithoutCredentials(
  { table, clock }: Metering,
  { rpRef }: RpCaller,
  userId: string,
): Promise<void> {
  const user = await readUser(table, rpRef, userId, 'strong');
  const { handle } = await readHandleContent(table, rpRef, handleOf(userId), 'strong');
  if (!handle || !user) throw new Error('There is no such user.');
  const failures = await transact(table, {
    user: deleteUser(rpRef, user),
    name: deleteUserName(rpRef, comparableName(user.userName ?? userId), userId, user.hasTakenName === true),
    ...removeUserHandle(rpRef, handleOf(userId), handle, toTtl(clock.time + 60 * MINUTE)),
  });
  if (failures) throw new Error('The user was changed.');
}
