import { customerAt, isActive } from './customers/customers.ts';
import { apiKeyFinder, apiKeyKey, apiKeysOf, keyIdIn } from './keys.ts';
import type { Table } from './engine/client.ts';
import { absent, exists } from './engine/conditions.ts';
import { find, readItem, readItems, readTogether, type Consistency } from './engine/reads.ts';
import type { Write } from './engine/transaction.ts';
import { updateWhile } from './engine/updates.ts';
import { rpSettingsAt, type StoredRpSettings } from './rp-settings.ts';
import { rpAt, type Rp } from './rps.ts';

/**
 * The type of an API key, and what the service needs to check a proof that a caller has the key. `bearer` and
 * `access-key` keep the SHA-256 of a secret, in attributes with different names, so that no code can take a key of one
 * type for a key of the other. The signature types keep a public key on P-256 (SPKI, base64url).
 */
export type ApiKeyVerifier =
  | {
      readonly type: 'bearer';
      readonly secretSha256: string;
      /**
       * The public key that checks the ceremonies which the RP's server begins with this API key, as base64url.
       * @default - an earlier release has created the API key, and it cannot begin ceremonies
       */
      readonly ceremonyKey?: string;
    }
  | { readonly type: 'access-key'; readonly accessKeySha256: string }
  | { readonly type: 'date-signature' | 'nonce-signature'; readonly publicKey: string };
export type ApiKeyType = ApiKeyVerifier['type'];

/**
 * The API key with which the server of an RP calls the API. The table stores the key's public half, which is the ID of
 * the key, and what the service needs to check the key's secret half.
 */
export type ApiKey = ApiKeyFields & ApiKeyVerifier;
interface ApiKeyFields {
  readonly customerId: string;
  /** The service's own ID of the RP. */
  readonly rpRef: string;
  readonly keyId: string;
  readonly name: string;
  readonly createdAt: number;
  /** The ID of the administrator who created the key. @default - an earlier release created the key */
  readonly createdBy?: string | undefined;
  /** The time of the last use in epoch milliseconds, written at most once per hour; null before the first use. */
  readonly lastUsedAt: number | null;
}

/**
 * The attributes of an API key's item. The item stores `rpRef` in the attribute `rp`, as earlier releases did. Items of
 * earlier releases have no type: their type is `bearer`.
 */
type Stored = Omit<ApiKeyFields, 'rpRef'> & { readonly rp: string; readonly type?: ApiKeyType };
const toStored = ({ rpRef, ...apiKey }: ApiKey): Stored => ({ ...apiKey, rp: rpRef });
const fromStored = ({ rp, ...apiKey }: Stored) => ({ type: 'bearer', ...apiKey, rpRef: rp }) as ApiKey;

/** Reads an API key. Returns undefined when the key does not exist. */
export async function readApiKey(table: Table, keyId: string, consistency: Consistency): Promise<ApiKey | undefined> {
  const stored = await readItem<Stored>(table, apiKeyKey(keyId), consistency);
  return stored && fromStored(stored);
}

/**
 * Returns the RP of an API key, and the settings of the RP if somebody has changed them. Returns undefined when the API
 * key may not be used any more: the key's customer is not active, or the key's RP is removed. Reads all items with one
 * call to DynamoDB.
 */
export async function readStandingRp(
  table: Table,
  { customerId, rpRef }: Pick<ApiKey, 'customerId' | 'rpRef'>,
  consistency: Consistency,
): Promise<{ rp: Rp; stored: StoredRpSettings | undefined } | undefined> {
  const keys = [customerAt(customerId), rpAt(customerId, rpRef), rpSettingsAt(customerId, rpRef)] as const;
  const [customer, rp, stored] = await readTogether(table, keys, consistency);
  return isActive(customer) && rp ? { rp, stored } : undefined;
}

/**
 * Reads up to `limit` API keys of an RP, sorted by ID, beginning after the ID `after`. Also returns the ID after which
 * the next page begins; this ID is undefined on the last page. May miss an API key that was created just before the
 * call, because reads of the finder (our GSI) are eventually consistent. With eventually consistent reads of the API
 * keys themselves, may also return an API key that was deleted just before the call.
 */
export async function readApiKeysOf(
  table: Table,
  { customerId, id }: { customerId: string; id: string },
  limit: number,
  after: string | undefined,
  consistency: Consistency,
): Promise<{ apiKeys: ApiKey[]; lastKeyId: string | undefined }> {
  const { found, last } = await find(table, apiKeysOf(customerId, id), {
    limit,
    after: after === undefined ? undefined : { ...apiKeyKey(after), ...apiKeyFinder(customerId, id, after) },
  });
  const stored = await readItems<Stored>(table, found, consistency);
  const apiKeys = stored.filter((apiKey) => apiKey !== undefined).map(fromStored);
  return { apiKeys, lastKeyId: last && keyIdIn(last) };
}

/** Creates an API key; fails when an API key with the same ID exists. */
export function putApiKey(apiKey: ApiKey): Write<Stored> {
  const { customerId, rpRef, keyId } = apiKey;
  return {
    Put: {
      Item: { ...apiKeyKey(keyId), ...apiKeyFinder(customerId, rpRef, keyId), ...toStored(apiKey) },
      ConditionExpression: absent,
    },
  };
}

/**
 * Records a use of an API key at `now`, unless a use after `before` is already recorded. Does not recreate an API key
 * that was deleted.
 */
export async function updateLastUseOfApiKey(table: Table, keyId: string, now: number, before: number): Promise<void> {
  await updateWhile(table, {
    Key: apiKeyKey(keyId),
    UpdateExpression: 'SET lastUsedAt = :now',
    ConditionExpression: `${exists} AND (lastUsedAt = :never OR lastUsedAt <= :before)`,
    ExpressionAttributeValues: { ':now': now, ':never': null, ':before': before },
  });
}

/** Deletes an API key; fails when the key does not belong to the customer and the RP. */
export function deleteApiKey(apiKey: Pick<ApiKey, 'customerId' | 'rpRef' | 'keyId'>): Write<Stored> {
  const { customerId, rpRef, keyId } = apiKey;
  return {
    Delete: {
      Key: apiKeyKey(keyId),
      ConditionExpression: 'customerId = :customerId AND rp = :rp',
      ExpressionAttributeValues: { ':customerId': customerId, ':rp': rpRef },
    },
  };
}
