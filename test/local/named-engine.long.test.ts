import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { getCustomerContract } from '../../functions/contract/customers.ts';
import { createdBearerKey, registerRpContract } from '../../functions/contract/rps.ts';
import { createSessionContract } from '../../functions/contract/sessions.ts';
import { freePort, startEngine, type Engine } from '../../local/aws/engine.ts';
import { childEnvironment } from '../support/child-processes.ts';

// `DYNAMODB_ENDPOINT` names an engine that the service did not start, such as DynamoDB Local in Docker. No engine but
// the embedded one can run here, so the engine of these tests is that one, started by the test.
let engine: Engine;
let dataDir: string;
let port: number;
/** Stop the services of a test. */
const stops: (() => Promise<void>)[] = [];
beforeEach(async () => {
  engine = await startEngine();
  dataDir = await mkdtemp(join(tmpdir(), 'named-engine-'));
  port = await freePort();
});
afterEach(async () => {
  for (const stop of stops.splice(0)) await stop();
  await engine.stop();
  await rm(dataDir, { recursive: true });
});

/** Starts the program that `npm start` runs, with the engine of the test and without demo customers. */
function start() {
  const child = spawn(process.execPath, ['local/main.ts'], {
    env: childEnvironment({
      PORT: String(port),
      DATA_DIR: dataDir,
      DYNAMODB_ENDPOINT: engine.endpoint,
      DEMO: 'off',
      SHOP: 'off',
    }),
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  const stop = async () => {
    child.kill('SIGTERM');
    await ended;
  };
  stops.push(stop);
  return {
    stop,
    /** Resolves as soon as the service responds. */
    async running() {
      const end = ended.then((exitCode) => {
        throw new Error(`The program ended with exit code ${exitCode}: ${stderr}`);
      });
      const responds = () =>
        fetch(`http://localhost:${port}/v1/health`).then(
          ({ ok }) => ok,
          () => false,
        );
      while (!(await responds())) await Promise.race([sleep(100), end]);
    },
    /** Resolves with the exit code and the errors that the program printed. */
    ended: async () => ({ exitCode: await ended, stderr }),
  };
}

async function send(request: string, { as, ...body }: { as?: string; [name: string]: unknown } = {}) {
  const [method = '', path = ''] = request.split(' ');
  const response = await fetch(`http://localhost:${port}${path}`, {
    method,
    headers: { 'content-type': 'application/json', ...(as !== undefined && { authorization: `Bearer ${as}` }) },
    ...(method !== 'GET' && { body: JSON.stringify(body) }),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${request} answered ${response.status} ${text}`);
  return text === '' ? undefined : (JSON.parse(text) as unknown);
}

/** Returns the newest e-mail to an address. The service has handled all writes to the table before. */
async function mailTo(email: string): Promise<string> {
  await send('POST /_local/streams/drain');
  const mails = (await send(`GET /_local/mail?to=${encodeURIComponent(email)}`)) as { text: string }[];
  return mails.at(-1)?.text ?? '';
}

const mauOf = async (session: string) =>
  getCustomerContract.answer.body.parse(await send('GET /v1/customer', { as: session })).license.mauThisMonth;

it('the service keeps its data in the engine that DYNAMODB_ENDPOINT names', { timeout: 120_000 }, async () => {
  const email = 'alice@example.com';
  const first = start();
  await first.running();

  // The e-mail with the link goes through the stream.
  await send('POST /v1/customers', { customer: { name: 'Example' }, representative: { name: 'Alice', email } });
  const token = /#token=(lnk_[\w-]{43})$/m.exec(await mailTo(email))?.[1];
  const signedIn = await send('POST /v1/sessions', { token });
  const { sessionToken: session } = createSessionContract.answer.body.parse(signedIn);
  const registered = await send('POST /v1/rps', { as: session, rpId: 'shop.example.com', name: 'Shop' });
  const { id } = registerRpContract.answer.body.parse(registered);
  const { apiKey } = createdBearerKey.parse(await send(`POST /v1/rps/${id}/api-keys`, { as: session, name: 'Key' }));
  await send('POST /v1/rp/users', { as: apiKey, users: [{ userId: 'user-1' }, { userId: 'user-2' }] });
  const operations = ['user-1', 'user-2', 'user-1'].map((userId) => ({ userId, type: 'authentication' }));
  expect(await send('POST /v1/rp/operations', { as: apiKey, operations })).toMatchObject({
    results: [{ status: 'counted' }, { status: 'counted' }, { status: 'already-counted' }],
  });
  // The aggregator counts what the stream delivers.
  await send('POST /_local/streams/drain');
  expect(await mauOf(session)).toBe(2);

  // The data directory has no database, so only the engine can have kept the data.
  await first.stop();
  expect((await readdir(dataDir)).filter((file) => file.startsWith('dynamodb'))).toEqual([]);
  const second = start();
  await second.running();
  expect(await mauOf(session)).toBe(2);
  const again = [{ userId: 'user-1', type: 'authentication' }];
  expect(await send('POST /v1/rp/operations', { as: apiKey, operations: again })).toMatchObject({
    results: [{ status: 'already-counted' }],
  });
});

it('the service does not start without the engine that DYNAMODB_ENDPOINT names', { timeout: 60_000 }, async () => {
  await engine.stop();

  const { exitCode, stderr } = await start().ended();

  expect(exitCode).toBe(1);
  expect(stderr).toContain(`No DynamoDB responds at DYNAMODB_ENDPOINT, ${engine.endpoint}.`);
});
