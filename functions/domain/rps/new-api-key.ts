import { generateKeyPairSync } from 'node:crypto';
import type { ApiKeyType, ApiKeyVerifier } from '../../table/api-keys.ts';
import { ceremonyKeyOf } from './ceremony-key.ts';
import { newAccessKey, newApiKey, newId } from '../ids.ts';

/** A new API key: its ID, what the service stores to check it, and what only the response to its creation contains. */
export interface NewApiKey {
  readonly keyId: string;
  readonly verifier: ApiKeyVerifier;
  readonly shownOnce:
    | { readonly type: 'bearer'; readonly apiKey: string }
    | { readonly type: Exclude<ApiKeyType, 'bearer'>; readonly apiAuthId: string; readonly secretKey: string };
}

/**
 * Creates an API key of a type. For a signature type, creates a key pair on P-256. The private key leaves the process
 * only in the response.
 */
export function newApiKeyOf(type: ApiKeyType): NewApiKey {
  if (type === 'bearer') {
    const { keyId, apiKey, secret, secretSha256 } = newApiKey();
    return { keyId, verifier: { type, secretSha256, ceremonyKey: ceremonyKeyOf(secret) }, shownOnce: { type, apiKey } };
  }
  const keyId = newId('key');
  if (type === 'access-key') {
    const { secretKey, accessKeySha256 } = newAccessKey();
    return { keyId, verifier: { type, accessKeySha256 }, shownOnce: { type, apiAuthId: keyId, secretKey } };
  }
  const { publicKey, privateKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
    publicKeyEncoding: { type: 'spki', format: 'der' },
    privateKeyEncoding: { type: 'pkcs8', format: 'der' },
  });
  return {
    keyId,
    verifier: { type, publicKey: publicKey.toString('base64url') },
    shownOnce: { type, apiAuthId: keyId, secretKey: privateKey.toString('base64url') },
  };
}
