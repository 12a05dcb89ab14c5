import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it } from 'vitest';
import { serviceNameOf } from '../../../config/service-name.ts';
import { stages } from '../../../config/stages.ts';
import { childEnvironment } from '../../support/child-processes.ts';
import type { StackTemplate, TemplateResource } from '../../support/stack-template.ts';
import { synthesize } from '../synthesize.ts';
import { harmfulChanges, type Stacks } from './harmful-changes.ts';
import { readReleased, readTemplates, releasedStages } from './release-files.ts';
import { releasesOf } from './released-stack.ts';
import { synthesizeStages } from './synthesize-stages.ts';

/** The templates of the stages in `config/stages.ts`. */
let templates: Readonly<Record<string, Stacks<StackTemplate>>>;
/** The templates of the example stage `production`, which the edits below change. */
let example: Stacks<StackTemplate>;

beforeAll(async () => {
  templates = await synthesizeStages();
  example = readTemplates((await synthesize('production')).directory, `${serviceNameOf('production')}-`);
});

describe('an update of a released stage', () => {
  it.each(releasedStages())('%s loses no data and no address, and CloudFormation does not refuse it', (stage) => {
    const now = templates[stage];
    if (!now)
      throw new Error(`config/stages.ts has no stage ${stage}. Delete its released templates after its stacks.`);

    expect(harmfulChanges(readReleased(stage), now), `The runbook ("Before an update") says what to do.`).toEqual([]);
  });

  it('is compared with a release of each stage in config/stages.ts, without hashes of code', () => {
    expect(releasedStages(), 'Run "npm run release:templates".').toEqual(Object.keys(stages).sort());
    for (const stage of releasedStages()) expect(JSON.stringify(readReleased(stage))).not.toMatch(/[0-9a-f]{64}/);
  });
});

describe('npm run release:templates', () => {
  it('says first of all which changes must be committed, and writes nothing', async () => {
    const before = releasedStages().map(readReleased);
    const folder = mkdtempSync(join(tmpdir(), 'repository-'));
    // In a new repository, no file of this folder is committed.
    const env = childEnvironment({ GIT_DIR: join(folder, '.git'), GIT_WORK_TREE: process.cwd() });
    const run = promisify(execFile);
    await run('git', ['init', '--quiet'], { env });
    const { scripts } = JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> };
    const script = scripts['release:templates']?.replace(/^node /, '') ?? '';
    const failed = await run(process.execPath, [script], { env }).catch((error: unknown) => error);
    rmSync(folder, { recursive: true });

    const { code, stdout, stderr } = failed as { code: number; stdout: string; stderr: string };
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^Commit these changes first, because a release is a commit:\n(\?\? \S+\n)+$/);
    expect(releasedStages().map(readReleased)).toEqual(before);
  });
});

