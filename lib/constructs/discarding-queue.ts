import { Duration, Validations } from 'aws-cdk-lib';
import { PolicyStatement, type IGrantable } from 'aws-cdk-lib/aws-iam';
import { RecursiveLoop } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import type { ClosingRecords } from './closing-records.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { LONGEST_TIMEOUT, ServiceFunction } from './service-function.ts';
import type { SingleTable } from './single-table.ts';

export interface DiscardingQueueProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly closingRecords: ClosingRecords;
}

/**
 * The time-out of the worker. Shortly before it, an invocation has discarded some hundred thousand items, and sends the
 * queue a message for the rest.
 */
const TIMEOUT = Duration.minutes(5);
/**
 * How long the sweep waits after the fence, which is the write that sets a customer's status to `unsubscribing`. By
 * then, no request that passed the fence can still write. Functions cache API keys for 10 seconds. At the end of that
 * time, the function with the longest time-out may have just started, and its retry may take as long again.
 */
const SWEEP_AFTER = Duration.seconds(10 + 2 * LONGEST_TIMEOUT.toSeconds());

/** The queue of data to discard, and the worker that discards it. */
export class DiscardingQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: DiscardingQueueProps) {
    super(scope, id);
    const { stage, table, closingRecords } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // AWS: "at least six times the timeout of your function", so that no message is delivered again while it is processed.
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      retentionPeriod: Duration.days(14),
      // A message that failed five times, half an hour apart, will not succeed by itself.
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
      // A pass over an RP makes 257 queries, which need a full core.
      memorySize: 1_769,
      // The worker sends the remaining work to its own queue. By default, Lambda would stop this loop after 16
      // messages.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.allowSending(worker);
    closingRecords.allowKeeping(worker);
    worker.addEventSource(
      new SqsEventSource(this.queue, {
        // A message contains the work for one RP, partition or customer, which may take the whole time-out.
        batchSize: 1,
        // Discarding can wait, so it must not take table capacity and concurrency away from requests.
        maxConcurrency: 10,
      }),
    );
    Validations.of(worker).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'Lambda has no such destination for SQS. The redrive policy moves failed messages to the dead-letter queue.',
    });
  }

  /** Allows the grantee to send work to the queue. */
  allowSending({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
  }
}
