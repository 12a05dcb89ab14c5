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

/** One invocation discards some hundred thousand items in this time, and then hands the rest to another. */
const TIMEOUT = Duration.minutes(5);
/**
 * When nothing that was under way at the fence can write any more: API keys are remembered for 10 seconds, then the
 * longest function may just have begun, and do what it does once more in another's place.
 */
const SWEEP_AFTER = Duration.seconds(10 + 2 * LONGEST_TIMEOUT.toSeconds());

/** The queue of what is to be discarded, and the worker that discards it. */
export class DiscardingQueue extends Construct {
  readonly queue: Queue;
  readonly deadLetterQueue: DeadLetterQueue;

  constructor(scope: Construct, id: string, props: DiscardingQueueProps) {
    super(scope, id);
    const { stage, table, closingRecords } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // AWS: "at least six times the timeout of your function", so that none is delivered again while it is worked on.
      visibilityTimeout: Duration.seconds(6 * TIMEOUT.toSeconds()),
      retentionPeriod: Duration.days(14),
      // What failed five times, half an hour apart each, will not heal by itself.
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
      // 257 queries an RP and pass: a core.
      memorySize: 1_769,
      // It sends itself what is left to do. Lambda would take that for a loop and end it after 16 messages.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    this.allowSending(worker);
    closingRecords.allowKeeping(worker);
    worker.addEventSource(
      new SqsEventSource(this.queue, {
        // A message is one RP, partition or customer, and may take the whole time-out.
        batchSize: 1,
        // Discarding can wait: it must not take the table and the concurrency from requests.
        maxConcurrency: 10,
      }),
    );
    Validations.of(worker).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'Lambda knows no such destination for SQS: a message that failed goes to the dead-letter queue by redrive.',
    });
  }

  /** Lets somebody hand work to the queue. */
  allowSending({ grantPrincipal }: IGrantable): void {
    grantPrincipal.addToPrincipalPolicy(
      new PolicyStatement({ actions: ['sqs:SendMessage'], resources: [this.queue.queueArn] }),
    );
  }
}
