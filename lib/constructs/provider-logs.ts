import { CfnResource, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';

/**
 * Sets a retention of 30 days for the logs of a function that the CDK adds for a custom resource. By default, these
 * logs never expire, and the CDK has no prop that sets their log group. `provider` is the name that the CDK gives the
 * custom resource's provider in the stack. Throws when the stack has no such provider.
 */
export function limitProviderLogs(scope: Construct, id: string, provider: string): void {
  const handler = Stack.of(scope).node.findChild(`${provider}CustomResourceProvider`).node.findChild('Handler');
  if (!(handler instanceof CfnResource)) throw new Error(`Expected ${handler.node.path} to be a resource.`);
  const logs = new LogGroup(scope, id, { retention: RetentionDays.ONE_MONTH, removalPolicy: RemovalPolicy.DESTROY });
  handler.addPropertyOverride('LoggingConfig.LogGroup', logs.logGroupName);
}
