import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { routes, type CallerKind } from '../../functions/api/routes.ts';
import { planCatalogue } from '../../functions/domain/licenses/plans.ts';
import { deployedFunctions, type DeployedFunction } from './deployed-functions.ts';
import { PATIENCE, synthesize, type SynthesizedService } from './synthesize.ts';

const callers = new Map<string, CallerKind>(routes.map(({ name, caller }) => [name, caller]));

describe('every function', () => {
  let service: SynthesizedService;
  let functions: DeployedFunction[];
  beforeAll(async () => {
    service = await synthesize('development');
    functions = [service.api, service.metering].flatMap((stack) => deployedFunctions(stack, service.data.stack.table));
  }, PATIENCE);

  it('has exactly one handler file', () => {
    const files = globSync('functions/{api/*,events}/*.ts').map((file) => basename(file, '.ts'));
    const data = ['stream-mappings'];

    expect(functions.map(({ name }) => name).sort()).toEqual(files.filter((name) => !data.includes(name)).sort());
  });

  it('runs the newest Node.js of Lambda on ARM, with its own memory size and time-out', () => {
    for (const { name, properties } of functions) {
      // Functions that go through all customers or partitions have a full core.
      const MemorySize = ['discard-items', 'close-months'].includes(name) ? 1_769 : 512;
      expect(properties, name).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], MemorySize });
      expect(properties.Timeout, name).toBeGreaterThanOrEqual(10);
      // Nobody would get a response that takes longer than API Gateway waits.
      if (callers.has(name)) expect(properties.Timeout, name).toBeLessThan(30);
    }
  });

  it('has ended, even with a retry, before the discarding worker sweeps', () => {
    const longest = Math.max(...functions.map(({ properties }) => properties.Timeout));
    const worker = functions.find(({ name }) => name === 'discard-items');
    // "No sooner than 10 seconds plus twice the longest function time-out after the fence."
    expect(Number(worker?.properties.Environment.Variables['SWEEP_AFTER_SECONDS'])).toBe(10 + 2 * longest);
  });

  it("logs to its own group for 30 days, and so do the CDK's own functions", () => {
    const groups = [service.api, service.metering, service.console].flatMap(({ template }) => {
      const logGroups = template.findResources('AWS::Logs::LogGroup');
      return Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => {
        const { LoggingConfig } = Properties as DeployedFunction['properties'];
        return [LoggingConfig.LogGroup.Ref, logGroups[LoggingConfig.LogGroup.Ref]] as const;
      });
    });

    expect(new Set(groups.map(([logicalId]) => logicalId)).size).toBe(groups.length);
    for (const [, group] of groups) expect(group).toMatchObject({ Properties: { RetentionInDays: 30 } });
  });

  it('gets its settings from its environment', () => {
    for (const { name, properties } of functions) {
      const { TIME_ZONE, CONSOLE_URL, PLANS, TABLE_NAME, ...others } = properties.Environment.Variables;
      expect({ TIME_ZONE, CONSOLE_URL }, name).toEqual({
        TIME_ZONE: 'UTC',
        CONSOLE_URL: 'https://console.development.example.com',
      });
      expect(() => planCatalogue.parse(JSON.parse(String(PLANS))), name).not.toThrow();
      expect(TABLE_NAME, name).toBeDefined();
      expect(others, name).toMatchObject({ POWERTOOLS_SERVICE_NAME: 'fido2-server-service-development' });
    }
  });

  it('may not scan, has no wildcard actions, and no wildcard resources except to read metrics', () => {
    const wide = functions.flatMap(({ name, rights }) =>
      rights.filter((right) => /Scan|:\*|PartiQL|"\*"/.test(right)).map((right) => `${name}: ${right}`),
    );

    expect(wide).toEqual(['recount-active-users: cloudwatch:GetMetricData on "*"']);
  });

  it('has no permissions from other policies', () => {
    for (const { template } of [service.api, service.metering]) {
      for (const role of Object.values(template.findResources('AWS::IAM::Role'))) {
        const { ManagedPolicyArns = [], Policies = [] } = role['Properties'] as Record<string, unknown[] | undefined>;
        // The CDK's function that runs the check of the time zone has others.
        if (JSON.stringify([ManagedPolicyArns, Policies]).includes('lambda:InvokeFunction')) continue;
        expect({ ManagedPolicyArns, Policies }).toEqual({ ManagedPolicyArns: [], Policies: [] });
      }
    }
  });

  it('may do exactly those table actions that its code contains', () => {
    const done = actionsOfCode();
    // Every HTTP function contains the code for both kinds of caller, but runs at most the one of its route.
    const authentication = done.get('authenticate') ?? new Set();

    const differences = functions.flatMap(({ name, rights }) => {
      const code = done.get(name) ?? new Set();
      const may = new Set(rights.flatMap((right) => /^dynamodb:.*(?:table|finder)$/.exec(right)?.[0] ?? []));
      const caller = callers.get(name);
      const must = caller === 'anyone' || caller === 'rp' ? code.difference(authentication) : code;
      return [
        ...[...must.difference(may)].map((right) => `${name} lacks ${right}`),
        ...[...may.difference(code)].map((right) => `${name} does not need ${right}`),
      ];
    });
    expect(differences).toEqual([]);
  });
});

/** Patterns that find the table actions in the code of the table layer. A query with an index name reads the GSI. */
const traces: readonly (readonly [RegExp, ...string[]])[] = [
  [/new GetCommand\d*\(/, 'GetItem on table'],
  [/new BatchGetCommand\d*\(/, 'BatchGetItem on table'],
  [/new QueryCommand\d*\((?!\{[^}]*IndexName:)/, 'Query on table'],
  [/new QueryCommand\d*\(\{[^}]*IndexName:/, 'Query on finder'],
  [/new PutCommand\d*\(|\bPut: \{/, 'PutItem on table'],
  [/new UpdateCommand\d*\(|\bUpdate: \{/, 'UpdateItem on table'],
  [/new DeleteCommand\d*\(|\bDelete: \{/, 'DeleteItem on table'],
  [/\bConditionCheck: \{/, 'ConditionCheckItem on table'],
  [/new BatchWriteCommand\d*\(/, 'BatchWriteItem on table'],
];

/** Returns the table actions of each handler's code, after tree shaking removes unused code. */
function actionsOfCode(): Map<string, Set<string>> {
  const { outputFiles } = buildSync({
    entryPoints: [...globSync('functions/{api/*,events}/*.ts'), 'functions/http/authenticate.ts'],
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    write: false,
    outdir: 'unused',
  });
  return new Map(
    outputFiles.map(({ path, text }) => {
      const found = traces.flatMap(([trace, ...actions]) => (trace.test(text) ? actions : []));
      return [basename(path, '.js'), new Set(found.map((action) => `dynamodb:${action}`))];
    }),
  );
}
