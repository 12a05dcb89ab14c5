import { RemovalPolicy } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * A log group that keeps log lines for 30 days, as the service promises to customers. Logs serve only to find faults,
 * so CloudFormation deletes the log group when the stack is deleted.
 */
export class ServiceLogs extends LogGroup {
  /** `name` is the name of the log group. By default, CloudFormation creates a name. */
  constructor(scope: Construct, id: string, name?: string) {
    super(scope, id, {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
      ...(name !== undefined && { logGroupName: name }),
    });
  }
}
