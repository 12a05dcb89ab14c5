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
  /** The folder with the built console. */
  readonly folder: string;
}

/** Stores the console's files in a bucket that only the distribution can read. Throws if the console is not built. */
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
      // The bucket holds nothing but a build.
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    limitProviderLogs(this, 'EmptyingLogs', 'Custom::S3AutoDeleteObjects');
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'The bucket holds a public build, and only the distribution reads it.',
    });
    this.deploy(folder);
  }

  private deploy(folder: string): void {
    const logGroup = new LogGroup(this, 'DeploymentLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // Browsers do not need Vite's manifest.
    const build = new Asset(this, 'Build', { path: folder, exclude: ['.vite'] });
    const role = this.copierRole(build.bucket, logGroup);
    const props = {
      sources: [Source.bucket(build.bucket, build.s3ObjectKey)],
      destinationBucket: this.bucket,
      // Open pages load assets of the build that they came from, such as the graph. So the assets of all builds stay. A
      // hundred builds cost four cents a year.
      prune: false,
      outputObjectKeys: false,
      // The AWS CLI, which copies the files, is slow with the CDK's default of 128 MB.
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
    // A page must not refer to assets that are not deployed yet.
    others.node.addDependency(assets);
    this.acknowledgeCopier();
  }

  /**
   * Creates the role for the CDK's function that copies the files. The CDK's own role could write to every log group and
   * delete files, which this function never does.
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
          'Each build has a new object key. A policy with the key would change during the deployment, and IAM would apply it too late for the function.',
      },
      { id: ruleOf(files), reason: 'A build can have any file names. The function writes to this bucket only.' },
    );
    return role;
  }

  private acknowledgeCopier(): void {
    const [copier] = Stack.of(this).node.children.filter(({ node }) =>
      node.id.startsWith('Custom::CDKBucketDeployment'),
    );
    if (!copier) throw new Error('Expected the function of the bucket deployments in the stack.');
    const runtime = 'The CDK chooses the runtime, and a CDK upgrade raises its version.';
    Validations.of(copier).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-L1', reason: runtime },
      { id: 'Serverless::Serverless-LambdaLatestVersion', reason: runtime },
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'Only a deployment invokes the function, and the deployment fails if the function fails.',
      },
      {
        id: 'Serverless::Serverless-LambdaTracing',
        reason: 'The function runs once in a deployment, which waits for it and shows its output.',
      },
    );
  }
}
