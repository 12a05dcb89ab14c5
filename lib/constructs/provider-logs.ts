import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * Has a function that the CDK adds to the stack by itself, for a custom resource, log for 30 days. It would log for ever:
 * no prop reaches its log group.
 */
export function limitProviderLogs(scope: Construct, id: string, provider: string): void {
  const handler = Stack.of(scope).node.findChild(`${provider}CustomResourceProvider`).node.findChild('Handler');
  if (!(handler instanceof CfnResource)) throw new Error(`Expected ${handler.node.path} to be a resource.`);
  const logs = new LogGroup(scope, id, { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
  handler.addPropertyOverride('LoggingConfig.LogGroup', logs.logGroupName);
}
