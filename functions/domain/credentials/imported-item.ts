import { createHash } from 'node:crypto';
import { fieldError, type FieldError } from '../../contract/errors/field-errors.ts';
import type { ImportItem } from '../../contract/moving-credentials.ts';
import { InvalidInputError } from '../errors.ts';
import { ALGORITHMS } from '../webauthn/algorithms.ts';
import { coseOf } from '../webauthn/cose-of.ts';
import { checkPublicKey, refuseLooseEncoding } from '../webauthn/public-key.ts';
import { unlessRefused } from '../webauthn/refusal.ts';
import { spkiOf } from '../webauthn/spki.ts';

type Given = NonNullable<ImportItem['credential']>;

/** A credential that is to be imported. `at` is the pointer to it in the request. */
export interface ImportedCredential {
  readonly at: string;
  readonly given: Given;
  /** The public key in COSE form. */
  readonly publicKey: Uint8Array;
  /** The public key as SubjectPublicKeyInfo, in base64url. */
  readonly spki: string;
  readonly algorithm: number;
  /** A hash of everything that the request says about the credential, and of the user's ID and handle. */
  readonly digest: string;
}

/** A user who is to be imported, with credentials. `at` is the pointer to the user in the request. */
export interface ImportedUser {
  readonly at: string;
  readonly given: ImportItem['user'];
  readonly credentials: readonly ImportedCredential[];
}

/**
 * The maximum number of distinct users and credentials in a request. A transaction of DynamoDB has at most 100 actions:
 * three for each new user (user, name, user handle), three for each credential (both of its parts, credential ID), and
 * the two counts.
 */
const MAX_USERS_AND_CREDENTIALS = 32;

/**
 * Groups the items of an import by user. Throws `InvalidInputError`, with a pointer to each wrong field, for a public
 * key that no credential may have, for items that contradict each other, and for more users and credentials than one
 * transaction can store.
 */
export function readImport(items: readonly ImportItem[]): ImportedUser[] {
  const errors: FieldError[] = [];
  const users = new Map<string, { at: string; given: ImportItem['user']; credentials: ImportedCredential[] }>();
  const handles = new Map<string, string>();
  const ids = new Set<string>();
  items.forEach(({ user, credential }, index) => {
    const at = `#/items/${index}`;
    const known = users.get(user.userId) ?? { at: `${at}/user`, given: user, credentials: [] };
    users.set(user.userId, known);
    if (JSON.stringify(known.given) !== JSON.stringify(user)) {
      errors.push(fieldError(`${at}/user`, 'not-the-same-user'));
    }
    if (user.userHandle !== null) {
      const owner = handles.get(user.userHandle) ?? user.userId;
      handles.set(user.userHandle, owner);
      if (owner !== user.userId) errors.push(fieldError(`${at}/user/userHandle`, 'duplicate'));
    }
    if (credential) {
      if (ids.has(credential.id)) errors.push(fieldError(`${at}/credential/id`, 'duplicate'));
      ids.add(credential.id);
      const key = readKey(`${at}/credential`, credential);
      if (key.errors) errors.push(...key.errors);
      else {
        const { spki } = key;
        const digest = digestOf(user, credential, spki);
        known.credentials.push({ at: `${at}/credential`, given: credential, ...key, digest });
      }
    }
    if (users.size + ids.size > MAX_USERS_AND_CREDENTIALS && errors.length === 0) {
      errors.push(fieldError('#/items', 'too-many', { max: index }));
    }
  });
  if (errors.length > 0) throw new InvalidInputError(errors.slice(0, MAX_ERRORS));
  return [...users.values()];
}

/** The maximum number of field errors in a response, as for the errors of the schemas. */
const MAX_ERRORS = 20;

type ReadKey = Pick<ImportedCredential, 'publicKey' | 'spki' | 'algorithm'>;

/** Returns the public key of a credential, or the errors in the fields that contain it. */
function readKey(
  at: string,
  { publicKey: spki, cosePublicKey, algorithm }: Given,
): (ReadKey & { readonly errors?: undefined }) | { readonly errors: readonly FieldError[] } {
  const fromSpki = spki === undefined ? undefined : unlessRefused(() => coseOf(spki));
  const fromCose =
    cosePublicKey === undefined ? undefined : unlessRefused(() => checked(Buffer.from(cosePublicKey, 'base64url')));
  const publicKey = fromCose ?? fromSpki;
  const isSpkiWrong = spki !== undefined && !fromSpki;
  const isCoseWrong = cosePublicKey !== undefined && !fromCose;
  if (!publicKey || isSpkiWrong || isCoseWrong) {
    return {
      errors: [
        ...(isSpkiWrong ? [fieldError(`${at}/publicKey`, 'not-a-public-key')] : []),
        ...(isCoseWrong ? [fieldError(`${at}/cosePublicKey`, 'not-a-public-key')] : []),
      ],
    };
  }
  const ownSpki = spkiOf(publicKey);
  if (spki !== undefined && spki !== ownSpki)
    return { errors: [fieldError(`${at}/cosePublicKey`, 'not-the-same-key')] };
  const own = checkPublicKey(publicKey, ALGORITHMS).algorithm;
  if (algorithm !== undefined && algorithm !== own) {
    return { errors: [fieldError(`${at}/algorithm`, 'not-the-algorithm', { algorithm: own })] };
  }
  return { publicKey, spki: ownSpki, algorithm: own };
}

/** Returns a public key in COSE form after the checks of a registration. */
function checked(publicKey: Uint8Array): Uint8Array {
  checkPublicKey(publicKey, ALGORITHMS);
  refuseLooseEncoding(publicKey);
  return publicKey;
}

/** 128 bits of a SHA-256, because nobody gains anything by finding two imports with the same hash. */
function digestOf(user: ImportItem['user'], credential: Given, spki: string): string {
  const { publicKey: _, cosePublicKey: __, algorithm: ___, ...rest } = credential;
  const content = JSON.stringify([user.userId, user.userHandle, spki, Object.entries(rest).toSorted(byName)]);
  return createHash('sha256').update(content).digest().subarray(0, 16).toString('base64url');
}
const byName = ([a]: readonly [string, unknown], [b]: readonly [string, unknown]) => (a < b ? -1 : 1);
