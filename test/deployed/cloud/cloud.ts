import type { Clock } from '../../../functions/domain/time.ts';
import { ACCESS_DENIED } from '../../../local/service.ts';
import { sesEventOf } from '../../../local/aws/ses-event.ts';
import { createCloudWatch } from './aws/cloudwatch.ts';
import { createDynamoDb } from './aws/dynamodb.ts';
import type { AwsCall, AwsReply, Front } from './aws/front.ts';
import { createLambda } from './aws/lambda.ts';
import { createQueues, type Queue } from './aws/queue.ts';
import { createSecretsManager } from './aws/secrets-manager.ts';
import { createSes, type Ses } from './aws/ses.ts';
import { createSqs } from './aws/sqs.ts';
import { createCalls, type CallWatcher } from './calls.ts';
import { deploy } from './deploy.ts';
import { createMappings, type Mappings } from './events/mappings.ts';
import { readRules, type Rule } from './events/rules.ts';
import { createMailEvents } from './events/topic.ts';
import type { Outcome } from './functions/messages.ts';
import { createInvocations, type Invocations } from './invocations.ts';
import type { LogLine } from './log.ts';
import type { Release } from './release.ts';
import type { SecretVersions } from './secrets.ts';
import { createTables, type CreatedTable } from './tables.ts';

/** A deployed release: tables with data, queues with messages, and functions that run. */
export interface Cloud {
  readonly release: Release;
  readonly invocations: Invocations;
  readonly tables: readonly CreatedTable[];
  readonly queues: readonly Queue[];
  readonly mappings: Mappings;
  readonly rules: readonly Rule[];
  readonly ses: Ses;
  /** The versions of each secret, by its ARN. */
  readonly secrets: Map<string, SecretVersions>;
  /** Each call and each event that the templates do not allow, in words. */
  readonly denials: readonly string[];
  /** Records a call or an event that the templates do not allow, also in the log. */
  readonly deny: (reason: string) => void;
  /** Answers a call of Lambda's API by a person who may invoke every function. */
  readonly callAsOperator: (call: AwsCall) => Promise<AwsReply>;
  /** Publishes an event of SES, and resolves when the functions have handled it. */
  readonly publishMailEvent: (event: { readonly eventType: string }) => Promise<void>;
  /** Fires a rule, and resolves with the outcome of its last target. */
  readonly fire: (rule: Rule) => Promise<Outcome>;
  stop(): Promise<void>;
}

export interface CloudOptions {
  readonly front: Front;
  /** The endpoint of the engine for the tables. */
  readonly engine: string;
  readonly clock: Clock;
  readonly onLog: (line: LogLine) => void;
  /** Receives each need of a call that a role allows, with the logical ID of the function. @default - ignored */
  readonly onAllowed?: CallWatcher['onAllowed'];
}

/**
 * Deploys a release: creates the tables and queues, connects everything as the templates say, and runs the checks that
 * run during a deployment. Throws if the deployment would fail.
 */
