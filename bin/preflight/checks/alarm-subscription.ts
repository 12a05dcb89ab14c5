import { findDeployed, stackNameOf } from '../deployed-stacks.ts';
import { fine, hint, toDo, type Check } from '../check.ts';

/** The text that SNS returns instead of the ARN of a subscription that nobody has confirmed. */
const PENDING = 'PendingConfirmation';

/** Checks that the operator has confirmed the subscription to the alarms. */
export const alarmSubscription: Check = {
  name: 'alarm subscription',
  async run(context) {
    const { aws, stage } = context;
    if (!(await findDeployed(context, 'operations')))
      return hint('the deployment subscribes the operator to the alarms');
    const resources = await aws.stackResources(stackNameOf(context, 'operations'));
    const topics = resources.flatMap(({ ResourceType, PhysicalResourceId }) =>
      ResourceType === 'AWS::SNS::Topic' && PhysicalResourceId !== undefined ? [PhysicalResourceId] : [],
    );
    const subscriptions = (await Promise.all(topics.map((topic) => aws.subscriptions(topic)))).flat();
    const own = subscriptions.filter(({ Endpoint }) => Endpoint === stage.operator);
    if (own.length === 0)
      return toDo(
        `${stage.operator} is not subscribed to the alarms`,
        `aws sns subscribe --topic-arn ${topics[0] ?? '<topic>'} --protocol email --notification-endpoint ${stage.operator}`,
      );
    if (!own.some(({ SubscriptionArn }) => SubscriptionArn !== PENDING))
      return toDo(
        `${stage.operator} has not confirmed the subscription to the alarms`,
        'Open the link in the e-mail "AWS Notification - Subscription Confirmation". SNS deletes the subscription after 48 hours.',
      );
    return fine(`alarms go to ${stage.operator}`);
  },
};
