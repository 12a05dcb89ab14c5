import { CfnResource, Duration, RemovalPolicy, Stack } from 'aws-cdk-lib';
import { LogGroup, RetentionDays } from 'aws-cdk-lib/aws-logs';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface DeploymentCheckProps extends ServiceFunctionProps {
  /** What is created and updated only after the check has passed. */
  readonly before: readonly Construct[];
}

/** A function that is run when it is deployed and each time that its code or environment changes. If it throws, the deployment fails. */
export class DeploymentCheck extends Construct {
  constructor(scope: Construct, id: string, props: DeploymentCheckProps) {
    super(scope, id);
    const { before, ...functionProps } = props;
    const { function: check } = new ServiceFunction(this, 'Check', functionProps);
    const { timeout } = check;
    new Trigger(this, 'Trigger', {
      handler: check,
      ...(timeout && { timeout: timeout.plus(Duration.seconds(5)) }),
      executeBefore: [...before],
    });
    this.limitProviderLogs();
  }

  /** The CDK's own function behind triggers would log, for ever, what a failed check said: no prop reaches its log group. */
  private limitProviderLogs(): void {
    const provider = Stack.of(this).node.findChild('AWSCDK.TriggerCustomResourceProviderCustomResourceProvider');
    const handler = provider.node.findChild('Handler');
    if (!(handler instanceof CfnResource)) throw new Error(`Expected ${handler.node.path} to be a resource.`);
    const logs = new LogGroup(this, 'TriggerLogs', {
      retention: RetentionDays.ONE_MONTH,
      removalPolicy: RemovalPolicy.DESTROY,
    });
    handler.addPropertyOverride('LoggingConfig.LogGroup', logs.logGroupName);
  }
}
