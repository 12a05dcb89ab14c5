import { Duration, Validations } from 'aws-cdk-lib';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';

/**
 * A queue for messages that a function could not process, even after several tries. Any message in the queue raises the
 * alarm "dead-letters".
 */
export class DeadLetterQueue extends Queue {
  constructor(scope: Construct, id: string) {
    // SQS keeps messages for at most 14 days. Within these 14 days, the operator must examine the messages and send
    // them again.
    super(scope, id, { enforceSSL: true, retentionPeriod: Duration.days(14) });
    const reason = 'This queue is itself a dead-letter queue. An alarm tells the operator to examine its messages.';
    Validations.of(this).acknowledge(
      { id: 'AwsSolutions::AwsSolutions-SQS3', reason },
      { id: 'Serverless::Serverless-SQSRedrivePolicy', reason },
    );
  }
}
