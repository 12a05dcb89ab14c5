import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { newUserHandle } from '../../../functions/domain/users/new-user.ts';
import { MINUTE } from '../../../functions/domain/time.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { transact } from '../../../functions/table/engine/transaction.ts';
import {
  acceptAuthentication,
  putCredential,
  putCredentialInfo,
  readCredential,
  takeCredentialId,
  type CredentialInfo,
  type CredentialName,
} from '../../../functions/table/users/credentials.ts';
import { firstUse, NO_USED_CHALLENGES, type Use } from '../../../functions/table/users/used-challenges.ts';
import { countCredentialIn, putUserHandle, readUserHandle } from '../../../functions/table/users/user-handles.ts';
import { noteHandleItem, readUser } from '../../../functions/table/users/users.ts';

/** The maximum number of credentials of a user. */
const MAX_CREDENTIALS = 20;

/** Returns a new public key for ES256 in COSE form (RFC 9053). The tests never verify a signature with it. */
export function newPublicKey(): Uint8Array {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const members = new Map<number, number | Uint8Array>([
    [1, 2],
    [3, -7],
    [-1, 1],
    [-2, Buffer.from(x, 'base64url')],
    [-3, Buffer.from(y, 'base64url')],
  ]);
  return isoCBOR.encode(members);
}

/** A new random challenge, and its use by a ceremony of 5 minutes that ends at once. */
const newUse = (now: number): { challenge: string; use: Use } => ({
  challenge: randomBytes(32).toString('base64url'),
  use: { begin: now, end: now + 5 * MINUTE, usedAt: now, attempt: randomBytes(9).toString('hex'), counted: false },
});

/**
 * Stores a credential of a registered user with the writes of a registration. Returns its name, or undefined when a
 * condition of the transaction is false. `info` replaces values of the information about the credential.
 */
export async function registerCredential(
  table: Table,
  rpRef: string,
  userId: string,
  { now = Date.now(), ...info }: Partial<CredentialInfo> & { readonly now?: number } = {},
): Promise<CredentialName | undefined> {
  const user = await readUser(table, rpRef, userId, 'strong');
  if (!user) return undefined;
  const { userHandle = newUserHandle() } = user;
  const name = { rpRef, userHandle, credentialId: randomBytes(32).toString('base64url') };
  const registration = newUse(now);
  const { challenge, use } = registration;
  const handle = await readUserHandle(table, rpRef, userHandle, 'strong');
  const failures = await transact(table, {
    user: user.hasHandleItem ? undefined : noteHandleItem(rpRef, user, userHandle),
    handle: handle
      ? countCredentialIn(rpRef, userHandle, handle, registration, { user, max: MAX_CREDENTIALS, now })
      : putUserHandle(rpRef, userHandle, {
          ...firstUse(challenge, use),
          userId,
          registeredAt: user.registeredAt,
          credentials: 1,
          enabledCredentials: 1,
          setVersion: 1,
        }),
    credential: putCredential(name, {
      ...NO_USED_CHALLENGES,
      credentialId: name.credentialId,
      userId,
      publicKey: newPublicKey(),
      signCount: 0,
      backupEligible: true,
      backedUp: true,
      userVerified: false,
      createdAt: now,
      lastUsedAt: null,
      countedMonth: '2026-11',
      version: 1,
    }),
    info: putCredentialInfo(name, {
      name: 'Passkey',
      attributes: null,
      authenticator: null,
      algorithm: -7,
      transports: ['internal'],
      discoverable: true,
      attestation: { format: 'none', type: 'none', trusted: false },
      origin: 'https://shop.example.com',
      attachment: 'platform',
      ...info,
    }),
    id: takeCredentialId(name, { userHandle }, undefined),
  });
  return failures ? undefined : name;
}

/** Stores `count` credentials of a registered user. Returns their IDs. Throws an error if one cannot be stored. */
export async function registerCredentials(
  table: Table,
  rpRef: string,
  userId: string,
  count: number,
  options: Parameters<typeof registerCredential>[3] = {},
): Promise<string[]> {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const name = await registerCredential(table, rpRef, userId, options);
    if (!name) throw new Error('The credential was not stored.');
    ids.push(name.credentialId);
  }
  return ids;
}

/**
 * Signs a user in with a credential: writes what an accepted authentication writes. Returns whether the write was
 * accepted. `read` may be a credential that was read earlier.
 */
export async function signInWith(
  table: Table,
  name: CredentialName,
  now = Date.now(),
  read = readCredential(table, name, 'strong'),
): Promise<boolean> {
  const credential = await read;
  if (!credential) return false;
  const { updated } = await acceptAuthentication(
    table,
    name,
    credential,
    {
      ...newUse(now),
      signCount: 0,
      onSignCount: 'refuse',
      backupEligible: true,
      backedUp: true,
      month: '2026-11',
    },
    now,
  );
  return updated !== undefined;
}
