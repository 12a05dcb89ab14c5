import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { importCredentialsContract } from '../../functions/contract/moving-credentials.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { exportAll, importAll, itemOf, passkeyOf } from '../support/fido2/moving.ts';
import { startTestService, type TestService } from '../support/service.ts';

const guide = readFileSync('docs/moving.md', 'utf8');
/** The scripts in the guide, by file name. */
const scripts = [...guide.matchAll(/^```js\n\/\/ (\S+)\n([^]*?)^```$/gm)];

let service: TestService;
let folder: string;
beforeAll(async () => {
  service = await startTestService();
  folder = mkdtempSync(join(tmpdir(), 'moving-'));
  for (const [, name = '', script = ''] of scripts) writeFileSync(join(folder, name), script);
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await service.stop();
});

const run = (script: string, { apiKey }: TestRp) =>
  promisify(execFile)(process.execPath, [script], {
    cwd: folder,
    env: { SERVICE_URL: service.url, API_KEY: apiKey },
  });

it('the scripts of the guide move all users and credentials to another RP', async () => {
  const rsa = passkeyOf('rsa', { algorithm: -257 });
  const [from, to] = [await newTestRp(service), await newTestRp(service)];
  const large = { note: 'x'.repeat(2_000) };
  const items = Array.from({ length: 130 }, (_, index) => {
    const userId = `user-${index}`;
    // 16 items with large attributes do not fit into one request.
    const user = { displayName: '界'.repeat(200), userName: `${index}${'界'.repeat(190)}`, attributes: large };
    return index < 16
      ? itemOf(userId, passkeyOf(userId, { algorithm: -257, keyPair: rsa }), {
          ...{ user, attributes: large, name: '界'.repeat(200) },
          id: Buffer.alloc(1_023, index).toString('base64url'),
        })
      : itemOf(userId, passkeyOf(userId));
  });
  for (let start = 0; start < 16; start += 4) await importAll(service, from.apiKey, items.slice(start, start + 4));
  await importAll(service, from.apiKey, items.slice(16));
  await run('export.mjs', from);
  expect(statSync(join(folder, 'credentials.jsonl')).mode & 0o777).toBe(0o600);
  for (let times = 1; times <= 2; times += 1) {
    expect((await run('import.mjs', to)).stdout).toBe('130 items are imported.\n');
  }
  expect(await exportAll(service, to.apiKey)).toEqual(await exportAll(service, from.apiKey));
});

it('the guide names each field of an item', () => {
  const example = JSON.parse(/^```json\n([^]*?)^```$/m.exec(guide)?.[1] ?? '') as Record<'user' | 'credential', object>;
  const { user, credential } = importCredentialsContract.body.shape.items.element.shape;
  expect(Object.keys(example.user)).toEqual(Object.keys(user.shape));
  expect(Object.keys(example.credential)).toEqual(Object.keys(credential.unwrap().shape));
});
