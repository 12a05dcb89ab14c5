import { Duration } from 'aws-cdk-lib';
import { Trigger } from 'aws-cdk-lib/triggers';
import { Construct } from 'constructs';
import { limitProviderLogs } from './provider-logs.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface DeploymentCheckProps extends Omit<ServiceFunctionProps, 'runsWhileSuspended'> {
  /** The constructs that are created or updated only after the check has passed. */
  readonly before: readonly Construct[];
}

/**
 * Runs a function when the function is first deployed, and whenever the function's code or environment changes. The
 * deployment fails if the function throws.
 */
export class DeploymentCheck extends Construct {
  constructor(scope: Construct, id: string, props: DeploymentCheckProps) {
    super(scope, id);
    const { before, ...functionProps } = props;
    const { function: check } = new ServiceFunction(this, 'Check', { ...functionProps, runsWhileSuspended: true });
    const { timeout } = check;
    new Trigger(this, 'Trigger', {
      handler: check,
      ...(timeout && { timeout: timeout.plus(Duration.seconds(5)) }),
      executeBefore: [...before],
    });
    // Without this limit, the log of the trigger's function would keep the message of a failed check forever.
    limitProviderLogs(this, 'TriggerLogs', 'AWSCDK.TriggerCustomResourceProvider');
  }
}
