/** The parts of an API key. */
export interface ApiKeyParts {
  /** The ID of the key without `key_`: 20 characters. */
  readonly keyId: string;
  /** The secret part of the key: 43 characters. */
  readonly secret: string;
}

/** Returns the parts of an API key. Throws `TypeError`, without the key, if the text is not an API key. */
export function partsOfApiKey(apiKey: string): ApiKeyParts {
  const [, keyId, secret] = /^fido2_([0-9a-z]{20})_([\w-]{43})$/.exec(apiKey) ?? [];
  if (keyId === undefined || secret === undefined) {
    throw new TypeError('The option apiKey is not an API key. An API key begins with fido2_; copy all of it.');
  }
  return { keyId, secret };
}
