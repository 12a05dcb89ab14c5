import { Duration, Validations } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { SqsEventSource } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Queue, type IQueue } from 'aws-cdk-lib/aws-sqs';
import { Construct } from 'constructs';
import type { Stage } from '../../config/stage.ts';
import { mailQueues } from '../../functions/events/mail-queues.ts';
import { streamMappings } from '../../functions/events/stream-mappings.ts';
import { allowSending } from './allow-sending.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import type { Sender } from './sender.ts';
import { ServiceFunction } from './service-function.ts';
import type { SingleTable } from './single-table.ts';
import { StreamConsumer, type EventSource } from './stream-consumer.ts';

export interface MailQueuesProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly sender: Sender;
  /** The queue of events for webhooks, to which `forward-mails` forwards them. */
  readonly webhooks: IQueue;
}

/**
 * The path of an e-mail from the table's stream to SES: the function `forward-mails`, a queue for e-mails with links, a
 * queue for notices, and the function `send-mail`. Each queue has an event source mapping of its own, so a flood of
 * e-mails in one queue does not delay the e-mails in the other queue.
 */
export class MailQueues extends Construct {
  /** The function that receives new e-mails, and new events for webhooks, from the table's stream. */
  readonly forwarder: IFunction;
  /** The function that sends the e-mails of both queues. */
  readonly worker: IFunction;
  readonly links: IQueue;
  readonly notices: IQueue;
  /** The queue for batches of stream records that `forward-mails` could not forward. */
  readonly unforwarded: IQueue;
  /** The queue for e-mails that `send-mail` could not send. */
  readonly unsent: IQueue;
  readonly eventSources: readonly EventSource[];

  constructor(scope: Construct, id: string, props: MailQueuesProps) {
    super(scope, id);
    const { stage, table, sender, webhooks } = props;
    this.unsent = new DeadLetterQueue(this, 'DeadLetters');
    this.links = this.addQueue('Links', this.unsent);
    this.notices = this.addQueue('Notices', this.unsent);

    const forwarder = new StreamConsumer(this, 'forward-mails', {
      mapping: streamMappings.mails,
      stage,
      table,
      environment: {
        LINKS_QUEUE_URL: this.links.queueUrl,
        NOTICES_QUEUE_URL: this.notices.queueUrl,
        WEBHOOKS_QUEUE_URL: webhooks.queueUrl,
      },
      // A batch of 100 e-mails takes 10 calls of SQS for each queue. A call ends after at most 2 seconds for each of
      // three attempts.
      timeout: Duration.minutes(1),
    });
    allowSending(forwarder.function, this.links, this.notices, webhooks);
    this.forwarder = forwarder.function;
    this.unforwarded = forwarder.deadLetterQueue;

    const { function: worker } = new ServiceFunction(this, 'send-mail', {
      name: 'send-mail',
      stage,
      table,
      environment: {
        ...sender.environment,
        CONTACT: stage.contact,
        EMAILS_PER_SECOND: String(stage.emailsPerSecond),
        NOTICES_QUEUE_URL: this.notices.queueUrl,
      },
      timeout: Duration.seconds(mailQueues.timeout),
    });
    sender.allowSending(worker);
    // `send-mail` puts an e-mail that is not due yet back into the queue of notices.
    allowSending(worker, this.notices);
    const sources = [this.links, this.notices].map(
      (queue) =>
        new SqsEventSource(queue, {
          batchSize: mailQueues.batchSize,
          maxConcurrency: mailQueues.workers,
          enabled: !stage.suspended,
          reportBatchItemFailures: true,
        }),
    );
    for (const source of sources) worker.addEventSource(source);
    this.worker = worker;
    this.eventSources = [forwarder.eventSource, ...sources];
    Validations.of(worker).acknowledge({
      id: 'Serverless::Serverless-LambdaEventSourceMappingDestination',
      reason:
        'Lambda supports no such destination for an SQS event source. The redrive policy moves failed messages to the dead-letter queue.',
    });
  }

  private addQueue(id: string, deadLetterQueue: IQueue): Queue {
    return new Queue(this, id, {
      enforceSSL: true,
      // AWS recommends six times the time-out of the function, so that throttled invocations find their messages again.
      // Here, a message that comes back early does no harm: an e-mail that was sent no longer exists.
      visibilityTimeout: Duration.seconds(mailQueues.visibilityTimeout),
      // The table keeps an e-mail that is not sent for a day.
      retentionPeriod: Duration.days(1),
      deadLetterQueue: { queue: deadLetterQueue, maxReceiveCount: mailQueues.maxReceiveCount },
    });
  }
}
