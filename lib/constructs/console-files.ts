import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type IBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { flattenCfnReference } from 'cdk-nag/lib/utils/flatten-cfn-reference.js';
import { Construct } from 'constructs';
import { consoleCaching, consolePage } from '../../config/console-files.ts';
import { limitProviderLogs } from './provider-logs.ts';

export interface ConsoleFilesProps {
  /** The folder that the console was built to. */
  readonly folder: string;
}

/** The console's files in a bucket that only the distribution reads. Throws when the console was not built. */
export class ConsoleFiles extends Construct {
  readonly bucket: Bucket;

  constructor(scope: Construct, id: string, props: ConsoleFilesProps) {
    super(scope, id);
    const { folder } = props;
    if (!existsSync(join(folder, consolePage))) {
      throw new Error(`There is no console in ${folder}. Build it first: npm run build`);
    }
    this.bucket = new Bucket(this, 'Bucket', {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      // Nothing is in it but a build.
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    limitProviderLogs(this, 'EmptyingLogs', 'Custom::S3AutoDeleteObjects');
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'It holds a build that anybody may see, and only the distribution reads it.',
    });
    this.deploy(folder);
  }

  private deploy(folder: string): void {
    const logGroup = new LogGroup(this, 'DeploymentLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // What Vite notes of the build is for no browser.
    const build = new Asset(this, 'Build', { path: folder, exclude: ['.vite'] });
    const role = this.copierRole(build.bucket, logGroup);
    const props = {
      sources: [Source.bucket(build.bucket, build.s3ObjectKey)],
      destinationBucket: this.bucket,
      // Pages that are open load assets of the build that they came from, the chart above all. Those of all builds stay: a
      // hundred of them cost four cents a year.
      prune: false,
      outputObjectKeys: false,
      // The AWS command line, which copies, is slow with the CDK's 128 MB.
      memoryLimit: 512,
      logGroup,
      role: role.withoutPolicyUpdates(),
    };
    const assets = new BucketDeployment(this, 'Assets', {
      ...props,
      exclude: ['*'],
      include: ['assets/*'],
      cacheControl: [CacheControl.fromString(consoleCaching.assets)],
    });
    const others = new BucketDeployment(this, 'Others', {
      ...props,
      exclude: ['assets/*'],
      cacheControl: [CacheControl.fromString(consoleCaching.others)],
    });
    assets.node.addDependency(role);
    // A page must not name assets that are not there yet.
    others.node.addDependency(assets);
    this.acknowledgeCopier();
  }

  /**
   * A role for the CDK's function that copies. The one that the CDK makes may write to every log group there is, and delete
   * what it never does.
   */
  private copierRole(source: IBucket, logGroup: LogGroup): Role {
    const role = new Role(this, 'CopierRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const allow = (action: string, resource: string) =>
      role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
    const sources = source.arnForObjects('*');
    const files = this.bucket.arnForObjects('*');
    logGroup.grantWrite(role);
    allow('s3:GetObject', sources);
    allow('s3:ListBucket', this.bucket.bucketArn);
    allow('s3:PutObject', files);
    const ruleOf = (resource: string) =>
      `AwsSolutions::AwsSolutions-IAM5[Resource::${flattenCfnReference(Stack.of(this).resolve(resource))}]`;
    Validations.of(role).acknowledge(
      {
        id: ruleOf(sources),
        reason:
          'Each build has another name there. A policy that named it would change in the same moment, and IAM takes its time: the function would be refused.',
      },
      { id: ruleOf(files), reason: 'It writes whatever files a build has, and to this bucket only.' },
    );
    return role;
  }

  private acknowledgeCopier(): void {
    const [copier] = Stack.of(this).node.children.filter(({ node }) =>
      node.id.startsWith('Custom::CDKBucketDeployment'),
    );
    if (!copier) throw new Error('Expected the function of the bucket deployments in the stack.');
    const runtime = 'The CDK chooses its language and version, and raises it with its own.';
    Validations.of(copier).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-L1', reason: runtime },
      { id: 'Serverless::Serverless-LambdaLatestVersion', reason: runtime },
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'Only a deployment invokes it, and fails when it does.',
      },
      {
        id: 'Serverless::Serverless-LambdaTracing',
        reason: 'It runs once a deployment, which waits for it and shows what it says.',
      },
    );
  }
}
