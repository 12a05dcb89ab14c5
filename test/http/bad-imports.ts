import { generateKeyPairSync } from 'node:crypto';
import { TAKEN_HANDLE } from './bad-ceremonies.ts';
import type { BadRequests } from './bad-requests.ts';

/** Bad requests on the routes that import and export credentials. */

const newKey = (namedCurve = 'P-256') =>
  generateKeyPairSync('ec', { namedCurve }).publicKey.export({ type: 'spki', format: 'der' }).toString('base64url');
const KEY = newKey();
const OTHER_KEY_IN_COSE = (() => {
  const { x = '', y = '' } = generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey.export({ format: 'jwk' });
  const [head, middle] = [Buffer.from('a5010203262001215820', 'hex'), Buffer.from('225820', 'hex')];
  const coordinates = [x, y].map((text) => Buffer.from(text, 'base64url'));
  return Buffer.concat([head, coordinates[0] ?? head, middle, coordinates[1] ?? head]).toString('base64url');
})();

const item = (credential: object | null = {}, user: object = {}) => ({
  user: { userId: 'moved', userHandle: 'bW92ZWQ', ...user },
  credential: credential && { id: 'bW92ZWQ', publicKey: KEY, ...credential },
});
const items = (...all: object[]) => ({ body: { items: all } });
const one = (credential: object | null, user: object = {}) => items(item(credential, user));

// prettier-ignore
export const ofMoving: BadRequests = {
  'POST /v1/rp/credentials/import': [
    ['nothing', { body: {} }, '#/items: required'],
    ['no item', items(), '#/items: too-few'],
    ['26 items', items(...Array.from({ length: 26 }, () => item())), '#/items: too-many'],
    ['17 users with credentials', items(...Array.from({ length: 17 }, (_, index) => {
      const id = Buffer.from([index, 0, 0]).toString('base64url');
      return item({ id }, { userId: `moved-${index}`, userHandle: id });
    })), '#/items: too-many'],
    ['no user', items({ credential: null }), '#/items/0/user: required'],
    ['no credential', items({ user: { userId: 'moved' } }), '#/items/0/credential: required'],
    ['a credential without a user handle', one({}, { userHandle: null }), '#/items/0/user/userHandle: required'],
    ['the handle of another user', one({}, { userHandle: TAKEN_HANDLE }), 'already-exists', '#/items/0/user/userHandle: user-handle-taken'],
    ['another handle of a user', one({}, { userId: 'user-4' }), 'already-exists', '#/items/0/user/userHandle: not-the-user-handle'],
    ['two different users with an ID', items(item(), item(null, { displayName: 'Other' })), '#/items/1/user: not-the-same-user'],
    ['a handle of two users', items(item(), item(null, { userId: 'moved-2' })), '#/items/1/user/userHandle: duplicate'],
    ['a credential twice', items(item(), item()), '#/items/1/credential/id: duplicate'],
    ['a taken credential ID', one({ id: '{credential}' }), 'already-exists', '#/items/0/credential/id: credential-id-taken'],
    ['a key under two IDs', items(item(), item({ id: 'AAAA' })), 'already-exists', '#/items/1/credential/publicKey: public-key-taken'],
    ['21 credentials of a user', items(...Array.from({ length: 21 }, (_, index) => item({ id: Buffer.from([index, 0, 0]).toString('base64url'), publicKey: newKey() }))), 'too-many-credentials', '#/items/20/credential: too-many-credentials'],
    ['no key', one({ publicKey: undefined }), '#/items/0/credential: at-least-one-required'],
    ['a key on another curve', one({ publicKey: newKey('secp256k1') }), '#/items/0/credential/publicKey: not-a-public-key'],
    ['a key that is none', one({ publicKey: undefined, cosePublicKey: 'AAAA' }), '#/items/0/credential/cosePublicKey: not-a-public-key'],
    ['two keys', one({ cosePublicKey: OTHER_KEY_IN_COSE }), '#/items/0/credential/cosePublicKey: not-the-same-key'],
    ['another algorithm', one({ algorithm: -8 }), '#/items/0/credential/algorithm: not-the-algorithm'],
    ['a negative sign count', one({ signCount: -1 }), '#/items/0/credential/signCount: too-small'],
    ['a backup that is not possible', one({ backedUp: true, backupEligible: null }), '#/items/0/credential/backedUp: not-backup-eligible'],
    ['an AAGUID in base64url', one({ aaguid: 'AAAAAAAAAAAAAAAAAAAAAA' }), '#/items/0/credential/aaguid: not-an-aaguid'],
    ['a time without an offset', one({ createdAt: '2026-01-02T03:04:05' }), '#/items/0/credential/createdAt: not-a-time'],
    ['21 transports', one({ transports: Array(21).fill('usb') }), '#/items/0/credential/transports: too-many'],
  ],
  'GET /v1/rp/credentials/export?limit=0': [['a limit of 0', {}, '#/limit: too-small']],
  'GET /v1/rp/credentials/export?cursor=IyMj': [['a cursor that the service never returned', {}, '#/cursor: not-a-cursor']],
};
