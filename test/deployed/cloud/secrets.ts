import { randomInt } from 'node:crypto';

const LETTERS_AND_DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const PUNCTUATION = '!"#$%&\'()*+,-./:;<=>?@[\\]^_`{|}~';

/**
 * Generates the value of a secret as the property `GenerateSecretString` says. Throws if the property is missing or has
 * a part that is not implemented here. @default PasswordLength - 32 (AWS::SecretsManager::Secret GenerateSecretString)
 */
export function generateSecret(property: unknown): string {
  const {
    PasswordLength = 32,
    ExcludePunctuation = false,
    ...others
  } = (property ?? { none: true }) as Record<string, unknown>;
  if (Object.keys(others).length > 0) throw new Error(`A secret cannot be generated from ${JSON.stringify(property)}.`);
  const characters = ExcludePunctuation === true ? LETTERS_AND_DIGITS : `${LETTERS_AND_DIGITS}${PUNCTUATION}`;
  return Array.from({ length: Number(PasswordLength) }, () => characters[randomInt(characters.length)]).join('');
}

/** The versions of a secret: the current value, and the one before if the secret was rotated. */
export interface SecretVersions {
  readonly AWSCURRENT: string;
  readonly AWSPREVIOUS?: string;
}
