import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { Fn, RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, Role, ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { BlockPublicAccess, Bucket, BucketEncryption, type CfnBucket } from 'aws-cdk-lib/aws-s3';
import { Asset } from 'aws-cdk-lib/aws-s3-assets';
import { BucketDeployment, CacheControl, Source } from 'aws-cdk-lib/aws-s3-deployment';
import { Construct } from 'constructs';
import { consoleCaching, consolePage } from '../../config/console-files.ts';
import { limitProviderLogs } from './provider-logs.ts';

export interface ConsoleFilesProps {
  /** The folder that contains the built console. */
  readonly folder: string;
}

/**
 * The bucket that stores the console's files. Only the CloudFront distribution reads the bucket. The constructor throws
 * when the folder does not contain a built console.
 */
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
      // The bucket contains only builds of the console, and the developer can build the console again.
      autoDeleteObjects: true,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    limitProviderLogs(this, 'EmptyingLogs', 'Custom::S3AutoDeleteObjects');
    Validations.of(this.bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason:
        'The bucket contains only a build of the console, which anybody may see, and only the distribution reads the bucket.',
    });
    this.deploy(folder);
  }

  private deploy(folder: string): void {
    const logGroup = new LogGroup(this, 'DeploymentLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The folder `.vite` contains the manifest of the build, which browsers do not need.
    const build = new Asset(this, 'Build', { path: folder, exclude: ['.vite'] });
    const role = this.copierRole(build, logGroup);
    const props = {
      sources: [Source.bucket(build.bucket, build.s3ObjectKey)],
      destinationBucket: this.bucket,
      // After a deployment, a page that was opened before the deployment may still load assets of its own build, such
      // as the code of the chart. So the bucket keeps the assets of every build. The assets of a hundred builds cost
      // four cents a year.
      prune: false,
      outputObjectKeys: false,
      // The CDK's function copies the files with the AWS command line, which is slow with the CDK's default memory of
      // 128 MB.
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
    // The CDK deploys the console page, which is one of the other files, after the assets, so that the page never
    // refers to a missing asset.
    others.node.addDependency(assets);
    this.acknowledgeCopier();
  }

  /**
   * Creates the role for the CDK's function that copies the files. The CDK's own role would allow the function to write
   * to every log group and to delete files.
   */
  private copierRole(build: Asset, logGroup: LogGroup): Role {
    const stack = Stack.of(this);
    const role = new Role(this, 'CopierRole', { assumedBy: new ServicePrincipal('lambda.amazonaws.com') });
    const allow = (action: string, resource: string) =>
      role.addToPolicy(new PolicyStatement({ actions: [action], resources: [resource] }));
    /**
     * Allows an action on all objects of a bucket. `bucketArn` is a template for `Fn::Sub`, with references such as
     * `${AWS::Partition}`.
     */
    const allowOnObjects = (action: string, bucketArn: string, reason: string) => {
      const objects = `${bucketArn}/*`;
      allow(action, Fn.sub(objects));
      // The ID of a cdk-nag finding contains the resource ARN, in which cdk-nag writes each reference in angle
      // brackets.
      const named = objects.replaceAll('${', '<').replaceAll('}', '>');
      Validations.of(role).acknowledge({ id: `AwsSolutions::AwsSolutions-IAM5[Resource::${named}]`, reason });
    };

    logGroup.grantWrite(role);
    const buildBucket = stack.resolve(build.s3BucketName) as string | { readonly 'Fn::Sub': string };
    allowOnObjects(
      's3:GetObject',
      `arn:\${AWS::Partition}:s3:::${typeof buildBucket === 'string' ? buildBucket : buildBucket['Fn::Sub']}`,
      'Each build is an object with a different name. If the policy named the object, each deployment of a new build would also have to change the policy. IAM needs some time to apply a changed policy, so S3 would refuse the request of the function.',
    );
    allow('s3:ListBucket', this.bucket.bucketArn);
    allowOnObjects(
      's3:PutObject',
      `\${${stack.getLogicalId(this.bucket.node.defaultChild as CfnBucket)}.Arn}`,
      'The function writes all files of a build, but only to this bucket.',
    );
    return role;
  }

  private acknowledgeCopier(): void {
    const [copier] = Stack.of(this).node.children.filter(({ node }) =>
      node.id.startsWith('Custom::CDKBucketDeployment'),
    );
    if (!copier) throw new Error('Expected the function of the bucket deployments in the stack.');
    const runtime =
      'The CDK chooses the language and runtime version of this function, and updates them with its own releases.';
    Validations.of(copier).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-L1', reason: runtime },
      { id: 'Serverless::Serverless-LambdaLatestVersion', reason: runtime },
      {
        id: 'Serverless::Serverless-LambdaDLQ',
        reason: 'Only a deployment invokes this function, and the deployment fails when the function fails.',
      },
      {
        id: 'Serverless::Serverless-LambdaTracing',
        reason: 'The function runs once per deployment. The deployment waits for the function and shows its messages.',
      },
    );
  }
}
