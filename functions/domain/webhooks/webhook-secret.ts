import { createCipheriv, createDecipheriv, createHmac, hkdfSync, randomBytes } from 'node:crypto';
import type { Webhook } from '../../table/webhooks/webhooks.ts';
import type { StageSecrets } from '../fido2/sealing/ceremony-secrets.ts';

/**
 * The secret of a webhook is 32 random bytes. The table contains it only in this form:
 *
 *     nonce (12 bytes) · ciphertext · tag (16 bytes)
 *
 * AES-256-GCM seals it. HKDF derives the sealing key from a secret of the stage and the customer's ID. The IDs of the
 * customer and of the webhook are authenticated. So nobody can sign an event with a copy of the table, and a secret
 * that was copied to the item of another customer cannot be opened.
 */
const FORMAT = 1;
const SECRET_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

type Owner = Pick<Webhook, 'customerId' | 'webhookId'>;

const sealingKeyOf = (secret: Uint8Array, { customerId }: Owner) =>
  new Uint8Array(hkdfSync('sha256', secret, '', `webhook secret ${FORMAT} ${customerId}`, 32));
const authenticatedData = ({ customerId, webhookId }: Owner) => Buffer.from(`${customerId} ${webhookId}`);

/** Creates a secret. */
export const newWebhookSecret = (): Uint8Array => randomBytes(SECRET_BYTES);

/** Returns a secret as the customer gets it, in the form of the Standard Webhooks specification. */
export const shownSecret = (secret: Uint8Array): string => `whsec_${Buffer.from(secret).toString('base64')}`;

/** Returns a secret as the table stores it. */
export function sealWebhookSecret(stageSecret: Uint8Array, owner: Owner, secret: Uint8Array): Uint8Array {
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv('aes-256-gcm', sealingKeyOf(stageSecret, owner), nonce);
  cipher.setAAD(authenticatedData(owner));
  return Buffer.concat([nonce, cipher.update(secret), cipher.final(), cipher.getAuthTag()]);
}

/**
 * Opens a sealed secret with the first of the stage's secrets that fits. Returns undefined if none does. `isNewest`
 * says whether the newest secret of the stage sealed it.
 */
export function openWebhookSecret(
  stageSecrets: StageSecrets,
  owner: Owner,
  sealed: Uint8Array,
): { secret: Uint8Array; isNewest: boolean } | undefined {
  if (sealed.length <= NONCE_BYTES + TAG_BYTES) return undefined;
  for (const [index, stageSecret] of stageSecrets.entries()) {
    const nonce = sealed.subarray(0, NONCE_BYTES);
    const key = sealingKeyOf(stageSecret, owner);
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    decipher.setAAD(authenticatedData(owner));
    decipher.setAuthTag(sealed.subarray(-TAG_BYTES));
    try {
      const secret = Buffer.concat([decipher.update(sealed.subarray(NONCE_BYTES, -TAG_BYTES)), decipher.final()]);
      return { secret, isNewest: index === 0 };
    } catch {
      // Another secret of the stage may have sealed it.
    }
  }
  return undefined;
}

/**
 * Returns the header `webhook-signature` of the Standard Webhooks specification: a signature with each of the secrets,
 * separated by spaces. `timestamp` is in epoch seconds.
 */
export const signaturesOf = (secrets: readonly Uint8Array[], id: string, timestamp: number, body: string): string =>
  secrets
    .map((secret) => `v1,${createHmac('sha256', secret).update(`${id}.${timestamp}.${body}`).digest('base64')}`)
    .join(' ');
