import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { chmod, mkdir, readdir, realpath, rm } from 'node:fs/promises';
import { createConnection, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { Log } from '../functions/domain/services.ts';

/** The error for a data directory that another running service uses. */
export class DataDirInUseError extends Error {
  /** The URL of the running service. */
  readonly url: string;
  constructor(dataDir: string, url: string) {
    super(`${dataDir} is in use by the service at ${url}.`);
    this.name = 'DataDirInUseError';
    this.url = url;
  }
}

/** Returns the paths of the files in a data directory. */
export function filesOf(dataDir: string) {
  const database = join(dataDir, 'dynamodb.sqlite');
  return {
    database,
    /** The database file, and the files that the embedded DynamoDB engine creates beside this file. */
    databaseFiles: [database, `${database}-wal`, `${database}-shm`],
    outbox: join(dataDir, 'outbox.jsonl'),
    /** The queue of data to discard. */
    queue: join(dataDir, 'discarding.json'),
    log: join(dataDir, 'service.log'),
    demo: join(dataDir, 'demo.json'),
    /** The secret of the stage, from which the keys that seal ceremonies are derived. */
    stageSecret: join(dataDir, 'stage-secret'),
    /** The passkeys of the authenticator that `npm run authenticator` plays. */
    authenticator: join(dataDir, 'authenticator.json'),
  };
}

/**
 * Claims a data directory for the service at `url`, and creates the directory if it does not exist. Each directory has
 * a Unix socket. The process that listens on this socket owns the claim, so the claim ends with the process, even after
 * `kill -9`. A file that contains the process ID would be a worse claim: the file would remain after the process dies,
 * and an unrelated process could later get the same process ID. Returns a function that ends the claim. Throws
 * `DataDirInUseError` if another service owns the directory.
 */
export async function claimDataDir(dataDir: string, url: string): Promise<() => Promise<void>> {
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  // The socket is outside the directory: a socket's path is limited to about 100 characters, and some file systems do
  // not support sockets.
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

/**
 * Lets only the current user of the machine read the data directory and its files, because they contain tokens that
 * sign people in. An earlier release created these files readable for everybody. If the directory also contains files
 * of other programs, does not change the directory itself or the other files. Some file systems have no modes, or let
 * only another user change them. The service starts all the same, and the log gets one warning.
 */
export async function hideFromOthers(dataDir: string, log: Pick<Log, 'warn'>, setMode = chmod): Promise<void> {
  const { databaseFiles, outbox, queue, log: logFile, demo, stageSecret, authenticator } = filesOf(dataDir);
  const replaced = [queue, stageSecret, authenticator].flatMap((file) => [file, `${file}.new`]);
  const ours = new Set([...databaseFiles, outbox, ...replaced, logFile, demo].map((file) => basename(file)));
  const found = await readdir(dataDir);
  const changes = found.filter((file) => ours.has(file)).map((file) => setMode(join(dataDir, file), 0o600));
  if (changes.length === found.length) changes.push(setMode(dataDir, 0o700));
  const refusals = await Promise.all(changes.map(refusalOf));
  const reason = refusals.find((refusal) => refusal !== undefined);
  if (reason !== undefined) {
    log.warn('the file modes cannot be changed; other users may be able to read the data', { dataDir, reason });
  }
}

/** Returns the error code with which a file system refused to change a mode, or undefined if it changed the mode. */
async function refusalOf(change: Promise<void>): Promise<string | undefined> {
  try {
    await change;
    return undefined;
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== undefined && ['EPERM', 'ENOTSUP', 'EINVAL'].includes(code)) return code;
    throw error;
  }
}

async function askOwner(path: string): Promise<string | undefined> {
  try {
    return await text(createConnection(path));
  } catch {
    return undefined; // no process listens, although a killed process may have left the socket
  }
}

/** Opens the log file. Each log entry is a line of JSON. `close` resolves when all entries are written. */
export function openLogFile(file: string): { log: Log; close: () => Promise<void> } {
  const stream = createWriteStream(file, { flags: 'a', mode: 0o600 });
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
