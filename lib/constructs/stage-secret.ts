import { RemovalPolicy, Stack, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface StageSecretProps {
  /** Whether the secret survives the deletion of its stack. */
  readonly retained: boolean;
}

/**
 * The secret of the stage, from which the keys that seal ceremonies are derived. Secrets Manager creates it at random.
 * It is not in the table, so nobody can forge a ceremony with a copy of the table. Unlike the edge secrets, it is not
 * in the configuration of the functions: a function reads it when it first needs it, so that a rotation needs no
 * deployment.
 */
export class StageSecret extends Construct {
  /** The ARN of the secret, with which functions read it. */
  readonly arn: string;

  constructor(scope: Construct, id: string, { retained }: StageSecretProps) {
    super(scope, id);
    const secret = new Secret(this, 'Secret', {
      description: `Stage secret: seals the ceremonies of ${Stack.of(this).stackName}`,
      // 64 letters and digits have 381 random bits.
      generateSecretString: { passwordLength: 64, excludePunctuation: true },
      removalPolicy: retained ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
    });
    this.arn = secret.secretArn;
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'An automatic rotation would add a function with the right to replace the secret. The operator rotates the secret as the runbook describes, at most once in 25 hours, because a ceremony lasts up to 24 hours.',
    });
  }

  /** Allows the grantee to read the current and the previous secret. */
  allowReading({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['secretsmanager:GetSecretValue'], resources: [this.arn] }),
    );
  }
}
