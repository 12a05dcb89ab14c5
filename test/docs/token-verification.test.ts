import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { JWTPayload } from 'jose';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { authenticateUserContract } from '../../functions/contract/ceremonies.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { startTestService, type TestService } from '../support/service.ts';

let service: TestService;
let rp: TestRp;
// Inside the repository, so that the code finds the package `jose`.
const folder = mkdtempSync(join(import.meta.dirname, 'printed-'));
beforeAll(async () => {
  service = await startTestService();
  rp = await newTestRp(service);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await service.stop();
});

it('the code in the guide verifies a token as it is printed, and refuses a changed one', async () => {
  const [, code = ''] =
    /```js\n(import [^`]*jwtVerify[\s\S]*?)```/.exec(readFileSync('docs/ceremonies.md', 'utf8')) ?? [];
  expect(
    code
      .trim()
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('import')),
  ).toHaveLength(4);
  const file = join(folder, 'verify.mjs');
  writeFileSync(file, code);
  const { id } = (await service.send('GET /v1/rp', { as: rp.apiKey })).body as { id: string };
  vi.stubEnv('FIDO2_ISSUER', `${service.origin}/v1/rps/${id}`);
  const { verify } = (await import(/* @vite-ignore */ pathToFileURL(file).href)) as {
    verify: (token: string) => Promise<JWTPayload>;
  };

  const { passkey } = await rp.register({ userId: 'u-4711' });
  const answer = await rp.end('authentications', { ...(await rp.use(passkey)), token: true });
  const { token = '' } = answer.read(authenticateUserContract.answer.body);
  expect(await verify(token)).toMatchObject({ sub: 'u-4711', ceremony: 'authentication', user_verified: true });

  const [head = '', , signature = ''] = token.split('.');
  const claims = Buffer.from(JSON.stringify({ ...(await verify(token)), sub: 'u-1' })).toString('base64url');
  await expect(verify(`${head}.${claims}.${signature}`)).rejects.toThrow('signature verification failed');
});
