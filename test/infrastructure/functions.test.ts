import { globSync } from 'node:fs';
import { basename } from 'node:path';
import { buildSync } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { planCatalogue } from '../../functions/domain/licenses/plans.ts';
import { apiFunctions, lambdaFunctions, type LambdaFunctionName } from '../../functions/lambda-functions.ts';
import { bundledFunctions, entryOf } from '../../lib/constructs/bundles.ts';
import { deployedFunctions, tableRightsOf, type DeployedFunction } from './deployed-functions.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

const isOfApi = (name: string) => name in apiFunctions;

describe('every function', () => {
  let service: SynthesizedService;
  let functions: DeployedFunction[];
  beforeAll(async () => {
    service = await synthesize('development');
    functions = [service.api, service.metering].flatMap((stack) => deployedFunctions(stack, service.data.stack.table));
  });

  it('has a handler file, and every handler file is deployed', () => {
    const files = globSync('functions/{api/functions,events}/*.ts').map((file) => basename(file, '.ts'));
    const data = ['stream-mappings', 'mail-queues', 'webhook-queue'];

    expect(functions.map(({ name }) => name).sort()).toEqual(files.filter((name) => !data.includes(name)).sort());
    expect(functions.map(({ name }) => name).sort()).toEqual(bundledFunctions.toSorted());
  });

  it('runs Node.js 24 on ARM with the expected memory size and time-out', () => {
    for (const { name, properties } of functions) {
      // The functions that process all customers or all partitions of a customer have 1,769 MB, because Lambda gives a
      // function one full vCPU at this memory size.
      const MemorySize = ['discard-items', 'close-months', 'summarize-customers'].includes(name) ? 1_769 : 512;
      expect(properties, name).toMatchObject({ Runtime: 'nodejs24.x', Architectures: ['arm64'], MemorySize });
      expect(properties.Timeout, name).toBeGreaterThanOrEqual(10);
      // API Gateway waits at most 30 seconds for a function, so nobody would get the response of a slower function.
      if (isOfApi(name)) expect(properties.Timeout, name).toBeLessThan(30);
    }
  });

  it('has a time-out so short that it can run twice while discard-items waits to delete a customer', () => {
    const longest = Math.max(...functions.map(({ properties }) => properties.Timeout));
    const worker = functions.find(({ name }) => name === 'discard-items');
    // After a customer's status becomes `unsubscribing`, `discard-items` waits 10 seconds plus twice the longest
    // time-out of all functions before it deletes the customer's data.
    expect(Number(worker?.properties.Environment.Variables['SWEEP_AFTER_SECONDS'])).toBe(10 + 2 * longest);
  });

  it('keeps its log for 30 days, in the shared log group of the API or in its own log group', () => {
    const groupsOf = ({ template }: (typeof service)['api' | 'metering' | 'console']) => {
      const logGroups = template.findResources('AWS::Logs::LogGroup');
      return Object.values(template.findResources('AWS::Lambda::Function')).map(({ Properties }) => {
        const { LoggingConfig } = Properties as DeployedFunction['properties'];
        return [LoggingConfig.LogGroup.Ref, logGroups[LoggingConfig.LogGroup.Ref]] as const;
      });
    };
    const ofApi = groupsOf(service.api);
    const others = [service.metering, service.console].flatMap(groupsOf);

    expect(new Set(ofApi.map(([logicalId]) => logicalId)).size).toBe(1);
    expect(new Set(others.map(([logicalId]) => logicalId)).size).toBe(others.length);
    for (const [, group] of [...ofApi, ...others]) expect(group).toMatchObject({ Properties: { RetentionInDays: 30 } });
  });

  it('writes JSON logs, and Lambda’s own lines only for invocations that fail', () => {
    for (const { name, properties } of functions) {
      expect(properties.LoggingConfig, name).toMatchObject({
        LogFormat: 'JSON',
        SystemLogLevel: 'WARN',
        ApplicationLogLevel: 'INFO',
      });
    }
  });

  it('gets the settings of the stage in environment variables', () => {
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

  it('has no right to scan the table, and no wildcard rights except to read metrics and to send e-mails', () => {
    const wide = functions.flatMap(({ name, rights }) =>
      rights.filter((right) => /Scan|[:/]\*|PartiQL|"\*"/.test(right)).map((right) => `${name}: ${right}`),
    );

    const identities = '{"Fn::Sub":"arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*"}';
    expect(wide.sort()).toEqual([
      'recount-active-users: cloudwatch:GetMetricData on "*"',
      `send-mail: ses:SendEmail on ${identities}`,
      `send-mau-alerts: ses:SendEmail on ${identities}`,
    ]);
  });

  it('has a role whose definition contains no managed or inline policies', () => {
    for (const { template } of [service.api, service.metering]) {
      for (const role of Object.values(template.findResources('AWS::IAM::Role'))) {
        const { ManagedPolicyArns = [], Policies = [] } = role['Properties'] as Record<string, unknown[] | undefined>;
        // When the stack is deployed, a function of the CDK invokes our function that checks the time zone. This test
        // skips the role of the CDK's function, because the CDK gives this role an inline policy.
        if (JSON.stringify([ManagedPolicyArns, Policies]).includes('lambda:InvokeFunction')) continue;
        expect({ ManagedPolicyArns, Policies }).toEqual({ ManagedPolicyArns: [], Policies: [] });
      }
    }
  });

  it('has exactly the table rights that lambda-functions.ts lists, limited to the listed partition keys', () => {
    for (const { name, rights } of functions) {
      const ofTable = rights.filter((right) => /^dynamodb:.* on (table|finder)\b/.test(right));
      expect({ name, rights: ofTable }).toEqual({
        name,
        rights: tableRightsOf(lambdaFunctions[name as LambdaFunctionName]),
      });
    }
  });

  it('has exactly the table rights that its code uses', () => {
    const done = actionsOfCode();
    // Every function of the API contains the code that authenticates both administrators and RPs, but runs only the
    // code for its own routes.
    const authentication = done.get('authenticate') ?? new Set();

    const differences = functions.flatMap(({ name, rights }) => {
      const code = done.get(name) ?? new Set();
      const may = new Set(rights.flatMap((right) => /^dynamodb:\w+ on (?:table|finder)\b/.exec(right)?.[0] ?? []));
      const must = isOfApi(name) && name !== 'console' ? code.difference(authentication) : code;
      return [
        ...[...must.difference(may)].map((right) => `${name} lacks ${right}`),
        ...[...may.difference(code)].map((right) => `${name} does not need ${right}`),
      ];
    });
    expect(differences).toEqual([]);
  });
});

/**
 * The patterns that find DynamoDB actions in the code of a bundle. A query that names an index reads the index
 * `finder`, because the table has no other index.
 */
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

/**
 * Returns the DynamoDB actions in the bundled code of each function and of authenticate.ts, by name. esbuild
 * removes the code that the function or authenticate.ts does not use.
 */
function actionsOfCode(): Map<string, Set<string>> {
  const { outputFiles } = buildSync({
    entryPoints: [...bundledFunctions.map((name) => `functions/${entryOf(name)}`), 'functions/http/authenticate.ts'],
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
