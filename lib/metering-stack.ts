import { CfnOutput, Duration, Stack, Validations, type StackProps } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LambdaSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { streamMappings } from '../functions/events/stream-mappings.ts';
import type { ClosingRecords } from './constructs/closing-records.ts';
import { allowCopying, copiesBucketName } from './constructs/copies-bucket.ts';
import { DeadLetterQueue } from './constructs/dead-letter-queue.ts';
import { DeploymentCheck } from './constructs/deployment-check.ts';
import { DiscardingQueue } from './constructs/discarding-queue.ts';
import { MailQueues } from './constructs/mail-queues.ts';
import { ScheduledFunction } from './constructs/scheduled-function.ts';
import { Sender } from './constructs/sender.ts';
import { LONGEST_TIMEOUT, ServiceFunction } from './constructs/service-function.ts';
import type { SingleTable } from './constructs/single-table.ts';
import type { StageSecret } from './constructs/stage-secret.ts';
import { StreamConsumer, type EventSource } from './constructs/stream-consumer.ts';
import { WebhookQueue } from './constructs/webhook-queue.ts';

export interface MeteringStackProps extends StackProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly closingRecords: ClosingRecords;
  readonly stageSecret: StageSecret;
}

/**
 * The functions that run without an HTTP request: the consumers of the stream, the scheduled functions, the workers
 * that send e-mails, deliver events to webhooks and discard data, and the function that runs the operator's commands.
 */
export class MeteringStack extends Stack {
  /** The function that counts active users from the records of the table's stream. */
  readonly aggregator: IFunction;
  /** The functions and queues through which e-mails pass from the table's stream to SES. */
  readonly mails: MailQueues;
  /** The queue of events for webhooks, and the function that delivers them. */
  readonly webhooks: WebhookQueue;
  readonly discardingQueue: DiscardingQueue;
  /** The functions that run at least once an hour, by name. */
  readonly hourlyFunctions: Readonly<Record<string, IFunction>>;
  /** The hourly function that stores the summary of all customers for the operators' pages. */
  readonly summarizer: IFunction;
  /** The dead-letter queues, each under the name of the messages in it, which the alarm's description shows. */
  readonly deadLetterQueues: Readonly<Record<string, IQueue>>;

  constructor(scope: Construct, id: string, props: MeteringStackProps) {
    super(scope, id, props);
    const { stage, table, closingRecords, stageSecret } = props;
    const aggregator = new StreamConsumer(this, 'aggregate-active-users', {
      mapping: streamMappings.activeUsers,
      stage,
      table,
      // The aggregator counts a batch of 1,000 stream records with a few table transactions. If a transaction conflicts
      // with other transactions, the aggregator retries it for up to 2 seconds.
      timeout: Duration.minutes(1),
    });
    const sender = new Sender(this, 'Sender', { stage });
    const webhooks = new WebhookQueue(this, 'Webhooks', { stage, table, stageSecret });
    const mails = new MailQueues(this, 'Mails', { stage, table, sender, webhooks: webhooks.queue });
    const mauAlerts = this.sendMauAlerts(props, sender);
    const mailEvents = this.recordMailEvents(props, sender);
    const discardingQueue = new DiscardingQueue(this, 'Discarding', { stage, table, closingRecords });
    const beginDiscarding = this.beginDiscarding(props, discardingQueue);
    const recount = this.recount(props, aggregator.function);
    const closing = this.closeMonths(props);
    const summarizer = this.summarizeCustomers(props);
    const metadata = this.updateMetadata(props);
    const watch = this.watchMappings(props, [
      aggregator.eventSource,
      ...mails.eventSources,
      webhooks.eventSource,
      discardingQueue.eventSource,
    ]);
    const operator = this.addOperator(props);
    new DeploymentCheck(this, 'fix-time-zone', {
      name: 'fix-time-zone',
      stage,
      table,
      // At the first deployment, the function tries for a minute until IAM applies the rights of its new role.
      timeout: Duration.seconds(90),
      before: [
        aggregator,
        webhooks,
        mails,
        mauAlerts,
        mailEvents.function,
        discardingQueue,
        beginDiscarding,
        recount,
        closing,
        summarizer,
        metadata,
        watch,
        operator,
      ],
    });

    this.aggregator = aggregator.function;
    this.webhooks = webhooks;
    this.mails = mails;
    this.discardingQueue = discardingQueue;
    this.summarizer = summarizer.function;
    this.hourlyFunctions = Object.fromEntries(
      [mauAlerts, beginDiscarding, recount, closing, watch].map((scheduled) => [scheduled.node.id, scheduled.function]),
    );
    this.deadLetterQueues = {
      'stream records to count': aggregator.deadLetterQueue,
      'stream records of e-mails and of events for webhooks': mails.unforwarded,
      'e-mails': mails.unsent,
      'events for webhooks': webhooks.deadLetterQueue,
      'data to discard': discardingQueue.deadLetterQueue,
      'events of SES': mailEvents.deadLetterQueue,
    };
  }

  private sendMauAlerts({ stage, table }: MeteringStackProps, sender: Sender): ScheduledFunction {
    const mauAlerts = new ScheduledFunction(this, 'send-mau-alerts', {
      every: Duration.minutes(5),
      description: 'Sends MAU alerts to representatives of customers whose MAU exceed the threshold',
      stage,
      table,
      environment: { ...sender.environment, EMAILS_PER_SECOND: String(stage.emailsPerSecond) },
      // A run that begins to send an alert claims the alert, so that no other run sends the same alert. A claim expires
      // after 10 minutes, which is twice this time-out, so a run has always ended before its claims expire.
      timeout: Duration.minutes(5),
    });
    sender.allowSending(mauAlerts.function);
    return mauAlerts;
  }

