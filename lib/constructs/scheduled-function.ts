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
  /** What it is fired for. */
  readonly description: string;
}

/**
 * A function that is fired again and again, and a queue for runs that were given up: the file in `functions/events` that has
 * the construct's ID. It has all the time that Lambda gives, unless another time-out is set: a run ends in good time by
 * itself and the next one goes on.
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
      targets: [new LambdaFunction(scheduled.function, { deadLetterQueue })],
    });
    this.function = scheduled.function;
    this.deadLetterQueue = deadLetterQueue;
  }
}
