import { execFileSync } from 'node:child_process';
import { globSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { App, Stack } from 'aws-cdk-lib';
import { Template } from 'aws-cdk-lib/assertions';
import { afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { readStage } from '../../config/stage.ts';
import { stages } from '../../config/stages.ts';
import { bundleOf } from '../../lib/constructs/bundles.ts';
import { ServiceFunction } from '../../lib/constructs/service-function.ts';
import { SingleTable } from '../../lib/constructs/single-table.ts';
import { PATIENCE } from './synthesize.ts';

/** One handler for each SDK client, and the largest one. The benchmark loads every bundle. */
const handlers = [
  ...['api/metering/report-operations', 'api/rps/remove-rp', 'api/signing-in/add-passkey'],
  ...['events/recount-active-users', 'events/send-mail'],
];
/** Bundles that verify passkeys are larger. docs/decisions/signing-in.md explains why, and the cost. */
const largest: Readonly<Record<string, number>> = {
  'api/signing-in/create-session': 560_000,
  'api/signing-in/add-passkey': 560_000,
};

describe('the bundles', () => {
  beforeAll(() => {
    bundleOf('api/service/get-health');
  }, PATIENCE);
  afterEach(() => {
    vi.unstubAllEnvs();
  });

  it('have at most 400 KB each, except those that verify passkeys', () => {
    const names = globSync(['api/*/*.ts', 'events/*.ts'], { cwd: 'functions' }).map((file) =>
      file.replace(/\.ts$/, ''),
    );
    const bundled = names.filter((name) => name !== 'events/stream-mappings');
    expect(bundled.length).toBeGreaterThan(40);
    const tooLarge = bundled
      .map((name) => ({ name, bytes: bundleOf(name).length }))
      .filter(({ name, bytes }) => bytes > (largest[name] ?? 400_000));
    expect(tooLarge).toEqual([]);
  });

  it(
    "load without any packages in Lambda's environment, and export a handler",
    () => {
      const environment = {
        AWS_LAMBDA_FUNCTION_NAME: 'any',
        AWS_REGION: 'us-east-1',
        TABLE_NAME: 'any',
        PLANS: readFileSync('config/plans.json', 'utf8'),
        TIME_ZONE: 'UTC',
        CONSOLE_URL: 'https://console.example.com',
        SENDER: 'no-reply@example.com',
        CONFIGURATION_SET: 'service-events',
        EMAILS_PER_SECOND: '14',
        CONTACT: 'sales@example.com',
        DISCARDING_QUEUE_URL: 'https://sqs.us-east-1.amazonaws.com/1/any',
        AGGREGATOR_NAME: 'any',
        POWERTOOLS_METRICS_NAMESPACE: 'any',
      };
      const folder = mkdtempSync(join(tmpdir(), 'bundles-'));
      const files = handlers.map((handler) => join(folder, `${basename(handler)}.mjs`));
      handlers.forEach((handler, index) => {
        writeFileSync(files[index] ?? '', bundleOf(handler));
      });
      const load = `for (const file of ${JSON.stringify(files)}) console.log(typeof (await import(file)).handler);`;

      // Outside the repository, so that the bundle cannot load packages from it.
      const output = execFileSync(process.execPath, ['--input-type=module', '--eval', load], {
        cwd: '/',
        env: environment,
        encoding: 'utf8',
      });

      rmSync(folder, { recursive: true });
      expect(output.trim().split('\n')).toEqual(handlers.map(() => 'function'));
    },
    PATIENCE,
  );

  it('are deployed one for each function', () => {
    vi.stubEnv('CDK_VALIDATION', 'false');
    const stack = new Stack(new App(), 'Stack');
    const table = new SingleTable(stack, 'SingleTable', { retained: false });
    const stage = readStage(stages, 'development');

    for (const handler of ['api/service/get-health', 'api/service/list-plans'] as const) {
      new ServiceFunction(stack, handler, { handler, stage, table, tableActions: [] });
    }

    const keys = Object.values(Template.fromStack(stack).findResources('AWS::Lambda::Function')).map(
      ({ Properties }) => (Properties as { Code: { S3Key: string } }).Code.S3Key,
    );
    expect(new Set(keys).size).toBe(2);
  });
});
