import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { isoCBOR } from '@simplewebauthn/server/helpers';
import { coseKey, type SoftPasskey } from '../../test/support/fido2/authenticator.ts';
import { forkServer, type ForkedServer } from './forked-server.ts';

/**
 * Servers of a single RP with a SQLite database, without API keys, limits, logs and counting. `SimpleWebAuthn` is what
 * a developer writes with that library in an afternoon. `floor` is the least that a sign-in can be: two requests, one
 * verification of an ES256 signature, and one write. They are measured beside the service, because the same work takes
 * twice as long on one machine as on another.
 */
export const BARE_SERVERS = ['SimpleWebAuthn', 'floor'] as const;
export type BareServer = (typeof BARE_SERVERS)[number];

/** Starts a bare server in a process of its own, with a new database in `folder` that contains the `passkeys`. */
export async function forkBareServer(
  kind: BareServer,
  folder: string,
  origin: string,
  passkeys: readonly SoftPasskey[],
): Promise<ForkedServer> {
  const file = join(folder, `${kind}.sqlite`);
  const database = new DatabaseSync(file);
  database.exec(`
    PRAGMA journal_mode = WAL;
    CREATE TABLE passkey (id TEXT PRIMARY KEY, cose BLOB, spki BLOB, sign_count INTEGER);
    CREATE TABLE challenge (challenge TEXT PRIMARY KEY);
  `);
  const insert = database.prepare('INSERT INTO passkey VALUES (?, ?, ?, ?)');
  for (const passkey of passkeys) {
    const spki = passkey.publicKey.export({ format: 'der', type: 'spki' });
    insert.run(passkey.credentialId.toString('base64url'), isoCBOR.encode(coseKey(passkey)), spki, passkey.signCount);
  }
  database.close();
  return forkServer('bare-server-process.ts', [kind, file, new URL(origin).hostname, origin]);
}
