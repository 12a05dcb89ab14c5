import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { FunctionDefinition } from './cloud/functions/definition.ts';
import type { Outcome } from './cloud/functions/messages.ts';
import { createPool, type Pool } from './cloud/functions/pool.ts';
import { RUNTIME } from './cloud/release.ts';

let folder: string;
let pool: Pool;
const log: string[] = [];
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'bundle-'));
});
afterAll(() => {
  rmSync(folder, { recursive: true });
});
afterEach(() => pool.stop());

const surroundings = {
  region: 'us-east-1',
  endpoint: 'http://127.0.0.1:1',
  nameServer: '127.0.0.1:1',
  runtime: join(String(process.env['CDK_OUT']), RUNTIME),
};
let bundles = 0;
/** Creates a function whose handler has the given code. `state` is a variable of its module. */
function deploy(code: string, definition: Partial<FunctionDefinition> = {}): Pool {
  const name = `bundle${(bundles += 1)}`;
  writeFileSync(
    join(folder, `${name}.mjs`),
    `let state = 0; export const handler = async (event, context) => { ${code} };`,
  );
  pool = createPool(
    {
      name,
      arn: `arn:aws:lambda:us-east-1:123456789012:function:${name}`,
      logicalId: name,
      role: 'role',
      folder,
      handler: `${name}.handler`,
      environment: { SETTING: 'value' },
      timeout: 10_000,
      memory: 128,
      logGroup: 'group',
      deadLetters: undefined,
      ...definition,
    },
    surroundings,
  );
  return pool;
}
const cloud = {};
const invoke = (event: unknown, { now = Date.now(), lasts = 10_000 } = {}): Promise<Outcome> =>
  pool.run(
    {
      event,
      context: {
        awsRequestId: 'request-1',
        functionName: 'name',
        invokedFunctionArn: 'arn',
        memoryLimitInMB: '128',
        logGroupName: 'group',
        logStreamName: 'stream',
      },
      now,
      lasts,
    },
    { cloud, log: (text) => void log.push(text), bind: () => () => undefined },
  );
const payloadOf = (outcome: Outcome): unknown => ('payload' in outcome ? JSON.parse(outcome.payload) : outcome);

describe('the process of a function', () => {
  it('has the environment of the template and of Lambda, and nothing else', async () => {
    deploy('return Object.keys(process.env).filter((name) => !name.startsWith("AWS_")).sort()');
    expect(payloadOf(await invoke({}))).toEqual(['LAMBDA_TASK_ROOT', 'SETTING', 'TZ', '_HANDLER']);
  });

  it('gets the event and the context, and returns the result as JSON', async () => {
    deploy('return [event.a, context.awsRequestId, context.getRemainingTimeInMillis() <= 10000, process.cwd()]');
    expect(payloadOf(await invoke({ a: 1 }))).toEqual([1, 'request-1', true, folder]);
  });

  it('handles one event after another in the same process, and several events at the same time in several', async () => {
    deploy('await new Promise((resolve) => setTimeout(resolve, event.wait)); return (state += 1)');
    expect(await Promise.all([invoke({ wait: 200 }), invoke({ wait: 200 })]).then((all) => all.map(payloadOf))).toEqual(
      [1, 1],
    );
    expect(payloadOf(await invoke({ wait: 0 }))).toBe(2);
  });

  it('shows the time of the event, which goes on', async () => {
    deploy(
      'const at = Date.now(); await new Promise((resolve) => setTimeout(resolve, 20)); return [at, new Date().getTime() > at, new Date(5).getTime(), Date().slice(11, 15)]',
    );
    const now = Date.parse('2031-05-06T07:08:09Z');
    const [at, goesOn, ...others] = payloadOf(await invoke({}, { now })) as [number, boolean, number, string];
    expect(Math.abs(at - now)).toBeLessThan(60_000);
    expect([goesOn, ...others]).toEqual([true, 5, '2031']);
  });

  it('is replaced when its clock would run backwards', async () => {
    deploy('return (state += 1)');
    const now = Date.parse('2031-05-06T07:08:09Z');
    await invoke({}, { now });
    expect(payloadOf(await invoke({}, { now: now + 3_600_000 }))).toBe(2);
    expect(payloadOf(await invoke({}, { now }))).toBe(1);
  });

  it('writes its log, with an error of the handler as the outcome', async () => {
    deploy('console.log("hello"); throw new TypeError("no")');
    expect(await invoke({})).toMatchObject({ error: { errorType: 'TypeError', errorMessage: 'no' } });
    expect(log.join('')).toContain('hello');
  });

  it('is killed after the time-out, and the next event gets a new one', async () => {
    deploy('if (event.hangs) await new Promise((resolve) => setTimeout(resolve, 1e6)); return (state += 1)');
    await invoke({});
    expect(await invoke({ hangs: true }, { lasts: 200 })).toMatchObject({
      error: {
        errorType: 'Sandbox.Timedout',
        errorMessage: 'RequestId: request-1 Error: Task timed out after 0.20 seconds',
      },
    });
    expect(payloadOf(await invoke({}))).toBe(1);
  });

  it('fails if it exits, if it needs too much memory, and if its response is too large', async () => {
    deploy(
      'if (event.exits) process.exit(7); if (event.grows) { const all = []; for (;;) all.push(new Array(1e6).fill(state++)); } return "x".repeat(7e6)',
      {
        memory: 64,
      },
    );
    expect(await invoke({ exits: true })).toMatchObject({
      error: { errorMessage: expect.stringContaining('exit status 7') as string },
    });
    expect(await invoke({ grows: true })).toMatchObject({ error: { errorType: 'Runtime.ExitError' } });
    expect(await invoke({})).toMatchObject({ error: { errorType: 'Function.ResponseSizeTooLarge' } });
  });

  it('fails if a promise is rejected that nobody handles', async () => {
    deploy('void Promise.reject(new Error("unseen")); await new Promise((resolve) => setTimeout(resolve, 100))');
    expect(await invoke({})).toMatchObject({ error: { errorMessage: 'unseen' } });
  });
});
