import { chmodSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { findEngineBinary, INSTALL_ENGINE } from '../../local/aws/engine-binary.ts';
import { startEngine } from '../../local/aws/engine.ts';

const folder = mkdtempSync(join(tmpdir(), 'engine-'));
afterAll(() => {
  rmSync(folder, { recursive: true });
});

const real = findEngineBinary({}).path;
const NO_PACKAGE = '@dynoxide/no-platform';

/** Writes a program with Node that starts the real engine and forwards each request, and changes each response. */
function programThat(name: string, change: string): string {
  const path = join(folder, name);
  writeFileSync(
    path,
    `#!${process.execPath}
const { createServer, request } = require('node:http');
const { spawn } = require('node:child_process');
const port = Number(process.argv[process.argv.indexOf('--port') + 1]);
let inner;
const free = createServer().listen(0, '127.0.0.1', () => {
  inner = free.address().port;
  free.close(() => {
    const engine = spawn(${JSON.stringify(real)}, ['--host', '127.0.0.1', '--port', String(inner)], { stdio: 'ignore' });
    process.on('SIGTERM', () => { engine.kill(); process.exit(); });
    proxy.listen(port, '127.0.0.1');
  });
});
const proxy = createServer(async (incoming, outgoing) => {
  const chunks = [];
  for await (const chunk of incoming) chunks.push(chunk);
  const forwarded = request({ host: '127.0.0.1', port: inner, method: incoming.method, path: incoming.url, headers: incoming.headers });
  forwarded.on('error', () => outgoing.destroy());
  forwarded.on('response', async (answer) => {
    const parts = [];
    for await (const part of answer) parts.push(part);
    const text = Buffer.concat(parts).toString();
    const { 'content-length': _, 'x-amz-crc32': __, ...headers } = answer.headers;
    outgoing.writeHead(answer.statusCode, headers).end((${change})(text));
  });
  forwarded.end(Buffer.concat(chunks));
});
`,
  );
  chmodSync(path, 0o755);
  return path;
}

describe('the program of the embedded engine', () => {
  it('is the one of the npm package for this platform', () => {
    expect(findEngineBinary({ PATH: folder })).toMatchObject({ isLocked: true, path: real });
  });

  it('is the one that DYNOXIDE names, before the npm package', () => {
    const path = join(folder, 'other');
    symlinkSync(real, path);

    expect(findEngineBinary({ DYNOXIDE: path })).toEqual({ path, source: `DYNOXIDE=${path}`, isLocked: false });
    expect(() => findEngineBinary({ DYNOXIDE: join(folder, 'absent') })).toThrow('Set the path of a program');
  });

  it('is the first dynoxide in the PATH on a platform without a package', () => {
    const path = join(folder, 'dynoxide');
    symlinkSync(real, path);

    expect(findEngineBinary({ PATH: `/nowhere::${folder}` }, NO_PACKAGE)).toMatchObject({ path, isLocked: false });
    expect(() => findEngineBinary({ PATH: '/nowhere' }, NO_PACKAGE)).toThrow(
      /Install it for macOS, or for Linux on ARM:\n\n {2}npm install --no-save dynoxide@\d+\.\d+\.\d+\n/,
    );
  });

  it('is installed by the command of the README', () => {
    expect(readFileSync('README.md', 'utf8').split(INSTALL_ENGINE)).toHaveLength(3);
  });

  it('starts if it does what the service relies on', async () => {
    const engine = await startEngine(undefined, { path: real, source: 'a test', isLocked: false });
    await engine.stop();
  });

  it.each([
    {
      name: 'forgets the old item',
      change: '(text) => text.replace(/,?"Item":\\{"[^]*\\}\\}(?=[,}])/, \'\')',
      difference: 'A put whose condition is false does not return the old item.',
    },
    {
      name: 'counts no capacity',
      change: '(text) => text.replace(/"CapacityUnits":[\\d.]+/g, \'"CapacityUnits":7\')',
      difference: 'A conditional put of a new item does not take 1 write unit.',
    },
    {
      name: 'has an empty stream',
      change: '(text) => text.replace(/"Records":\\[[^]*\\]/, \'"Records":[]\')',
      difference: 'The stream does not contain the new items in their order.',
    },
  ])('is refused if it $name', async ({ name, change, difference }) => {
    const binary = { path: programThat(name.replaceAll(' ', '-'), change), source: 'a test', isLocked: false };

    await expect(startEngine(undefined, binary)).rejects.toThrow(
      `The embedded DynamoDB engine (a test) does not do what this project needs:\n- ${difference}`,
    );
  });

  it('is refused if it ends at once, with what it printed', async () => {
    const path = join(folder, 'broken');
    writeFileSync(path, '#!/bin/sh\necho "this engine is broken" >&2\nexit 1\n');
    chmodSync(path, 0o755);

    await expect(startEngine(undefined, { path, source: 'a test', isLocked: false })).rejects.toThrow(
      'The embedded DynamoDB engine (a test) did not start. Its error output: this engine is broken',
    );
  });
});
