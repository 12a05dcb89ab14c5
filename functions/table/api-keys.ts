import type { Customer } from './customers/customers.ts';
import { apiKeyFinder, apiKeyKey, apiKeysOf, customerKey, rpKey, type FinderKey, type Key } from './keys.ts';
import { find, readItem, readItems, type Consistency } from './engine/reads.ts';
import type { Rp } from './rps.ts';
import type { Table } from './engine/client.ts';
import { absent, exists, type Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';

/** What an RP's server calls with. Its secret half is kept only as SHA-256. */
export interface ApiKey {
  readonly customerId: string;
  readonly rpRef: string;
  readonly keyId: string;
  readonly name: string;
  readonly secretSha256: string;
  readonly createdAt: number;
  /** Written at most hourly; null: not used yet. */
  readonly lastUsedAt: number | null;
}

export function readApiKey(table: Table, keyId: string, consistency: Consistency) {
  return readItem<ApiKey>(table, apiKeyKey(keyId), consistency);
}

/** Whether what a key stands for still does: its customer is active and its RP was not removed. One call. */
export async function readWhetherStanding(
  table: Table,
  { customerId, rpRef }: Pick<ApiKey, 'customerId' | 'rpRef'>,
  consistency: Consistency,
): Promise<boolean> {
  const [customer, rpItem] = await readItems<unknown>(
    table,
    [customerKey(customerId), rpKey(customerId, rpRef)],
    consistency,
  );
  return (
    (customer as Customer | undefined)?.status === 'active' &&
    rpItem !== undefined &&
    (rpItem as Rp).removedAt === undefined
  );
}

/** Reads up to `limit` API keys of an RP behind the one with the ID `after`. A new one shows here a moment later. */
export async function readApiKeysOf(
  table: Table,
  { customerId, id }: { customerId: string; id: string },
  limit: number,
  after: string | undefined,
): Promise<{ apiKeys: ApiKey[]; lastKeyId: string | undefined }> {
  const { found, last } = await find(table, apiKeysOf(customerId, id), {
    limit,
    after: after === undefined ? undefined : { ...apiKeyKey(after), ...apiKeyFinder(customerId, id, after) },
  });
  const apiKeys = await readItems<ApiKey>(table, found, 'strong');
  return { apiKeys: apiKeys.filter((apiKey) => apiKey !== undefined), lastKeyId: last && keyIdIn(last) };
}

const keyIdIn = ({ finderSk }: FinderKey & Key) => finderSk.slice(finderSk.lastIndexOf('#') + 1);

export function putApiKey(apiKey: ApiKey): Write {
  return {
    Put: {
      Item: { ...apiKeyKey(apiKey.keyId), ...apiKeyFinder(apiKey.customerId, apiKey.rpRef, apiKey.keyId), ...apiKey },
      ConditionExpression: absent,
    },
  };
}

/** Records the last use of a key that was not used since `before`. One that was deleted meanwhile stays deleted. */
export async function updateLastUseOfApiKey(table: Table, keyId: string, now: number, before: number): Promise<void> {
  await updateWhile(table, {
    Key: apiKeyKey(keyId),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: `${exists} AND (lastUsedAt = :never OR lastUsedAt <= :before)`,
    ExpressionAttributeValues: { ':now': now, ':never': null, ':before': before },
  });
}

/** Deletes an API key that is its RP's. */
export function deleteApiKey({ customerId, rpRef, keyId }: Pick<ApiKey, 'customerId' | 'rpRef' | 'keyId'>): Write {
  return {
    Delete: {
      Key: apiKeyKey(keyId),
      ConditionExpression: 'customerId = :customerId AND rpRef = :rpRef',
      ExpressionAttributeValues: { ':customerId': customerId, ':rpRef': rpRef },
    },
  };
}
