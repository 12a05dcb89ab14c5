import type { Duration } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EventFunctionName } from '../../functions/lambda-functions.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LONGEST_TIMEOUT, ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface ScheduledFunctionProps extends Omit<ServiceFunctionProps, 'name' | 'deadLetterQueue'> {
  readonly every: Duration;
  /** The description of the EventBridge rule that invokes the function. */
  readonly description: string;
}

/**
 * A function that runs on a schedule, with a dead-letter queue for failed runs. The construct's ID names the handler
 * file in `functions/events`. By default, the function has the longest time-out that Lambda allows. A run stops before
 * the time-out, and the next run continues the work.
 */
export class ScheduledFunction extends Construct {
  readonly function: IFunction;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: EventFunctionName, props: ScheduledFunctionProps) {
    super(scope, id);
    const { every, description, ...functionProps } = props;
    const deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    const scheduled = new ServiceFunction(this, 'Scheduled', {
      timeout: LONGEST_TIMEOUT,
      ...functionProps,
      name: id,
      deadLetterQueue,
    });
    new Rule(this, 'Rule', {
      description,
      schedule: Schedule.rate(every),
      enabled: !props.stage.suspended,
      targets: [new LambdaFunction(scheduled.function, { deadLetterQueue })],
    });
    this.function = scheduled.function;
    this.deadLetterQueue = deadLetterQueue;
  }
}
