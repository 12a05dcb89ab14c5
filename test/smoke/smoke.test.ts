import { PassThrough } from 'node:stream';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { askOn } from '../../bin/smoke/ask-on-terminal.ts';
import { runSmokeTest } from '../../bin/smoke/command-line.ts';
import { stepNames } from '../../bin/smoke/look-at.ts';
import { consoleFolder } from '../support/console-folder.ts';
import { startTestService, type TestService } from '../support/service.ts';
import { smokeRunsOf } from './smoke-runs.ts';

/** The shortest runs. `smoke.long.test.ts` and `faults.long.test.ts` have the others. */

const folder = consoleFolder();
let service: TestService;
beforeAll(async () => {
  service = await startTestService({ consoleFolder: folder, verifiesDomains: true });
});
afterAll(() => service.stop());

const { smoke, customerOf } = smokeRunsOf(() => service);

describe('the smoke test', () => {
  it('passes every step, and leaves a customer that is about to leave, without RPs and users', async () => {
    const { exitCode, stdout, stderr, steps, email } = await smoke();

    expect([exitCode, stderr]).toEqual([0, '']);
    expect(steps).toEqual(Object.fromEntries(stepNames.map((name) => [name, 'ok'])));
    expect(stdout).not.toContain('leaves behind');
    expect(stdout).toMatch(/^MAU +ok +the console shows 1 MAU$/m);
    expect(await customerOf(email)).toMatchObject({
      name: 'Smoke test',
      registeredRps: 0,
      registeredUsers: 0,
      isLeaving: true,
    });
  });

  it('refuses a command line without a stage or an address', async () => {
    let stderr = '';
    const silent = { write: (text: string) => (stderr += text) };
    const exitCode = await runSmokeTest(['--stage', 'development'], {
      stdout: silent,
      stderr: silent,
      ask: () => Promise.resolve(undefined),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain("required option '--email <address>' not specified");
  });
});

describe('a question on a terminal', () => {
  it('stands in a line of its own, is answered by the next line, and has no answer when the input has ended', async () => {
    const input = new PassThrough();
    const output = new PassThrough();
    const { ask, close } = askOn(input, output);
    input.end('first\nsecond\n');

    expect([await ask('1?'), await ask('2?'), await ask('3?')]).toEqual(['first', 'second', undefined]);
    expect(String(output.read())).toBe('1?\n2?\n3?\n');
    close();
  });
});
