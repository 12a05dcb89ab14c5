import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createRequire } from 'node:module';
import { createServer } from 'node:net';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** A running DynamoDB-compatible engine. */
export interface Engine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/** The embedded engine comes as an npm package a platform. */
const PACKAGE = `@dynoxide/${process.platform}-${process.arch}`;

/**
 * Runs the engine until our end of its standard input is closed, by us or by the kernel: it must not outlive this process,
 * whatever that one dies of.
 */
const UNTIL_INPUT_ENDS =
  'exec 3<&0; "$@" </dev/null 3<&- & engine=$!; { cat <&3 >/dev/null; kill "$engine" 2>/dev/null; } & wait "$engine"';

/**
 * Starts the embedded engine on a free port of loopback, with its data in a file, or in memory without one. Throws an
 * error that says what to do where there is none for this platform.
 */
export async function startEngine(file?: string): Promise<Engine> {
  const binary = findBinary();
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), ...(file === undefined ? [] : ['--db-path', file])];
  // Detached: Ctrl-C in the terminal is for the service, which ends its engine when it has done what it is at.
  const child = spawn('/bin/sh', ['-c', UNTIL_INPUT_ENDS, 'sh', binary, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints = `${complaints}${text.toString()}`.slice(-2_000)));
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  for (let tries = 0; ; tries += 1) {
    if (child.exitCode !== null || tries > 100) {
      child.stdin.destroy();
      throw new Error(`The embedded DynamoDB engine did not start. It said: ${complaints.trim() || 'nothing'}`);
    }
    if (await answers(endpoint)) break;
    await sleep(50);
  }
  return {
    endpoint,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

function findBinary(): string {
  try {
    return join(dirname(createRequire(import.meta.url).resolve(`${PACKAGE}/package.json`)), 'dynoxide');
  } catch {
    throw new Error(
      [
        `There is no embedded DynamoDB engine for ${process.platform}-${process.arch} (it would be the npm package ${PACKAGE}).`,
        'Name a running DynamoDB instead. With Docker:',
        '',
        '  docker compose up --detach',
        '  DYNAMODB_ENDPOINT=http://127.0.0.1:8000 npm start',
        '',
        'The same variable serves `npm test`.',
      ].join('\n'),
    );
  }
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  }
}

/** Gives a port of loopback that nobody listens on now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
