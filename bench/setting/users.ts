import { createHash } from 'node:crypto';
import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import type { Table } from '../../functions/table/engine/client.ts';
import type { Write } from '../../functions/table/engine/transaction.ts';
import { putCredential, putCredentialInfo, takeCredentialId } from '../../functions/table/users/credentials.ts';
import { firstUse, NO_USED_CHALLENGES } from '../../functions/table/users/used-challenges.ts';
import { putUserHandle } from '../../functions/table/users/user-handles.ts';
import { putUser } from '../../functions/table/users/users.ts';
import { BEGINNING, MONTH } from './population.ts';

/** `BatchWriteItem` takes at most 25 items. */
const PUTS_A_BATCH = 25;
const BATCHES_AT_ONCE = 4;

/** The number of items of a user with one credential: the user, the handle item, and three items of the credential. */
export const ITEMS_WITH_CREDENTIAL = 5;

/**
 * Puts `count` users into the table as the service stores them, each with one credential if `hasCredentials`. Keeps
 * only a few batches in memory, because a million users have five million items.
 */
export async function putUsers(
  { client, name }: Table,
  { customerId, rpRef }: { readonly customerId: string; readonly rpRef: string },
  count: number,
  hasCredentials: boolean,
): Promise<void> {
  const usersABatch = hasCredentials ? PUTS_A_BATCH / ITEMS_WITH_CREDENTIAL : PUTS_A_BATCH;
  let next = 0;
  const writer = async () => {
    while (next < count) {
      const first = next;
      next = Math.min(count, next + usersABatch);
      const puts = Array.from({ length: next - first }, (_, index) =>
        writesOf(customerId, rpRef, first + index, hasCredentials),
      )
        .flat()
        .map(({ Put }) => ({ PutRequest: { Item: Put?.Item } }));
      await client.send(new BatchWriteCommand({ RequestItems: { [name]: puts } }));
    }
  };
  await Promise.all(Array.from({ length: BATCHES_AT_ONCE }, writer));
}

function writesOf(customerId: string, rpRef: string, index: number, hasCredentials: boolean): Write[] {
  const userId = `user-${index}@shop.example`;
  const userHandle = bytesOf(`handle ${userId}`);
  const user = { userId, displayName: null, userHandle, registeredAt: BEGINNING };
  if (!hasCredentials) return [putUser(customerId, rpRef, user)];
  const credential = { rpRef, userHandle, credentialId: bytesOf(`credential ${userId}`) };
  const use = { begin: BEGINNING, end: BEGINNING + 360_000, usedAt: BEGINNING, attempt: 'attempt', counted: true };
  return [
    putUser(customerId, rpRef, { ...user, hasHandleItem: true }),
    putUserHandle(rpRef, userHandle, {
      ...{ userId, registeredAt: BEGINNING, credentials: 1, enabledCredentials: 1, setVersion: 1 },
      ...firstUse(userHandle, use),
    }),
    putCredential(credential, {
      ...NO_USED_CHALLENGES,
      ...{ credentialId: credential.credentialId, userId, publicKey: Buffer.alloc(77), signCount: 0 },
      ...{ backupEligible: true, backedUp: true, userVerified: true, createdAt: BEGINNING, lastUsedAt: null },
      ...{ countedMonth: MONTH, version: 1 },
    }),
    putCredentialInfo(credential, {
      ...{ name: 'Passkey', attributes: null, authenticator: null, algorithm: -7, transports: ['internal'] },
      ...{ discoverable: true, attestation: { format: 'none', type: 'none', trusted: false } },
      ...{ origin: 'https://shop.example', attachment: 'platform' },
    }),
    takeCredentialId(credential, { userHandle }, undefined),
  ];
}

const bytesOf = (text: string): string => createHash('sha256').update(text).digest('base64url');
