import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { beforeAll, describe, expect, it, vi } from 'vitest';
import { readStage } from '../../config/stage.ts';
import { createTableInput } from '../../functions/table/definition.ts';
import { DataStack } from '../../lib/data-stack.ts';
import { exampleStages } from '../support/example-stages.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

describe.each([
  { stage: 'production', kept: 'Retain', isProtected: true },
  { stage: 'development', kept: 'Delete', isProtected: false },
])('the table in $stage', ({ stage, kept, isProtected }) => {
  let service: SynthesizedService;
  beforeAll(async () => {
    service = await synthesize(stage);
  });

  it('matches the table definition, which the local service and the tests also use', () => {
    const { AttributeDefinitions, BillingMode, KeySchema, GlobalSecondaryIndexes, StreamSpecification } =
      createTableInput('any');

    service.data.template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      AttributeDefinitions,
      BillingMode,
      KeySchema,
      GlobalSecondaryIndexes,
      StreamSpecification: { StreamViewType: StreamSpecification.StreamViewType },
    });
  });

  it('projects only keys into its index, streams new images, and deletes expired items by TTL', () => {
    service.data.template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      GlobalSecondaryIndexes: [{ IndexName: 'finder', Projection: { ProjectionType: 'KEYS_ONLY' } }],
      StreamSpecification: { StreamViewType: 'NEW_IMAGE' },
      TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true },
    });
  });

  it(`can be restored to any time in the last 35 days, and has the deletion policy ${kept}`, () => {
    service.data.template.hasResource('AWS::DynamoDB::GlobalTable', {
      DeletionPolicy: kept,
      UpdateReplacePolicy: kept,
      Properties: {
        Replicas: [
          {
            DeletionProtectionEnabled: isProtected,
            PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true, RecoveryPeriodInDays: 35 },
          },
        ],
      },
    });
    expect(service.data.stack.terminationProtection).toBe(isProtected);
  });
});

describe.each([
  { stage: 'production', kept: 'Retain' },
  { stage: 'development', kept: 'Delete' },
])("the stage's secret in $stage", ({ stage, kept }) => {
  let service: SynthesizedService;
  beforeAll(async () => {
    service = await synthesize(stage);
  });

  it(`is created at random, and has the deletion policy ${kept}`, () => {
    service.data.template.resourceCountIs('AWS::SecretsManager::Secret', 1);
    service.data.template.hasResource('AWS::SecretsManager::Secret', {
      DeletionPolicy: kept,
      UpdateReplacePolicy: kept,
      Properties: { GenerateSecretString: { PasswordLength: 64, ExcludePunctuation: true } },
    });
  });
});

it("a function that seals ceremonies may read the stage's secret, and nothing else of it", () => {
  vi.stubEnv('CDK_VALIDATION', 'false');
  const stack = new DataStack(new App(), 'data', { stage: readStage(exampleStages, 'development') });
  const role = new Role(stack, 'Role', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
  stack.stageSecret.allowReading(role);
  Template.fromStack(stack).hasResourceProperties('AWS::IAM::Policy', {
    PolicyDocument: {
      Statement: [
        {
          Action: 'secretsmanager:GetSecretValue',
          Effect: 'Allow',
          Resource: stack.resolve(stack.stageSecret.arn) as unknown,
        },
      ],
    },
  });
});

describe('the maximum throughput of the table and its index', () => {
  const templateOf = (settings: object) => {
    vi.stubEnv('CDK_VALIDATION', 'false');
    const stage = readStage({ staging: { ...exampleStages['development'], ...settings } }, 'staging');
    return Template.fromStack(new DataStack(new App(), 'data', { stage }));
  };

  it('is the maximum in the settings of the stage', () => {
    const reads = { MaxReadRequestUnits: 4_000 };
    const writes = { MaxWriteRequestUnits: 1_000 };

    const template = templateOf({ tableMaximum: { readUnits: 4_000, writeUnits: 1_000 } });

    template.hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      WriteOnDemandThroughputSettings: writes,
      GlobalSecondaryIndexes: [{ IndexName: 'finder', WriteOnDemandThroughputSettings: writes }],
      Replicas: [
        {
          ReadOnDemandThroughputSettings: reads,
          GlobalSecondaryIndexes: [{ IndexName: 'finder', ReadOnDemandThroughputSettings: reads }],
        },
      ],
    });
  });

  it('is not limited if the settings of the stage contain no maximum', () => {
    templateOf({}).hasResourceProperties('AWS::DynamoDB::GlobalTable', {
      WriteOnDemandThroughputSettings: Match.absent(),
      Replicas: [{ ReadOnDemandThroughputSettings: Match.absent() }],
    });
  });
});
