import type { RpCaller, RpServer } from '../../../functions/domain/callers.ts';
import { removeCredential } from '../../../functions/domain/credentials/remove-credential.ts';
import type { CeremonyServices } from '../../../functions/domain/fido2/ceremony-services.ts';
import { storeRegistration, type StoredRegistration } from '../../../functions/domain/fido2/store-registration.ts';
import { authenticateApiKey } from '../../../functions/domain/rps/authenticate-api-key.ts';
import { MINUTE } from '../../../functions/domain/time.ts';
import { readUser } from '../../../functions/table/users/users.ts';
import { newPublicKey, signInWith } from './credentials.ts';
import type { Metering } from '../metering/metering.ts';

const bytes = (text: string) => Buffer.from(text).toString('base64url');
const credentialIdOf = (userId: string, number: number) => bytes(`${userId} ${number}`);
/** Returns the user handle that these functions give to a user whom they register. */
const handleOf = (userId: string) => bytes(`handle of ${userId}`);

/** The registration of a credential. Its response needs no verification, so that tests can store many quickly. */
export interface TestRegistration {
  readonly userId: string;
  /** The number of the credential. Credentials of the same user and number have the same ID at every RP. @default 0 */
  readonly number?: number;
  /** Whether the registration creates the user. @default false */
  readonly isNew?: boolean;
  /**
   * The user handle of the user, if another function registered the user. @default - the same for the user at every RP
   */
  readonly userHandle?: string | undefined;
  /** Whether the service keeps the attestation. @default false */
  readonly hasAttestation?: boolean;
}

/** Returns an RP's server whose API key the process has just checked, so that it counts as valid for 10 seconds. */
export function serverOf(metering: Metering, apiKey: string): Promise<RpServer> {
  return authenticateApiKey(metering.process(), apiKey);
}

/**
 * Registers a credential as the service does after it has verified the response. A new user gets a name other than the
 * user ID. Throws the errors of the domain function `storeRegistration`.
 */
export async function registerCredential(
  { services, clock, table }: Metering,
  server: RpServer,
  { userId, number = 0, isNew = false, userHandle = handleOf(userId), hasAttestation = false }: TestRegistration,
  on = table,
): Promise<StoredRegistration> {
  const now = clock.time;
  const user = isNew ? undefined : await readUser(table, server.rpRef, userId, 'strong');
  const ceremony = {
    ...{ challenge: bytes(`${userId} ${number} ${now}`), begin: now, end: now + 6 * MINUTE },
    ...{ userId, userHandle, registeredAt: user?.registeredAt },
    ...(isNew && { newUser: { userName: `Name of ${userId}`, displayName: null } }),
    userVerification: 'preferred' as const,
    attestation: 'none' as const,
  };
  const credential = {
    ...{
      credentialId: credentialIdOf(userId, number),
      userId,
      publicKey: newPublicKey(),
      signCount: 0,
    },
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
      ...{ ceremony, isOver: false, credential, evidence, userAttributes: undefined },
      ...{ attempt: bytes(`${Math.random()}`), receivedAt: now, month: '2026-11' },
    },
    false,
  );
}

/** Removes a credential that was used just before, so that a tombstone keeps its used challenge. */
export async function removeUsedCredential(
  { services, table, clock }: Metering,
  rp: RpCaller,
  userId: string,
  number = 0,
): Promise<void> {
  const credentialId = credentialIdOf(userId, number);
  const user = await readUser(table, rp.rpRef, userId, 'strong');
  const name = { rpRef: rp.rpRef, userHandle: user?.userHandle ?? '', credentialId };
  await signInWith(table, name, clock.time);
  await removeCredential(services, rp, { userId, credentialId });
}
