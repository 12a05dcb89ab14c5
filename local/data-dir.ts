import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdir, realpath, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Log } from '../functions/domain/services.ts';

/** The data directory belongs to a service that runs. */
export class DataDirInUseError extends Error {
  /** Where that service is. */
  readonly url: string;
  constructor(dataDir: string, url: string) {
    super(`${dataDir} is in use by the service at ${url}.`);
    this.name = 'DataDirInUseError';
    this.url = url;
  }
}

/** Where each thing of a data directory is. */
export function filesOf(dataDir: string) {
  const database = join(dataDir, 'dynamodb.sqlite');
  return {
    database,
    /** All that the engine keeps beside its database. */
    databaseFiles: [database, `${database}-wal`, `${database}-shm`],
    outbox: join(dataDir, 'outbox.jsonl'),
    /** The discarding queue. */
    queue: join(dataDir, 'discarding.json'),
    log: join(dataDir, 'service.log'),
    demo: join(dataDir, 'demo.json'),
  };
}

/**
 * Claims a data directory, made if it is not there, for the service at `url` until this process ends, whatever that dies
 * of: whoever listens on the directory's socket has it. A file with a process ID would outlive a `kill -9` and then
 * name whatever process has that ID next. Gives what ends the claim. Throws `DataDirInUseError`.
 */
export async function claimDataDir(dataDir: string, url: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true });
  // Not in the directory itself: a socket's path takes about 100 characters, and not every file system has sockets.
  const hash = createHash('sha256').update(await realpath(dataDir));
  const path = join(tmpdir(), `fido2-${hash.digest('hex').slice(0, 16)}.sock`);
  const owner = await askOwner(path);
  if (owner !== undefined) throw new DataDirInUseError(dataDir, owner);
  await rm(path, { force: true });
  const server = createServer((socket) => socket.on('error', () => undefined).end(url)).listen(path);
  await once(server, 'listening');
  server.unref();
  return async () => {
    server.close();
    await once(server, 'close');
  };
}

async function askOwner(path: string): Promise<string | undefined> {
  try {
    return await text(createConnection(path));
  } catch {
    return undefined; // nobody listens, though the socket of somebody who was killed may be there
  }
}

/** Opens the file that takes what the functions log in AWS, one JSON line each. `close` answers when all is written. */
export function openLogFile(file: string): { log: Log; close: () => Promise<void> } {
  const stream = createWriteStream(file, { flags: 'a' });
  const line = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    const { error, ...others } = fields ?? {};
    const cause = error instanceof Error ? { error: error.stack } : {};
    stream.write(`${JSON.stringify({ level, message, at: new Date().toISOString(), ...others, ...cause })}\n`);
  };
  return {
    log: { info: line('INFO'), warn: line('WARN'), error: line('ERROR') },
    close: async () => {
      stream.end();
      await once(stream, 'close');
    },
  };
}
