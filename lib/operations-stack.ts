import { Stack, Validations, type StackProps } from 'aws-cdk-lib';
import { ServicePrincipal } from 'aws-cdk-lib/aws-iam';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { Topic } from 'aws-cdk-lib/aws-sns';
import { EmailSubscription } from 'aws-cdk-lib/aws-sns-subscriptions';
import type { IQueue } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { Stage } from '../config/stage.ts';
import { Alarms } from './constructs/alarms.ts';
import { Budget } from './constructs/budget.ts';
import { Dashboard } from './constructs/dashboard.ts';
import type { HttpApi } from './constructs/http-api.ts';
import type { MailQueues } from './constructs/mail-queues.ts';
import type { WebhookQueue } from './constructs/webhook-queue.ts';
import { serviceMetrics } from './service-metrics.ts';
import type { SingleTable } from './constructs/single-table.ts';

export interface OperationsStackProps extends StackProps {
  readonly stage: Stage;
  readonly table: SingleTable;
  readonly httpApi: HttpApi;
  /** The function that counts active users from the records of the table's stream. */
  readonly aggregator: IFunction;
  /** The functions and queues through which e-mails pass from the table's stream to SES. */
  readonly mails: MailQueues;
  /** The queue of events for webhooks, and the function that delivers them. */
  readonly webhooks: WebhookQueue;
  /** The functions that run at least once an hour, by name. */
  readonly hourlyFunctions: Readonly<Record<string, IFunction>>;
  /** The hourly function that stores the summary of all customers. Its runs have an alarm of their own. */
  readonly summarizer: IFunction;
  /** The dead-letter queues, each under the name of the messages in it, which the alarm's description shows. */
  readonly deadLetterQueues: Readonly<Record<string, IQueue>>;
}

/** The alarms that tell the operator to act, the dashboard that shows the state of the service, and the budget. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    super(scope, id, props);
    const { stage, ...resources } = props;
    const topic = new Topic(this, 'Alarms', { enforceSSL: true });
    topic.addSubscription(new EmailSubscription(stage.operator));
    // The topic's default policy would allow CloudWatch alarms to publish, but `enforceSSL` replaces this policy. So
    // this grant allows the alarms to publish.
    topic.grantPublish(
      new ServicePrincipal('cloudwatch.amazonaws.com', {
        conditions: { StringEquals: { 'aws:SourceAccount': this.account } },
      }),
    );
    Validations.of(topic).acknowledge({
      id: 'Serverless::Serverless-SNSRedrivePolicy',
      reason:
        'SNS retries an e-mail for hours. An alarm about a dead-letter queue would be e-mailed to the same address. The dashboard shows every alarm even without e-mails.',
    });
    const metrics = serviceMetrics({ serviceName: stage.serviceName, ...resources });
    const { serviceName, concurrencyLimit, monthlyBudget, operator } = stage;
    const { alarms } = new Alarms(this, 'Alarm', { serviceName, metrics, concurrencyLimit, topic });
    new Dashboard(this, 'Dashboard', { name: serviceName, metrics, alarms });
    if (monthlyBudget !== undefined) new Budget(this, 'Budget', { serviceName, dollars: monthlyBudget, operator });
  }
}
