import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkEngine } from './check-engine.ts';
import { findEngineBinary, INSTALL_ENGINE, type EngineBinary } from './engine-binary.ts';

/** A running DynamoDB-compatible engine. */
export interface Engine {
  readonly endpoint: string;
  stop(): Promise<void>;
}

/**
 * The shell script that runs the engine until the script's standard input closes. The kernel closes this input when
 * the Node.js process that started the script dies, so the engine never outlives the Node.js process. Only the current
 * user can read the files that the engine creates.
 */
const UNTIL_INPUT_ENDS =
  'umask 077; exec 3<&0; "$@" </dev/null 3<&- & engine=$!; { cat <&3 >/dev/null; kill "$engine" 2>/dev/null; } & wait "$engine"';

/**
 * Starts the embedded DynamoDB engine on a free port of the loopback address. `file` is the path of the file that
 * stores the engine's data; without `file`, the engine stores data only in memory. If there is no engine on this
 * machine, or if the engine does not start, throws an error that says what to do. Throws too if the program is not the
 * one with which the tests of this project run, and differs from it in a way that the service relies on.
 * @default binary - the program that `findEngineBinary` finds
 */
export async function startEngine(file?: string, binary = findEngineBinary()): Promise<Engine> {
  if (!binary.isLocked) await refuseDifferent(binary);
  return run(binary, file);
}

/** Starts a second engine without a file, and throws if the engine differs from what the service relies on. */
async function refuseDifferent(binary: EngineBinary): Promise<void> {
  const engine = await run(binary);
  try {
    const differences = await checkEngine(engine.endpoint);
    if (differences.length === 0) return;
    throw new Error(
      [
        `The embedded DynamoDB engine (${binary.source}) does not do what this project needs:`,
        ...differences.map((difference) => `- ${difference}`),
        `Install the version with which this project is tested: ${INSTALL_ENGINE}`,
      ].join('\n'),
    );
  } finally {
    await engine.stop();
  }
}

/** How long the engine may take to answer, in milliseconds. It takes 0.1 s, but far longer on a busy machine. */
const PATIENCE = 60_000;

async function run({ path, source }: EngineBinary, file?: string): Promise<Engine> {
  const port = await freePort();
  const args = ['--host', '127.0.0.1', '--port', String(port), ...(file === undefined ? [] : ['--db-path', file])];
  // The engine runs as a detached process, because Ctrl-C in the terminal must reach only the service. The service
  // stops the engine when the current work of the service is done.
  const child = spawn('/bin/sh', ['-c', UNTIL_INPUT_ENDS, 'sh', path, ...args], {
    stdio: ['pipe', 'ignore', 'pipe'],
    detached: true,
  });
  let complaints = '';
  child.stderr.on('data', (text: Buffer) => (complaints = `${complaints}${text.toString()}`.slice(-2_000)));
  const ended = once(child, 'exit');
  const endpoint = `http://127.0.0.1:${port}`;
  const giveUpAt = performance.now() + PATIENCE;
  for (;;) {
    if (child.exitCode !== null || performance.now() > giveUpAt) {
      child.stdin.destroy();
      throw new Error(
        `The embedded DynamoDB engine (${source}) did not start. Its error output: ${complaints.trim() || 'none'}`,
      );
    }
    if (await answers(endpoint)) break;
    await sleep(10);
  }
  return {
    endpoint,
    async stop() {
      child.stdin.end();
      await ended;
    },
  };
}

async function answers(endpoint: string): Promise<boolean> {
  try {
    await fetch(endpoint, { signal: AbortSignal.timeout(1_000) });
    return true;
  } catch {
    return false;
  }
}

/** Returns a TCP port that is free on the loopback interface. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, 'close');
  return port;
}