  private recordMailEvents({ stage, table }: MeteringStackProps, sender: Sender) {
    const deadLetterQueue = new DeadLetterQueue(this, 'record-mail-event-dead-letters');
    const mailEvents = new ServiceFunction(this, 'record-mail-event', {
      name: 'record-mail-event',
      stage,
      table,
      deadLetterQueue,
    });
    sender.events.addSubscription(new LambdaSubscription(mailEvents.function, { deadLetterQueue }));
    return { function: mailEvents, deadLetterQueue };
  }

  private beginDiscarding({ stage, table }: MeteringStackProps, discardingQueue: DiscardingQueue): ScheduledFunction {
    const beginDiscarding = new ScheduledFunction(this, 'begin-discarding', {
      every: Duration.hours(1),
      description:
        'Begins to discard customers whose grace period ended or that the operator unsubscribed, and resumes discardings that stopped',
      stage,
      table,
      environment: { DISCARDING_QUEUE_URL: discardingQueue.queue.queueUrl },
    });
    discardingQueue.allowSending(beginDiscarding.function);
    return beginDiscarding;
  }

  private recount({ stage, table }: MeteringStackProps, aggregator: IFunction): ScheduledFunction {
    const recount = new ScheduledFunction(this, 'recount-active-users', {
      every: Duration.hours(1),
      description: 'Compares the MAU counters of the open months with the active-user records',
      stage,
      table,
      environment: { AGGREGATOR_NAME: aggregator.functionName },
    });
    recount.function.addToRolePolicy(new PolicyStatement({ actions: ['cloudwatch:GetMetricData'], resources: ['*'] }));
    Validations.of(recount).acknowledge({
      id: 'AwsSolutions::AwsSolutions-IAM5[Resource::*]',
      reason: 'The statement allows only cloudwatch:GetMetricData, which supports no resource other than "*".',
    });
    return recount;
  }

  private closeMonths({ stage, table, closingRecords }: MeteringStackProps): ScheduledFunction {
    const { copies } = stage;
    const closing = new ScheduledFunction(this, 'close-months', {
      every: Duration.hours(1),
      description: 'Closes the months that are due, including months that earlier runs did not close',
      // To count the active users of a month, a run makes 16 queries for each RP. With a full CPU core, the hourly runs
      // can close a month for all customers within hours.
      memorySize: 1_769,
      stage,
      table,
      ...(copies && {
        environment: {
          COPIES_BUCKET: copiesBucketName(stage, copies),
          COPIES_REGION: copies.region,
          CLOSING_RECORDS_TABLE_NAME: closingRecords.table.tableName,
        },
      }),
    });
    if (copies) {
      closingRecords.allowReading(closing.function);
      allowCopying(closing, stage, copies);
    }
    return closing;
  }

  private summarizeCustomers({ stage, table }: MeteringStackProps): ScheduledFunction {
    return new ScheduledFunction(this, 'summarize-customers', {
      every: Duration.hours(1),
      description: 'Stores a summary of all customers for the pages of the operators',
      // A run holds all customers in memory, and reads all of them within its time-out.
      memorySize: 1_769,
      stage,
      table,
    });
  }

  private updateMetadata({ stage, table }: MeteringStackProps): ScheduledFunction {
    const metadata = new ScheduledFunction(this, 'update-metadata', {
      every: Duration.days(1),
      description: 'Downloads the metadata of the FIDO Alliance about authenticators and stores what changed',
      stage,
      table,
      environment: { METADATA_URL: stage.metadataUrl },
    });
    // EventBridge invokes the function for the first time a day after the first deployment. With this name, the
    // operator can invoke it at once.
    new CfnOutput(this, 'MetadataFunctionName', { value: metadata.function.functionName });
    return metadata;
  }

  private watchMappings({ stage, table }: MeteringStackProps, sources: readonly EventSource[]): ScheduledFunction {
    const watch = new ScheduledFunction(this, 'watch-mappings', {
      every: Duration.minutes(5),
      description: 'Reports event source mappings that do not read their stream or queue',
      stage,
      table,
      environment: {
        EVENT_SOURCE_MAPPINGS: sources.map(({ eventSourceMappingId }) => eventSourceMappingId).join(','),
      },
      timeout: Duration.seconds(30),
    });
    watch.function.addToRolePolicy(
      new PolicyStatement({
        actions: ['lambda:GetEventSourceMapping'],
        resources: sources.map(({ eventSourceMappingArn }) => eventSourceMappingArn),
      }),
    );
    return watch;
  }

  private addOperator({ stage, table }: MeteringStackProps): ServiceFunction {
    const operator = new ServiceFunction(this, 'run-operator-command', {
      name: 'run-operator-command',
      stage,
      table,
      // A command may close all open months of a large customer. Such a command can take minutes, and the operator's
      // command line waits for the result.
      timeout: LONGEST_TIMEOUT,
      // The operator's command line invokes the function by this name. IAM decides who may invoke the operator's
      // function.
      functionName: `${stage.serviceName}-operator`,
    });
    new CfnOutput(this, 'OperatorFunctionName', { value: operator.function.functionName });
    return operator;
  }
}
