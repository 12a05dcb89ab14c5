import { randomUUID } from 'node:crypto';
import type { SNSEvent } from 'aws-lambda';
import * as z from 'zod';
import type { Clock } from '../../../../functions/domain/time.ts';
import { toIso } from '../../../../functions/domain/time.ts';
import type { Assembly } from '../assembly.ts';
import type { Rights } from '../rights.ts';

const destinationProperties = z.strictObject({
  ConfigurationSetName: z.string(),
  EventDestination: z.strictObject({
    Enabled: z.boolean(),
    MatchingEventTypes: z.array(z.string()),
    Name: z.string().optional(),
    SnsDestination: z.strictObject({ TopicARN: z.string() }),
  }),
});
const subscriptionProperties = z.strictObject({
  TopicArn: z.string(),
  Protocol: z.enum(['lambda', 'email']),
  Endpoint: z.string(),
  RedrivePolicy: z.strictObject({ deadLetterTargetArn: z.string() }).optional(),
});

/** Delivers an event of SNS to a function. `source` is the ARN of the topic. */
export type DeliverToFunction = (
  functionArn: string,
  event: SNSEvent,
  source: string,
  deadLetters: string | undefined,
) => Promise<void>;

/**
 * Creates the function that publishes an event of SES, such as `{"eventType":"Bounce",…}`: through the event
 * destinations of the configuration sets to their topics, and from there to the subscribed functions. Resolves when the
 * functions have handled the event. Throws if the topic does not allow SES to publish.
 */
export function createMailEvents(
  assembly: Assembly,
  { rights, clock, deliver }: { readonly rights: Rights; readonly clock: Clock; readonly deliver: DeliverToFunction },
): (event: { readonly eventType: string }) => Promise<void> {
  const destinations = assembly
    .ofType('AWS::SES::ConfigurationSetEventDestination')
    .map(({ properties }) => destinationProperties.parse(properties));
  const subscriptions = assembly
    .ofType('AWS::SNS::Subscription')
    .map(({ ref, properties }) => ({ arn: ref, ...subscriptionProperties.parse(properties) }));
  const { account, region } = assembly.place;

  async function publish(topic: string, set: string, message: string): Promise<void> {
    const source = `arn:aws:ses:${region}:${account}:configuration-set/${set}`;
    const { allowed, reason } = rights.ofService('ses.amazonaws.com', topic, {
      action: 'sns:Publish',
      resource: topic,
      context: { 'aws:SourceArn': source, 'aws:SourceAccount': account },
    });
    if (!allowed) throw new Error(`SES may not publish the event: ${reason}`);
    for (const { arn, TopicArn, Protocol, Endpoint, RedrivePolicy } of subscriptions) {
      if (TopicArn !== topic || Protocol !== 'lambda') continue;
      const Sns = {
        Type: 'Notification',
        MessageId: randomUUID(),
        TopicArn: topic,
        Message: message,
        Timestamp: toIso(clock.now()),
        SignatureVersion: '1',
        MessageAttributes: {},
      } as SNSEvent['Records'][number]['Sns'];
      const record = { EventSource: 'aws:sns', EventVersion: '1.0', EventSubscriptionArn: arn, Sns };
      await deliver(Endpoint, { Records: [record] }, topic, RedrivePolicy?.deadLetterTargetArn);
    }
  }

  return async (event) => {
    for (const { ConfigurationSetName, EventDestination } of destinations) {
      const { Enabled, MatchingEventTypes, SnsDestination } = EventDestination;
      const matches = MatchingEventTypes.some((type) => type.toLowerCase() === event.eventType.toLowerCase());
      if (Enabled && matches) await publish(SnsDestination.TopicARN, ConfigurationSetName, JSON.stringify(event));
    }
  };
}
