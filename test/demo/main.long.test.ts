import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../../local/aws/engine.ts';
import { childEnvironment } from '../support/child-processes.ts';

type Started = ReturnType<typeof start>;

/** Starts the program that `npm start` runs, in a new process. */
function start(settings: Readonly<Record<string, string | number>>) {
  const child = spawn(process.execPath, ['local/main.ts'], {
    env: childEnvironment({
      DEMO: 'off',
      ...Object.fromEntries(Object.entries(settings).map(([name, value]) => [name, String(value)])),
    }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text: Buffer) => (stdout += text.toString()));
  child.stderr.on('data', (text: Buffer) => (stderr += text.toString()));
  const ended = once(child, 'close').then(([exitCode]) => exitCode as number | null);
  return {
    child,
    /** Resolves with the exit code when the program has ended. */
    ended,
    stderr: () => stderr,
    /** Resolves with the output as soon as the service runs. */
    async running(): Promise<string> {
      const end = ended.then((exitCode) => {
        throw new Error(`The program ended with exit code ${exitCode}: ${stderr}`);
      });
      while (!/runs at [^]*\n *curl .*\n$/.test(stdout)) await Promise.race([sleep(50), end]);
      return stdout;
    },
  };
}

/** Returns the command lines of all processes whose arguments contain the given text. */
async function processesWith(argument: string): Promise<string[]> {
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const lines = await Promise.all(ids.map((id) => readFile(`/proc/${id}/cmdline`, 'utf8').catch(() => '')));
  return lines.filter((line) => line.includes(argument));
}

const hasCurl = await promisify(execFile)('curl', ['--version']).then(
  () => true,
  () => false,
);

// With DYNAMODB_ENDPOINT set, these tests would use the table of the developer's own service.
describe.skipIf(process.env['DYNAMODB_ENDPOINT'] !== undefined)('npm start', { timeout: 60_000 }, () => {
  let dataDir: string;
  let started: Started[];
  const begin = (settings: Readonly<Record<string, string | number>>) => {
    const process = start({ DATA_DIR: dataDir, ...settings });
    started.push(process);
    return process;
  };
  /**
   * Waits at most 5 seconds until no process uses the data directory of the test. Returns the command lines of the
   * remaining processes.
   */
  const left = async () => {
    for (let tries = 0; tries < 50 && (await processesWith(dataDir)).length > 0; tries += 1) await sleep(100);
    return processesWith(dataDir);
  };

  beforeEach(async () => {
    started = [];
    dataDir = await mkdtemp(join(tmpdir(), 'main-'));
  });
  afterEach(async () => {
    for (const { child, ended } of started) {
      child.kill('SIGKILL');
      await ended;
    }
    await left();
    await rm(dataDir, { recursive: true });
  });

  it.skipIf(!hasCurl)(
    'prints a curl command that works, and leaves no DynamoDB engine running after SIGTERM',
    async () => {
      const port = await freePort();
      const service = begin({ PORT: port });
      const printed = await service.running();
      expect(printed).toContain(`http://localhost:${port}/\n`);
      expect(printed.split('\n').length).toBeLessThan(26);
      const command = printed.split('\n').find((line) => line.trim().startsWith('curl'));
      const { stdout } = await promisify(execFile)('/bin/sh', ['-c', command ?? '']);
      expect(JSON.parse(stdout)).toMatchObject({ detail: expect.any(String) as unknown });
      const mails = (await (await fetch(`http://localhost:${port}/_local/mail`)).json()) as unknown[];
      expect(mails).toMatchObject([{ to: 'alice@example.com' }]);

      service.child.kill('SIGTERM');
      expect(await service.ended).toBe(0);
      expect(await left()).toEqual([]);
    },
  );

  it('keeps the data when its process is killed, and refuses to start with another time zone', async () => {
    const port = await freePort();
    const email = 'bob@example.com';
    const post = async (path: string, body: unknown) => {
      const headers = { 'content-type': 'application/json' };
      await fetch(`http://localhost:${port}${path}`, { method: 'POST', headers, body: JSON.stringify(body) });
      return (await (await fetch(`http://localhost:${port}/_local/mail`)).json()) as unknown[];
    };
    const first = begin({ PORT: port, SERVICE_TIME_ZONE: 'Asia/Tokyo' });
    await first.running();
    await post('/v1/customers', { customer: { name: 'Example' }, representative: { name: 'Bob', email } });
    first.child.kill('SIGKILL');
    await first.ended;
    expect(await left()).toEqual([]);

    const other = begin({ PORT: port });
    expect(await other.ended).toBe(1);
    expect(other.stderr()).toContain('back to Asia/Tokyo');
    expect(await left()).toEqual([]);

    const second = begin({ PORT: port, SERVICE_TIME_ZONE: 'Asia/Tokyo' });
    await second.running();
    expect(await post('/v1/sign-in-links', { email })).toHaveLength(2);
    second.child.kill('SIGHUP');
    expect(await second.ended).toBe(0);
    expect(await left()).toEqual([]);
  });

  it('fails and says what to do if another process uses the data directory or the port', async () => {
    const port = await freePort();
    const first = begin({ PORT: port });
    await first.running();
    const [sameDir, samePort] = [
      begin({ PORT: await freePort() }),
      begin({ PORT: port, DATA_DIR: `${dataDir}/other` }),
    ];
    expect(await Promise.all([sameDir.ended, samePort.ended])).toEqual([1, 1]);
    expect(sameDir.stderr()).toMatch(new RegExp(`^A service already uses .*, at http://localhost:${port}/`));
    expect(samePort.stderr()).toMatch(new RegExp(`^Port ${port} is in use\\. .*PORT=${port + 2} npm start\n$`));

    expect((await fetch(`http://localhost:${port}/v1/health`)).status).toBe(200);
    first.child.kill('SIGINT');
    expect(await first.ended).toBe(0);
    expect(await left()).toEqual([]);
  });

  it('refuses an invalid setting before it creates any file', async () => {
    const service = begin({ PORT: 'abc' });
    expect(await service.ended).toBe(1);
    expect(service.stderr()).toBe('PORT is "abc". Set a port from 1 to 65535, such as PORT=3002.\n');
    expect(await readdir(dataDir)).toEqual([]);
  });

  it('deletes an incomplete demo after SIGINT', async () => {
    const service = begin({ PORT: await freePort(), DEMO: 'on' });
    await once(service.child.stdout, 'data');
    await sleep(300);
    service.child.kill('SIGINT');
    expect(await service.ended).toBe(0);
    expect(service.stderr()).toBe('');
    // The stage's secret stays: it belongs to no data.
    expect(await readdir(dataDir)).toEqual(['service.log', 'stage-secret']);
  });
});
