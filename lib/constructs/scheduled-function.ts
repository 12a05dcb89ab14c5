import { Duration, Validations } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Construct } from 'constructs';
import type { EventFunctionName } from '../../functions/lambda-functions.ts';
import { LONGEST_TIMEOUT, ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface ScheduledFunctionProps extends Omit<ServiceFunctionProps, 'name' | 'deadLetterQueue' | 'repeats'> {
  /** The time from the beginning of a run to the beginning of the next run. At most a day. */
  readonly every: Duration;
  /** The description of the EventBridge rule that invokes the function. */
  readonly description: string;
}

/** The longest time that Lambda keeps the event of an asynchronous invocation. */
const LONGEST_EVENT_AGE = Duration.hours(6);
/**
 * How long Lambda waits, in total, before the last of so many retries of an asynchronous invocation ("How Lambda
 * handles errors and retries with asynchronous invocation" in the AWS Lambda Developer Guide).
 */
const WAITS = [Duration.minutes(0), Duration.minutes(1), Duration.minutes(3)] as const;

/**
 * A function that runs on a schedule. The construct's ID names the handler file in `functions/events`. By default, the
 * function has the longest time-out that Lambda allows. A run stops before the time-out, and the next run continues the
 * work.
 *
 * The next run also does the work of a run that failed. So no event of a schedule is kept in a dead-letter queue, and
 * none is delivered after the next one is due. By default, EventBridge would try to deliver an event for 24 hours, and
 * Lambda would keep it for 6 hours. After an outage, Lambda would then begin all runs that were due in this time at
 * once. The alarm "runs-missing", "summary-overdue" or "metadata-overdue" rings when no run ends.
 */
export class ScheduledFunction extends Construct {
  readonly function: IFunction;

  constructor(scope: Construct, id: EventFunctionName, props: ScheduledFunctionProps) {
    super(scope, id);
    const { every, description, timeout = LONGEST_TIMEOUT, ...functionProps } = props;
    const scheduled = new ServiceFunction(this, 'Scheduled', {
      ...functionProps,
      timeout,
      name: id,
      repeats: {
        retryAttempts: retriesBetween(every, timeout),
        maxEventAge: Duration.minutes(Math.min(every.toMinutes(), LONGEST_EVENT_AGE.toMinutes())),
      },
    });
    const rule = new Rule(this, 'Rule', {
      description,
      schedule: Schedule.rate(every),
      enabled: !props.stage.suspended,
      targets: [new LambdaFunction(scheduled.function, { maxEventAge: every })],
    });
    Validations.of(rule).acknowledge({
      id: 'Serverless::Serverless-EventBusDLQ',
      reason: 'The next event of the schedule has the same effect. An alarm watches that runs end.',
    });
    this.function = scheduled.function;
  }
}

/**
 * Returns how often Lambda may retry a failed run so that the last attempt ends before the next run is due, even if
 * each attempt uses its whole time-out: 0, 1 or 2 times.
 */
function retriesBetween(every: Duration, timeout: Duration): number {
  const ends = WAITS.map((wait, retries) => (retries + 1) * timeout.toSeconds() + wait.toSeconds());
  return ends.filter((end) => end <= every.toSeconds()).length - 1;
}