describe('the comparison with the last release', () => {
  type Edit = (stacks: Record<string, Editable>) => void;
  interface Editable {
    Resources: Record<string, TemplateResource & { Properties: Record<string, unknown> }>;
    Outputs: Record<string, { Value: unknown; Export?: { Name: string } }>;
  }
  /** An export that is in the release, and that no stack imports. */
  const UNUSED = 'unused';
  /** Compares the templates of the example stage with a release of them to which an edit was applied afterwards. */
  function changesAfter(edit: Edit): string[] {
    const before = structuredClone(example) as Record<string, Editable>;
    stackOf(before, 'data').Outputs[UNUSED] = { Value: 'value', Export: { Name: UNUSED } };
    const after = structuredClone(before);
    edit(after);
    return harmfulChanges(releasesOf({ before })['before'] ?? {}, after);
  }
  const stackOf = (stacks: Record<string, Editable>, name: string): Editable => {
    const stack = stacks[name];
    if (!stack) throw new Error(`There is no stack ${name}.`);
    return stack;
  };
  /** Returns the first resource of a type, or the one whose logical ID begins with a text. */
  function resourceOf({ Resources }: Editable, type: string, begin = '') {
    const [logicalId, resource] =
      Object.entries(Resources).find(([id, { Type }]) => Type === type && id.startsWith(begin)) ?? [];
    if (logicalId === undefined || !resource) throw new Error(`There is no ${type}.`);
    return { logicalId, resource };
  }
  /** Changes the logical ID of a resource, as a renamed construct does. All references follow. */
  function rename(stacks: Record<string, Editable>, name: string, logicalId: string) {
    const text = JSON.stringify(stackOf(stacks, name));
    stacks[name] = JSON.parse(text.replaceAll(logicalId, `Renamed${logicalId}`)) as Editable;
  }

  it('finds nothing in the same templates', () => {
    expect(changesAfter(() => undefined)).toEqual([]);
  });

  it.each<[string, Edit]>([
    [
      'another memory size, environment and code of the operator function',
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'metering'), 'AWS::Lambda::Function', 'runoperatorcommand');
        Object.assign(resource.Properties, { MemorySize: 2048, Environment: {}, Code: { S3Key: 'other' } });
      },
    ],
    [
      'a new route',
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'api'), 'AWS::ApiGatewayV2::Route');
        stackOf(stacks, 'api').Resources['NewRoute'] = structuredClone(resource);
      },
    ],
    [
      'a removed route',
      (stacks) => {
        const { logicalId } = resourceOf(stackOf(stacks, 'api'), 'AWS::ApiGatewayV2::Route');
        Reflect.deleteProperty(stackOf(stacks, 'api').Resources, logicalId);
      },
    ],
    [
      'a new alarm, and a renamed one',
      (stacks) => {
        const { logicalId, resource } = resourceOf(stackOf(stacks, 'operations'), 'AWS::CloudWatch::Alarm');
        stackOf(stacks, 'operations').Resources['NewAlarm'] = structuredClone(resource);
        rename(stacks, 'operations', logicalId);
      },
    ],
    [
      'a new index of the table, and another maximum of an old one',
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'data'), 'AWS::DynamoDB::GlobalTable', 'SingleTable');
        const [index] = resource.Properties['GlobalSecondaryIndexes'] as object[];
        resource.Properties['GlobalSecondaryIndexes'] = [
          { ...index, ReadOnDemandThroughputSettings: { MaxReadRequestUnits: 4000 } },
          { ...index, IndexName: 'second' },
        ];
      },
    ],
    [
      'another visibility time-out of a queue, and another description of a secret',
      (stacks) => {
        resourceOf(stackOf(stacks, 'metering'), 'AWS::SQS::Queue').resource.Properties['VisibilityTimeout'] = 60;
        resourceOf(stackOf(stacks, 'data'), 'AWS::SecretsManager::Secret').resource.Properties['Description'] = '';
      },
    ],
    [
      'another filter of a mapping of the stream',
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'metering'), 'AWS::Lambda::EventSourceMapping', 'aggregate');
        resource.Properties['FilterCriteria'] = { Filters: [] };
      },
    ],
    [
      'the removal of an export that no stack imports',
      (stacks) => {
        Reflect.deleteProperty(stackOf(stacks, 'data').Outputs, UNUSED);
      },
    ],
  ])('finds nothing harmful in %s', (_, edit) => {
    expect(changesAfter(edit)).toEqual([]);
  });

  it('finds the replacement of a table whose key has another name', () => {
    const changes = changesAfter((stacks) => {
      const text = JSON.stringify(stackOf(stacks, 'data'));
      stacks['data'] = JSON.parse(text.replaceAll('"AttributeName":"pk"', '"AttributeName":"id"')) as Editable;
    });

    expect(changes).toEqual([
      expect.stringMatching(/^data: ClosingRecordsTable\w+ .* is replaced, because KeySchema changes from .*"pk"/),
      expect.stringMatching(
        /^data: SingleTable\w+ \(AWS::DynamoDB::GlobalTable\) is replaced, because KeySchema changes from .*"pk".* to .*"id".*\. Its items are lost.* Keep its ID, name and key\./,
      ),
    ]);
  });

  it.each([
    ['a bucket', 'console', 'AWS::S3::Bucket', 'Its objects are lost'],
    ['the table', 'data', 'AWS::DynamoDB::GlobalTable', 'Its items are lost'],
    ["the stage's secret", 'data', 'AWS::SecretsManager::Secret', 'Another random value'],
    ['the distribution', 'console', 'AWS::CloudFront::Distribution', 'The host name of the console changes'],
    ['the API', 'api', 'AWS::ApiGatewayV2::Api', 'The URL of the API changes'],
    ['the stage of the API', 'api', 'AWS::ApiGatewayV2::Stage', 'another name changes its URL'],
    ['the identity of the sender', 'metering', 'AWS::SES::EmailIdentity', 'SES refuses all e-mails'],
    ['a queue', 'metering', 'AWS::SQS::Queue', 'Its messages are lost'],
    ['the topic of the alarms', 'operations', 'AWS::SNS::Topic', 'Its subscriptions are lost'],
  ])('finds that %s is removed when its construct has another ID', (_, stack, type, loss) => {
    const { logicalId } = resourceOf(stackOf(example as Record<string, Editable>, stack), type);
    const changes = changesAfter((stacks) => {
      rename(stacks, stack, logicalId);
    });

    expect(changes[0]).toContain(`${stack}: ${logicalId} (${type}) is removed. `);
    expect(changes[0]).toContain(loss);
    expect(changes[0]).toContain(`Renamed${logicalId}`);
    expect(changes[0]).toContain(`overrideLogicalId('${logicalId}')`);
  });

  it('finds that the operator function and a mapping of the stream are removed or replaced', () => {
    const changes = changesAfter((stacks) => {
      const metering = stackOf(stacks, 'metering');
      const { resource } = resourceOf(metering, 'AWS::Lambda::Function', 'runoperatorcommand');
      resource.Properties['FunctionName'] = 'operator-2';
      resourceOf(metering, 'AWS::Lambda::EventSourceMapping', 'aggregate').resource.Properties['StartingPosition'] =
        'AT_TIMESTAMP';
    });

    expect(changes).toEqual([
      expect.stringMatching(/^metering: aggregate.* is replaced, because StartingPosition .* reads records again/),
      expect.stringMatching(/^metering: runoperatorcommand.* is replaced, because FunctionName changes .*"operator-2"/),
    ]);
  });

  it('finds an export that is removed although a released stack imports it', () => {
    const changes = changesAfter((stacks) => {
      const { Outputs } = stackOf(stacks, 'data');
      const [output = '', { Export } = {}] =
        Object.entries(Outputs).find(([name]) => /SingleTable\w+Arn/.test(name) && !name.includes('StreamArn')) ?? [];
      Reflect.deleteProperty(Outputs, output);
      // No stack of the new release imports it. The deployed stacks still do.
      const imported = JSON.stringify({ 'Fn::ImportValue': Export?.Name });
      for (const [name, stack] of Object.entries(stacks)) {
        stacks[name] = JSON.parse(JSON.stringify(stack).replaceAll(imported, '"arn"')) as Editable;
      }
    });

    expect(changes).toEqual([
      expect.stringMatching(
        /^data: The export fido2-server-service-production-data:ExportsOutputFnGetAttSingleTable\w+Arn\w+ is removed: .* while the released stack \w+, \w+ imports it\. Keep it in this release with exportValue\(\)/,
      ),
    ]);
  });

  it('finds an export that changes its value although a released stack imports it', () => {
    const changes = changesAfter((stacks) => {
      const { Outputs } = stackOf(stacks, 'data');
      const output = Object.values(Outputs).find(({ Export }) => Export?.Name.includes('RefStageSecret'));
      if (output) output.Value = 'arn:aws:secretsmanager:us-east-1:123456789012:secret:other';
    });

    expect(changes).toEqual([expect.stringMatching(/RefStageSecret\w+ changes its value from .*"Ref".* to "arn:aws/)]);
  });

  it.each<[string, RegExp, Edit]>([
    [
      'the index of the table has another projection',
      /the index finder changes .* CloudFormation refuses to change an index/,
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'data'), 'AWS::DynamoDB::GlobalTable', 'SingleTable');
        const [index] = resource.Properties['GlobalSecondaryIndexes'] as object[];
        resource.Properties['GlobalSecondaryIndexes'] = [{ ...index, Projection: { ProjectionType: 'ALL' } }];
      },
    ],
    [
      'the stream of the table has other images',
      /the stream changes from .* replaces a stream with all its unread records/,
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'data'), 'AWS::DynamoDB::GlobalTable', 'SingleTable');
        resource.Properties['StreamSpecification'] = { StreamViewType: 'NEW_AND_OLD_IMAGES' };
      },
    ],
    [
      'the table moves to another region',
      /the replica in .* changes from .* to nothing/,
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'data'), 'AWS::DynamoDB::GlobalTable', 'SingleTable');
        resource.Properties['Replicas'] = [{ Region: 'eu-west-1' }];
      },
    ],
    [
      'another value of a secret is generated',
      /GenerateSecretString changes .* Another random value/,
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'data'), 'AWS::SecretsManager::Secret');
        resource.Properties['GenerateSecretString'] = { PasswordLength: 32 };
      },
    ],
    [
      'the distribution loses its alias',
      /the alias console\.example\.com changes .* to nothing/,
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'console'), 'AWS::CloudFront::Distribution');
        delete (resource.Properties['DistributionConfig'] as { Aliases?: string[] }).Aliases;
      },
    ],
    [
      'the table is not retained',
      /is not retained any more/,
      (stacks) => {
        const { resource } = resourceOf(stackOf(stacks, 'data'), 'AWS::DynamoDB::GlobalTable', 'SingleTable');
        Object.assign(resource, { UpdateReplacePolicy: 'Delete' });
      },
    ],
    [
      'the sender has another domain',
      /is replaced, because EmailIdentity changes from "example\.com" to "example\.net"/,
      (stacks) => {
        resourceOf(stackOf(stacks, 'metering'), 'AWS::SES::EmailIdentity').resource.Properties['EmailIdentity'] =
          'example.net';
      },
    ],
  ])('finds that %s', (_, change, edit) => {
    expect(changesAfter(edit)).toEqual([expect.stringMatching(change)]);
  });

  it('finds every held resource of a stack that is gone', () => {
    const changes = changesAfter((stacks) => {
      delete stacks['data'];
    });

    for (const begin of ['SingleTable', 'ClosingRecordsTable', 'StageSecret']) {
      expect(changes).toContainEqual(expect.stringMatching(`^data: ${begin}\\w+ .* is removed`));
    }
  });
});
