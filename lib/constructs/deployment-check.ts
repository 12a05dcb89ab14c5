import { Duration } from 'aws-cdk-lib';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { limitProviderLogs } from './provider-logs.ts';
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
    // Its log would hold what a failed check said.
    limitProviderLogs(this, 'TriggerLogs', 'AWSCDK.TriggerCustomResourceProvider');
  }
}
