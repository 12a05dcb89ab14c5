import { execFile } from 'node:child_process';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { requestAuthenticationOptionsContract } from '../../functions/contract/ceremonies.ts';
import { newTestRp, type TestRp } from '../support/fido2/ceremonies.ts';
import { childEnvironment } from '../support/child-processes.ts';
import { startTestService, type Answer, type TestService } from '../support/service.ts';

describe('the command `npm run authenticator`', { timeout: 30_000 }, () => {
  let service: TestService;
  let rp: TestRp;
  let dir: string;

  /** Runs the command with options on its standard input, and returns what it prints. */
  async function run(args: readonly string[], options: unknown): Promise<string> {
    const running = promisify(execFile)(process.execPath, ['bin/authenticator.ts', ...args], {
      env: childEnvironment({ DATA_DIR: join(dir, 'data') }),
    });
    running.child.stdin?.end(JSON.stringify(options));
    return (await running).stdout;
  }
  /**
   * Runs the command with the options in an answer, and ends the ceremony with the response that the command prints.
   */
  async function perform(kind: 'registrations' | 'authentications', begun: Answer, ...more: readonly string[]) {
    const { ceremony, options } = begun.body as { ceremony: string; options: unknown };
    const method = kind === 'registrations' ? 'create' : 'get';
    const response: unknown = JSON.parse(await run([method, ...more], options));
    return rp.end(kind, { ceremony, response });
  }

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'authenticator-'));
    service = await startTestService();
    rp = await newTestRp(service);
  });
  afterAll(async () => {
    await service.stop();
    await rm(dir, { recursive: true });
  });

  it('registers a passkey, keeps it in a file that only the current user can read, and signs in with it', async () => {
    const created = await perform('registrations', await rp.beginRegistration({ userId: 'user-1', createUser: true }));
    expect(created).toMatchObject({ status: 201, body: { user: { userId: 'user-1' } } });
    expect((await stat(join(dir, 'data/authenticator.json'))).mode & 0o777).toBe(0o600);

    for (const signCount of [1, 2]) {
      const signedIn = await perform('authentications', await rp.beginAuthentication());
      expect(signedIn).toMatchObject({
        status: 200,
        body: { user: { userId: 'user-1' }, credential: { signCount }, userVerified: true },
      });
    }
  });

  it('reads the options from a file, and uses another origin and another file of passkeys', async () => {
    const origin = ['--origin', 'https://login.shop.example.com', '--passkeys', join(dir, 'other.json')];
    const begun = await rp.beginRegistration({ userId: 'user-2', createUser: true });
    expect(await perform('registrations', begun, ...origin)).toMatchObject({
      status: 403,
      body: { type: '/problems/origin-not-allowed', origin: 'https://login.shop.example.com' },
    });

    const { options } = (await rp.beginAuthentication()).read(requestAuthenticationOptionsContract.answer.body);
    await writeFile(join(dir, 'options.json'), JSON.stringify(options));
    expect(JSON.parse(await run(['get', join(dir, 'options.json'), ...origin], ''))).toMatchObject({
      type: 'public-key',
    });
  });

  it('fails with a message if it already has a passkey of the user', async () => {
    const passkeys = ['--passkeys', join(dir, 'excluded.json')];
    const begun = await rp.beginRegistration({ userId: 'user-3', createUser: true });
    await perform('registrations', begun, ...passkeys);
    const { body } = await rp.beginRegistration({ userId: 'user-3' });

    await expect(run(['create', ...passkeys], (body as { options: unknown }).options)).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The authenticator already has a passkey of this user, .+\n$/) as string,
    });
  });

  it('fails with a message if it has no passkey for the RP, or if it reads no options', async () => {
    const passkeys = ['--passkeys', join(dir, 'none.json')];
    const { body } = await rp.beginAuthentication();
    const refused = run(['get', ...passkeys], (body as { options: unknown }).options);
    await expect(refused).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^The authenticator has no passkey that these options allow\. .+\n$/) as string,
    });
    await expect(run(['get'], { challenge: 'AAAA' })).rejects.toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringContaining('These are not the options of a ceremony.') as string,
    });
  });
});
