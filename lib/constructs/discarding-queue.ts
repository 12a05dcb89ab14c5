import { Duration, Validations } from 'aws-cdk-lib';
import type { IGrantable } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import { allowSending } from './allow-sending.ts';
import type { ClosingRecords } from './closing-records.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LONGEST_TIMEOUT, ServiceFunction } from './service-function.ts';
import type { SingleTable } from './single-table.ts';
import type { EventSource } from './stream-consumer.ts';

export interface DiscardingQueueProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly closingRecords: ClosingRecords;
}

/**
 * The time-out of the worker, which is the function that reads the discarding queue. Within this time, an invocation of
 * the worker can delete several hundred thousand items. Shortly before the time-out, the invocation sends the queue a
 * message about the remaining items.
 */
const TIMEOUT = Duration.minutes(5);
/**
 * The time from the fence to the sweep. The fence is the write that sets a customer's status to `unsubscribing`. In the
 * sweep, the worker empties all partitions of the customer's RPs a second time. When the sweep begins, no request or
 * scheduled run that began before the fence or missed the fence can still write. Functions cache API keys for 10
 * seconds, so an invocation that starts up to 10 seconds after the fence may miss the fence. This invocation may have
 * the longest time-out. If it fails at its time-out, Lambda may retry it, and the retry may run just as long.
 */
const SWEEP_AFTER = Duration.seconds(10 + 2 * LONGEST_TIMEOUT.toSeconds());

/** The queue of messages that say which data to discard, and the worker that discards the data. */
export class DiscardingQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly eventSource: EventSource;

  constructor(scope: Construct, id: string, props: DiscardingQueueProps) {
    super(scope, id);
    const { stage, table, closingRecords } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // AWS recommends "at least six times the timeout of your function", so that SQS does not deliver a message again
      // while the worker still handles the message.
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      retentionPeriod: Duration.days(14),
      // A message that failed five times, with half an hour between the attempts, will not succeed without a fix.
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: 5 },
    });

    const { function: worker } = new ServiceFunction(this, 'discard-items', {
      name: 'discard-items',
      stage,
      table,
      environment: {
        DISCARDING_QUEUE_URL: this.queue.queueUrl,
        CLOSING_RECORDS_TABLE_NAME: closingRecords.table.tableName,
        SWEEP_AFTER_SECONDS: String(SWEEP_AFTER.toSeconds()),
      },
      timeout: TIMEOUT,
      // To find the items of an RP, the worker makes 257 queries, which need a full CPU core.
      memorySize: 1_769,
      // The worker sends messages about remaining items to the same queue that invokes the worker. By default, Lambda
      // would stop this loop after 16 messages.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.allowSending(worker);
    closingRecords.allowKeeping(worker);
    const source = new SqsEventSource(this.queue, {
      // A message asks the worker to discard items of an RP, a partition or a customer. The worker may need the whole
      // time-out for one message.
      batchSize: 1,
      // Discarding is not urgent, so it must not use the table capacity and the Lambda concurrency that requests need.
      // A new AWS account allows only 10 concurrent executions, of which sending e-mails uses up to 4, and delivering
      // events to webhooks up to 2.
      maxConcurrency: 2,
      enabled: !stage.suspended,
    });
    worker.addEventSource(source);
    this.eventSource = source;
    Validations.of(worker).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'Lambda supports no such destination for an SQS event source. The redrive policy moves failed messages to the dead-letter queue.',
    });
  }

  /** Allows the grantee to send messages to the queue. */
  allowSending(grantee: IGrantable): void {
    allowSending(grantee, this.queue);
  }
}
