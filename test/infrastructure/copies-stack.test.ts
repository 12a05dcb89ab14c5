import { Stack } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { beforeAll, expect, it } from 'vitest';
import { synthesize, type SynthesizedService } from './synthesize.ts';

let service: SynthesizedService;
let without: SynthesizedService;
let copies: Template;
beforeAll(async () => {
  const settings = { copies: { region: 'eu-west-1', lockDays: 3_650 } } as const;
  service = await synthesize('production', { settings });
  without = await synthesize('production');
  const root = service.data.stack.node.root;
  copies = Template.fromStack(Stack.of(root.node.findChild('fido2-server-service-production-copies')));
});

const name = { 'Fn::Join': ['', ['fido2-production-copies-', { Ref: 'AWS::AccountId' }, '-eu-west-1']] };

it('the bucket of copies is in its region, versioned, locked, encrypted, private and kept', () => {
  const [bucket] = service.inOrder.filter(({ stackName }) => stackName.endsWith('-copies'));
  expect(bucket?.stackName).toBe('fido2-server-service-production-copies');
  copies.hasResource('AWS::S3::Bucket', {
    DeletionPolicy: 'Retain',
    UpdateReplacePolicy: 'Retain',
    Properties: {
      BucketName: name,
      VersioningConfiguration: { Status: 'Enabled' },
      ObjectLockEnabled: true,
      ObjectLockConfiguration: {
        ObjectLockEnabled: 'Enabled',
        Rule: { DefaultRetention: { Mode: 'GOVERNANCE', Days: 3_650 } },
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: 'AES256' } }],
      },
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
    },
  });
  copies.hasResourceProperties('AWS::S3::BucketPolicy', {
    PolicyDocument: {
      Statement: [Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } })],
    },
  });
});

it('only close-months writes copies, and may only store objects, in a bucket of its own account', () => {
  const policies = Object.values(service.metering.template.findResources('AWS::IAM::Policy'));
  const rights = policies.flatMap(({ Properties }) => {
    const { PolicyDocument, Roles } = Properties as {
      PolicyDocument: { Statement: { Action: unknown; Resource: unknown; Condition?: unknown }[] };
      Roles: { Ref: string }[];
    };
    return PolicyDocument.Statement.filter(({ Action }) => JSON.stringify(Action).includes('s3:')).map(
      ({ Action, Resource, Condition }) => ({ Action, Resource, Condition, role: Roles[0]?.Ref.slice(0, 11) }),
    );
  });
  expect(rights).toEqual([
    {
      Action: 's3:PutObject',
      Resource: {
        'Fn::Join': ['', ['arn:aws:s3:::fido2-production-copies-', { Ref: 'AWS::AccountId' }, '-eu-west-1/*']],
      },
      Condition: { StringEquals: { 's3:ResourceAccount': { Ref: 'AWS::AccountId' } } },
      role: 'closemonths',
    },
  ]);
  service.metering.template.hasResourceProperties('AWS::Lambda::Function', {
    Environment: { Variables: Match.objectLike({ COPIES_BUCKET: name, COPIES_REGION: 'eu-west-1' }) },
  });
});

it('a stage without copies has no bucket of copies, and no function that could write to one', () => {
  expect(without.inOrder.map(({ stackName }) => stackName)).not.toContain('fido2-server-service-production-copies');
  const text = JSON.stringify(without.metering.template.toJSON());
  expect(text).not.toContain('s3:PutObject');
  expect(text).not.toContain('COPIES_BUCKET');
});
