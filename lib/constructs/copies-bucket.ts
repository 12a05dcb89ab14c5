import { Aws, Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { BlockPublicAccess, Bucket, BucketEncryption, ObjectLockRetention } from 'aws-cdk-lib/aws-s3';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import type { ScheduledFunction } from './scheduled-function.ts';

/** The settings of a stage that has copies. */
export type CopiesSettings = NonNullable<Stage['copies']>;

/**
 * Returns the name of the bucket of copies. The name follows from the stage, the account and the region of the bucket,
 * so the function that writes the copies finds the bucket in another region without a reference between stacks.
 */
export const copiesBucketName = ({ name }: Stage, { region }: CopiesSettings): string =>
  `fido2-${name}-copies-${Aws.ACCOUNT_ID}-${region}`;

/**
 * Allows a function to store copies in the bucket of a stage, but not to read or delete them, and not to store them in
 * a bucket of another account.
 */
export function allowCopying(scheduled: ScheduledFunction, stage: Stage, settings: CopiesSettings): void {
  const resource = `arn:aws:s3:::${copiesBucketName(stage, settings)}/*`;
  Validations.of(scheduled).acknowledge({
    id: `AwsSolutions::AwsSolutions-IAM5[Resource::${resource.replace(Aws.ACCOUNT_ID, '<AWS::AccountId>')}]`,
    reason: 'The name of a copy contains the ID of a customer and a time. The right is to store objects only.',
  });
  scheduled.function.addToRolePolicy(
    new PolicyStatement({
      actions: ['s3:PutObject'],
      resources: [resource],
      // Somebody else could create a bucket of this name while the account has none ("s3:ResourceAccount" in "Actions,
      // resources, and condition keys for Amazon S3", Service Authorization Reference).
      conditions: { StringEquals: { 's3:ResourceAccount': Aws.ACCOUNT_ID } },
    }),
  );
}

/**
 * The bucket of copies. S3 keeps each copy for the time of the lock, and each version of it. The bucket stays when its
 * stack is deleted.
 */
export class CopiesBucket extends Construct {
  constructor(scope: Construct, id: string, props: { readonly stage: Stage; readonly settings: CopiesSettings }) {
    super(scope, id);
    const { stage, settings } = props;
    const bucket = new Bucket(this, 'Bucket', {
      bucketName: copiesBucketName(stage, settings),
      versioned: true,
      objectLockEnabled: true,
      objectLockDefaultRetention: ObjectLockRetention[settings.mode](Duration.days(settings.lockDays)),
      encryption: BucketEncryption.S3_MANAGED,
      enforceSSL: true,
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      removalPolicy: RemovalPolicy.RETAIN,
    });
    Validations.of(bucket).acknowledge({
      id: 'AwsSolutions::AwsSolutions-S1',
      reason: 'One function writes the copies, and its log says how many. Only the operator reads them.',
    });
  }
}
