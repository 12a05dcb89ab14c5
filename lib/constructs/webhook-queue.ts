import { Duration, Validations } from 'aws-cdk-lib';
import { RecursiveLoop, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import { webhookQueue } from '../../functions/events/webhook-queue.ts';
import { allowSending } from './allow-sending.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { ServiceFunction } from './service-function.ts';
import type { SingleTable } from './single-table.ts';
import type { StageSecret } from './stage-secret.ts';
import type { EventSource } from './stream-consumer.ts';

export interface WebhookQueueProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly stageSecret: StageSecret;
}

/** The queue of events for the webhooks of customers, and the function that delivers the events. */
export class WebhookQueue extends Construct {
  readonly queue: Queue;
  /** The function that delivers the events. */
  readonly worker: IFunction;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly eventSource: EventSource;

  constructor(scope: Construct, id: string, props: WebhookQueueProps) {
    super(scope, id);
    const { stage, table, stageSecret } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    this.queue = new Queue(this, 'Queue', {
      enforceSSL: true,
      // An event that two invocations receive at the same time is attempted once, because only one of them begins the
      // attempt.
      visibilityTimeout: Duration.seconds(webhookQueue.visibilityTimeout),
      // An event waits at most 15 minutes in one message. A suspended stage keeps its events for four days.
      retentionPeriod: Duration.days(4),
      deadLetterQueue: { queue: this.deadLetterQueue, maxReceiveCount: webhookQueue.maxReceiveCount },
    });
    const { function: worker } = new ServiceFunction(this, 'deliver-webhooks', {
      name: 'deliver-webhooks',
      stage,
      table,
      environment: { STAGE_SECRET: stageSecret.arn, WEBHOOKS_QUEUE_URL: this.queue.queueUrl },
      timeout: Duration.seconds(webhookQueue.timeout),
      // The function puts an event that is not due yet back into the queue that invokes it. By default, Lambda would
      // stop this loop after 16 messages.
      recursiveLoop: RecursiveLoop.ALLOW,
    });
    stageSecret.allowReading(worker);
    allowSending(worker, this.queue);
    const source = new SqsEventSource(this.queue, {
      batchSize: webhookQueue.batchSize,
      maxConcurrency: webhookQueue.workers,
      enabled: !stage.suspended,
      reportBatchItemFailures: true,
    });
    worker.addEventSource(source);
    this.worker = worker;
    this.eventSource = source;
    Validations.of(worker).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'Lambda supports no such destination for an SQS event source. The redrive policy moves failed messages to the dead-letter queue.',
    });
  }
}
