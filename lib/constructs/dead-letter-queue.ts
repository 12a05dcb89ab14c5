import { Duration, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/** Where something goes that was tried often enough. Anything in it raises the alarm for dead letters. */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    // As long as SQS can: somebody has to look at it and send it again.
    super(scope, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const reason = 'It is itself a dead-letter queue: what is in it is looked at by the operator, whom an alarm tells.';
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-SQS3', reason },
      { id: 'Serverless::Serverless-SQSRedrivePolicy', reason },
    );
  }
}
