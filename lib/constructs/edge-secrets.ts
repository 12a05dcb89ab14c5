import { RemovalPolicy, Stack, Validations, type SecretValue } from 'aws-cdk-lib';
import { Secret } from 'aws-cdk-lib/aws-secretsmanager';
import { Construct } from 'constructs';

export interface EdgeSecretsProps {
  /** The numbers of the secrets. CloudFront sends the first secret, and the API accepts all secrets. */
  readonly numbers: readonly number[];
}

/**
 * The secrets with which CloudFront proves to the API that it forwarded a request. Secrets Manager creates each secret
 * at random. The templates contain only references to the secrets, and CloudFormation replaces these references when it
 * deploys CloudFront and the functions. So the functions need no right to read a secret, and no request reads one.
 */
export class EdgeSecrets extends Construct {
  /** The secret that CloudFront sends. */
  readonly sent: SecretValue;
  /** All secrets that the API accepts. */
  readonly accepted: readonly SecretValue[];

  constructor(scope: Construct, id: string, { numbers }: EdgeSecretsProps) {
    super(scope, id);
    const secrets = numbers.map((number) => this.createSecret(number));
    this.accepted = secrets.map(({ secretValue }) => secretValue);
    const [sent] = this.accepted;
    if (!sent) throw new Error('A stage needs at least one edge secret.');
    this.sent = sent;
  }

  private createSecret(number: number): Secret {
    const secret = new Secret(this, `Secret${number}`, {
      description: `Edge secret ${number}: CloudFront sends it to the API of ${Stack.of(this).stackName}`,
      // 43 letters and digits have 256 random bits.
      generateSecretString: { passwordLength: 43, excludePunctuation: true },
      removalPolicy: RemovalPolicy.DESTROY,
    });
    // The console stack imports only the secret that CloudFront sends. The export of every other secret stays too,
    // because CloudFormation refuses to delete the export of the old secret before the console stack is updated.
    Stack.of(this).exportValue(secret.secretArn);
    Validations.of(secret).acknowledge({
      id: 'AwsSolutions::AwsSolutions-SMG4',
      reason:
        'A rotation must deploy both CloudFront and the functions. The operator rotates the secret as the runbook describes.',
    });
    return secret;
  }
}