export async function startCloud(
  release: Release,
  { front, engine, clock, onLog, onAllowed }: CloudOptions,
): Promise<Cloud> {
  const { assembly, rights } = release;
  const denials: string[] = [];
  const deny = (reason: string) => {
    denials.push(reason);
    onLog({ level: 'error', message: ACCESS_DENIED, fields: { reason } });
  };
  const tables = await createTables(assembly, engine);
  const queues = createQueues(assembly, clock);
  const secrets = new Map([...assembly.secrets].map(([arn, AWSCURRENT]) => [arn, { AWSCURRENT }] as const));
  const mailFailures = (mail: Ses['mails'][number]) => {
    const bounce = JSON.stringify({ type: 'bounce', bounceSubType: 'OnAccountSuppressionList' });
    const message = sesEventOf(mail, bounce)?.Records[0]?.Sns.Message ?? '';
    publishMailEvent(JSON.parse(message) as { eventType: string }).catch((error: unknown) => {
      deny(String(error));
    });
  };
  const ses = createSes(assembly, clock, mailFailures);
  const lambda = createLambda(
    (name) => release.functions.find((one) => one.name === name)?.arn,
    (name, event) => invocations.invoke(invocations.find(name), event),
  );
  const call = createCalls(
    {
      dynamodb: createDynamoDb(engine, tables, () => {
        mappings.changed();
      }),
      sqs: createSqs(queues),
      ses: ses.api,
      secretsmanager: createSecretsManager(secrets),
      monitoring: createCloudWatch((functionName) => mappings.iteratorAge(functionName)),
      lambda,
    },
    rights,
    { onAllowed, onDenied: deny, onUnknown: deny },
  );
  const everything = { ofRole: () => ({ allowed: true, reason: 'the operator may do everything' }) };
  const callAsOperator = createCalls({ lambda }, everything, { onDenied: deny, onUnknown: deny });

  /** Sends a message to a queue with the rights of a function's role. */
  function sendToQueue(role: string, arn: string, message: unknown): void {
    const { allowed, reason } = rights.ofRole(role, { action: 'sqs:SendMessage', resource: arn, context: {} });
    if (allowed) queues.find((queue) => queue.arn === arn)?.send(JSON.stringify(message));
    else deny(`The message about a failure is lost: ${reason}`);
  }
  const invocations: Invocations = createInvocations(release, {
    front,
    clock,
    call,
    onLog,
    sendToQueue: ({ role }, arn, event) => {
      sendToQueue(role, arn, event);
    },
  });
  const mappings = createMappings(assembly, {
    engine,
    tables,
    queues,
    invoke: (functionName, event) => invocations.invoke(invocations.find(functionName), event),
    onFailure: (functionName, arn, message) => {
      sendToQueue(invocations.find(functionName).role, arn, message);
    },
  });

  /**
   * Delivers an event of a service of AWS. If the service may not invoke the function, the event goes to `deadLetters`.
   *
   * @default deadLetters - the event is lost
   */
  async function deliver(
    invoker: 'events.amazonaws.com' | 'sns.amazonaws.com',
    { functionArn, source, deadLetters }: { functionArn: string; source: string; deadLetters?: string | undefined },
    event: object,
  ): Promise<Outcome> {
    const obstacle = invocations.obstacle(invoker, functionArn, source);
    if (obstacle === undefined) return invocations.invokeAsync(invocations.find(functionArn), event);
    deny(obstacle);
    const queue = queues.find(({ arn }) => arn === deadLetters);
    const request = { action: 'sqs:SendMessage', resource: String(deadLetters), context: { 'aws:SourceArn': source } };
    if (queue && rights.ofService(invoker, queue.url, request).allowed) queue.send(JSON.stringify(event));
    return { error: { errorType: 'AccessDenied', errorMessage: obstacle } };
  }
  const publishMailEvent = createMailEvents(assembly, {
    rights,
    clock,
    deliver: async (functionArn, event, source, deadLetters) => {
      const outcome = await deliver('sns.amazonaws.com', { functionArn, source, deadLetters }, event);
      if ('error' in outcome) throw new Error(outcome.error.errorMessage);
    },
  });

  const cloud: Cloud = {
    release,
    invocations,
    tables,
    queues,
    mappings,
    rules: readRules(assembly, clock),
    ses,
    secrets,
    denials,
    deny,
    callAsOperator: (made) => callAsOperator({ role: 'operator', logicalId: 'operator' }, made),
    publishMailEvent,
    async fire({ logicalId, isEnabled, targets, event }) {
      if (!isEnabled) throw new Error(`The rule ${logicalId} is disabled.`);
      let outcome: Outcome = { error: { errorType: 'NoTarget', errorMessage: `The rule ${logicalId} has no target.` } };
      for (const { functionArn, ruleArn } of targets) {
        outcome = await deliver('events.amazonaws.com', { functionArn, source: ruleArn }, event());
      }
      return outcome;
    },
    async stop() {
      await mappings.stop();
      for (const queue of queues) queue.stop();
    },
  };
  await deploy(cloud);
  return cloud;
}
