import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import type { CfnQueue } from 'aws-cdk-lib/aws-sqs';
import { beforeAll, describe, expect, it } from 'vitest';
import { INVOCATION_TIMEOUT, timeOuts } from '../../bin/aws/time-outs.ts';
import { stageTarget } from '../../bin/operator/invoke-operator.ts';
import { webhookQueue } from '../../functions/events/webhook-queue.ts';
import { mailQueues, pauseAfterSending } from '../../functions/events/mail-queues.ts';
import { deployedFunctions, type DeployedFunction } from './deployed-functions.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

describe('the metering stack', () => {
  let service: SynthesizedService;
  let functions: DeployedFunction[];
  const named = (name: string) => {
    const found = functions.find((deployed) => deployed.name === name);
    if (!found) throw new Error(`No function is named ${name}`);
    return found;
  };
  beforeAll(async () => {
    service = await synthesize('development');
    functions = deployedFunctions(service.metering, service.data.stack.table);
  });
  const mappingOf = (name: string) => {
    const [mapping, ...others] = Object.values(
      service.metering.template.findResources('AWS::Lambda::EventSourceMapping', {
        Properties: { FunctionName: { Ref: named(name).logicalId } },
      }),
    );
    expect(others).toEqual([]);
    return (mapping as { Properties: Record<string, unknown> }).Properties;
  };
  const queueOf = (destination: unknown) => {
    const [logicalId] = Object.keys(service.metering.template.findResources('AWS::SQS::Queue')).filter((id) =>
      JSON.stringify(destination).includes(id),
    );
    return logicalId;
  };

  it('passes only new active-user records to aggregate-active-users, and retries a failed batch for a day', () => {
    const mapping = mappingOf('aggregate-active-users');

    expect(mapping).toMatchObject({
      BatchSize: 1000,
      MaximumBatchingWindowInSeconds: 5,
      TumblingWindowInSeconds: 60,
      ParallelizationFactor: 1,
      BisectBatchOnFunctionError: false,
      MaximumRecordAgeInSeconds: 86_400,
      MaximumRetryAttempts: -1,
      StartingPosition: 'TRIM_HORIZON',
      FilterCriteria: {
        Filters: [{ Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"ACTIVE#"}]}}}}' }],
      },
    });
    expect(queueOf(mapping['DestinationConfig'])).toBeDefined();
  });

  it('passes only new e-mails and new events for webhooks to forward-mails, without delay', () => {
    const mapping = mappingOf('forward-mails');

    expect(mapping).toMatchObject({
      MaximumBatchingWindowInSeconds: 0,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      MaximumRecordAgeInSeconds: 6 * 3600,
      FilterCriteria: {
        Filters: [
          { Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"pk":{"S":[{"prefix":"MAIL#"}]}}}}' },
          { Pattern: '{"eventName":["INSERT"],"dynamodb":{"Keys":{"sk":{"S":[{"prefix":"WEBHOOK-DELIVERY#"}]}}}}' },
        ],
      },
    });
    expect(mapping).not.toHaveProperty('TumblingWindowInSeconds');
    expect(queueOf(mapping['DestinationConfig'])).toBeDefined();
  });

  it('has two consumers of the stream, which is the most that DynamoDB supports', () => {
    const mappings = service.metering.template.findResources('AWS::Lambda::EventSourceMapping', {
      Properties: { StartingPosition: Match.anyValue() },
    });

    expect(Object.keys(mappings)).toHaveLength(2);
  });

  it('sends links and notices from separate queues, one e-mail at a time, at most as fast as SES accepts e-mails', () => {
    const { template } = service.metering;
    const { logicalId, properties } = named('send-mail');
    const mappings = Object.values(
      template.findResources('AWS::Lambda::EventSourceMapping', { Properties: { FunctionName: { Ref: logicalId } } }),
    ).map(({ Properties }) => Properties as Record<string, unknown>);
    const queues = mappings.map(({ EventSourceArn }) => queueOf(EventSourceArn) ?? '');

    expect(new Set(queues).size).toBe(2);
    for (const mapping of mappings) {
      expect(mapping).toMatchObject({ BatchSize: 1, FunctionResponseTypes: ['ReportBatchItemFailures'] });
      expect(mapping['ScalingConfig']).toEqual({ MaximumConcurrency: mailQueues.workers });
    }
    for (const queue of queues) {
      expect(template.findResources('AWS::SQS::Queue')[queue]).toMatchObject({
        Properties: {
          VisibilityTimeout: mailQueues.visibilityTimeout,
          RedrivePolicy: { maxReceiveCount: (6 * 3600) / mailQueues.visibilityTimeout },
        },
      });
    }
    const pause = pauseAfterSending(Number(properties.Environment.Variables['EMAILS_PER_SECOND'])) / 1_000;
    expect((mappings.length * mailQueues.workers) / pause).toBe(1);
    // `send-mail` waits at most 12 seconds for SES.
    expect(properties.Timeout).toBeGreaterThan(12 + pause);
    expect(mailQueues.visibilityTimeout).toBeGreaterThan(properties.Timeout);
  });

  it('delivers events to webhooks one at a time, and puts them back into their queue without an end of the loop', () => {
    const { template, stack } = service.metering;
    const { logicalId, properties, rights } = named('deliver-webhooks');
    const [mapping] = Object.values(
      template.findResources('AWS::Lambda::EventSourceMapping', { Properties: { FunctionName: { Ref: logicalId } } }),
    ).map(({ Properties }) => Properties as Record<string, unknown>);
    const queue = queueOf(mapping?.['EventSourceArn']) ?? '';

    expect(mapping).toMatchObject({
      BatchSize: 1,
      FunctionResponseTypes: ['ReportBatchItemFailures'],
      ScalingConfig: { MaximumConcurrency: webhookQueue.workers },
    });
    expect(template.findResources('AWS::SQS::Queue')[queue]).toMatchObject({
      Properties: {
        VisibilityTimeout: webhookQueue.visibilityTimeout,
        RedrivePolicy: { maxReceiveCount: (6 * 3600) / webhookQueue.visibilityTimeout },
      },
    });
    template.hasResourceProperties('AWS::Lambda::Function', { RecursiveLoop: 'Allow', Timeout: webhookQueue.timeout });
    // The request to the receiver takes at most 10 seconds, and the look-up of the secret 9.
    expect(properties.Timeout).toBeGreaterThan(10 + 9);
    expect(webhookQueue.visibilityTimeout).toBeGreaterThan(properties.Timeout);
    const secret = JSON.stringify(stack.resolve(service.data.stack.stageSecret.arn));
    expect(rights).toContain(`secretsmanager:GetSecretValue on ${secret}`);
    expect(rights.filter((right) => right.startsWith('sqs:SendMessage'))).toHaveLength(1);
  });

  it('lets functions send e-mails only from the sender address of the stage, to any recipient in the SES sandbox', () => {
    const { template } = service.metering;
    const senders = functions.filter(({ rights }) => rights.some((right) => right.startsWith('ses:')));
    const [configurationSet] = Object.keys(template.findResources('AWS::SES::ConfigurationSet'));
    const statements = Object.values(template.findResources('AWS::IAM::Policy'))
      .flatMap(
        ({ Properties }) =>
          (Properties as { PolicyDocument: { Statement: { Action: unknown }[] } }).PolicyDocument.Statement,
      )
      .filter(({ Action }) => JSON.stringify(Action).includes('ses:'));

    expect(statements).toHaveLength(2);
    for (const statement of statements) {
      expect(statement).toEqual({
        Effect: 'Allow',
        Action: 'ses:SendEmail',
        Resource: [
          { 'Fn::Join': ['', expect.arrayContaining([':configuration-set/', { Ref: configurationSet }])] },
          { 'Fn::Sub': 'arn:${AWS::Partition}:ses:${AWS::Region}:${AWS::AccountId}:identity/*' },
        ],
        Condition: { StringEquals: { 'ses:FromAddress': 'no-reply@development.example.com' } },
      });
    }
    expect(senders.map(({ name }) => name).sort()).toEqual(['send-mail', 'send-mau-alerts']);
    for (const { properties } of senders) {
      expect(properties.Environment.Variables).toMatchObject({
        SENDER: 'no-reply@development.example.com',
        CONFIGURATION_SET: { Ref: configurationSet },
      });
    }
  });

  it('reserves no concurrency, and leaves some of the 10 executions of a new account to requests', () => {
    const { template } = service.metering;
    const mappings = Object.values(template.findResources('AWS::Lambda::EventSourceMapping')).map(
      ({ Properties }) => Properties as { ScalingConfig?: { MaximumConcurrency: number }; EventSourceArn: unknown },
    );
    const ofQueues = mappings.flatMap(({ ScalingConfig }) => ScalingConfig?.MaximumConcurrency ?? []);

    // Every mapping is one of a queue, which has a limit, or one of the table's stream.
    expect(mappings).toHaveLength(ofQueues.length + 2);
    expect(ofQueues.reduce((sum, maximum) => sum + maximum, 0)).toBeLessThanOrEqual(8);
    for (const stack of [service.api, service.metering, service.console]) {
      const deployed = stack.template.findResources('AWS::Lambda::Function');
      expect(JSON.stringify(deployed)).not.toContain('ReservedConcurrentExecutions');
    }
  });

  it('accepts reports of undelivered e-mails only from SES, and sends a report to a dead-letter queue if all retries fail', () => {
    const { template } = service.metering;
    const [topic] = Object.keys(template.findResources('AWS::SNS::Topic'));
    const { logicalId, properties } = named('record-mail-event');

    template.hasResourceProperties('AWS::SES::ConfigurationSet', {
      SuppressionOptions: { SuppressedReasons: ['BOUNCE', 'COMPLAINT'] },
    });
    template.hasResourceProperties('AWS::SES::ConfigurationSetEventDestination', {
      EventDestination: {
        Enabled: true,
        MatchingEventTypes: ['bounce', 'complaint', 'reject'],
        SnsDestination: { TopicARN: { Ref: topic } },
      },
    });
    template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: [
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'ses.amazonaws.com' },
            Condition: { StringEquals: { 'AWS:SourceAccount': Match.anyValue(), 'AWS:SourceArn': Match.anyValue() } },
          }),
        ],
      },
    });
    template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'lambda',
      TopicArn: { Ref: topic },
      Endpoint: { 'Fn::GetAtt': [logicalId, 'Arn'] },
      RedrivePolicy: Match.anyValue(),
    });
    expect(queueOf((properties as { DeadLetterConfig?: unknown }).DeadLetterConfig)).toBeDefined();
  });

  it.each([
    // A run stops after 5 minutes, so a retry would run at the same time as the next run.
    ['send-mau-alerts', 'rate(5 minutes)', { every: 300, timeout: 300, retries: 0, age: 300 }],
    ['watch-mappings', 'rate(5 minutes)', { every: 300, timeout: 30, retries: 2, age: 300 }],
    ['recount-active-users', 'rate(1 hour)', { every: 3_600, timeout: 900, retries: 2, age: 3_600 }],
    ['begin-discarding', 'rate(1 hour)', { every: 3_600, timeout: 900, retries: 2, age: 3_600 }],
    // Each invocation reserves the last 3 of its 15 minutes to finish the month that it is closing.
    ['close-months', 'rate(1 hour)', { every: 3_600, timeout: 900, retries: 2, age: 3_600 }],
    ['summarize-customers', 'rate(1 hour)', { every: 3_600, timeout: 900, retries: 2, age: 3_600 }],
    // The run tries to download the metadata three times, and each attempt takes at most a minute. Lambda keeps an
    // event for at most 6 hours.
    ['update-metadata', 'rate(1 day)', { every: 86_400, timeout: 900, retries: 2, age: 21_600 }],
  ])(
    'invokes %s at a %s, and drops an event or a retry that could meet the next run',
    (name, schedule, { every, timeout, retries, age }) => {
      const { logicalId, properties } = named(name);

      service.metering.template.hasResourceProperties('AWS::Events::Rule', {
        ScheduleExpression: schedule,
        State: 'ENABLED',
        Targets: [{ Arn: { 'Fn::GetAtt': [logicalId, 'Arn'] }, RetryPolicy: { MaximumEventAgeInSeconds: every } }],
      });
      service.metering.template.hasResourceProperties('AWS::Lambda::EventInvokeConfig', {
        FunctionName: { Ref: logicalId },
        MaximumRetryAttempts: retries,
        MaximumEventAgeInSeconds: age,
      });
      expect(properties.Timeout).toBe(timeout);
      // The next run does the work of a failed run, so the event is not kept.
      expect(properties).not.toHaveProperty('DeadLetterConfig');
      // Lambda waits a minute before the first retry, and two minutes before the second.
      const waits = [0, 60, 180][retries] ?? Infinity;
      expect((retries + 1) * timeout + waits).toBeLessThanOrEqual(every);
    },
  );

  it('has no scheduled function other than those', () => {
    expect(Object.keys(service.metering.template.findResources('AWS::Events::Rule'))).toHaveLength(7);
    expect(Object.keys(service.metering.template.findResources('AWS::Lambda::EventInvokeConfig'))).toHaveLength(7);
  });

  it('stops each run of send-mau-alerts before its claims to alerts expire', () => {
    const { properties } = named('send-mau-alerts');

    expect(properties.Timeout).toBeLessThan(10 * 60);
    expect(properties.Environment.Variables['EMAILS_PER_SECOND']).toBe('1');
  });

  it('stops each run of summarize-customers before its claim to the summary ends', () => {
    expect(named('summarize-customers').properties.Timeout).toBeLessThan(15.5 * 60);
  });

  it('tells recount-active-users the name of the aggregator, and update-metadata the URL of the metadata', () => {
    expect(named('recount-active-users').properties.Environment.Variables['AGGREGATOR_NAME']).toEqual({
      Ref: named('aggregate-active-users').logicalId,
    });
    const { logicalId, properties } = named('update-metadata');
    expect(properties.Environment.Variables['METADATA_URL']).toBe('https://mds3.fidoalliance.org/');
    service.metering.template.hasOutput('MetadataFunctionName', { Value: { Ref: logicalId } });
  });

  it('lets watch-mappings read the state of every event source mapping', () => {
    const { properties, rights } = named('watch-mappings');
    const mappings = Object.keys(service.metering.template.findResources('AWS::Lambda::EventSourceMapping'));
    const watched = JSON.stringify(properties.Environment.Variables['EVENT_SOURCE_MAPPINGS']);

    expect(mappings).toHaveLength(6);
    for (const mapping of mappings) expect(watched).toContain(`{"Ref":"${mapping}"}`);
    const reading = rights.filter((right) => right.startsWith('lambda:'));
    expect(reading).toHaveLength(mappings.length);
    for (const right of reading) expect(right).toMatch(/^lambda:GetEventSourceMapping on /);
    for (const mapping of mappings) expect(JSON.stringify(reading)).toContain(mapping);
  });

  it('passes one message at a time to discard-items, and hides the message for six times the time-out of the function', () => {
    const { Timeout, ...properties } = named('discard-items').properties;
    const { template } = service.metering;
    const mapping = mappingOf('discard-items');
    const queue = template.findResources('AWS::SQS::Queue')[queueOf(mapping['EventSourceArn']) ?? ''];

    expect(mapping).toMatchObject({ BatchSize: 1 });
    expect((queue as { Properties: { VisibilityTimeout: number } }).Properties.VisibilityTimeout).toBe(6 * Timeout);
    // `discard-items` sends messages about its remaining work to the same queue that invokes `discard-items`. By
    // default, Lambda stops this loop after 16 invocations.
    expect(properties).toMatchObject({ RecursiveLoop: 'Allow' });
  });

  it('has the dead-letter queues that the runbook names for each digit of the alarm', () => {
    const { stack, template } = service.metering;
    const inRunbook = [
      ...readFileSync('docs/runbook.md', 'utf8').matchAll(/^\| (10*) +\| (\S.*?) +\| `(\w+)` +\|$/gm),
    ].map(([, digit, label, begin]) => ({ digit, label, begin }));
    const queues = Object.entries(stack.deadLetterQueues).map(([label, queue], position) => {
      const logicalId = stack.getLogicalId(queue.node.defaultChild as CfnQueue);
      expect(template.findResources('AWS::SQS::Queue')).toHaveProperty(logicalId);
      return { digit: String(10 ** position), label, begin: logicalId.slice(0, -8) };
    });

    expect(inRunbook).toEqual(queues);
  });

  it('has only queues that refuse requests without TLS', () => {
    const { template } = service.metering;
    const policies = JSON.stringify(template.findResources('AWS::SQS::QueuePolicy'));

    for (const queue of Object.keys(template.findResources('AWS::SQS::Queue'))) expect(policies).toContain(queue);
    expect(policies).toContain('"aws:SecureTransport":"false"');
  });

  it('lets fix-time-zone and its caller wait for more than the minute in which the function tries again', () => {
    const [trigger] = Object.values(service.metering.template.findResources('Custom::Trigger'));
    const { Timeout } = named('fix-time-zone').properties;

    // A call to the table can take 8 seconds, with four attempts of 2 seconds each.
    expect(Timeout).toBeGreaterThan(60 + 2 * 8);
    const waited = Number((trigger as { Properties: { Timeout: string } }).Properties.Timeout) / 1_000;
    expect(waited).toBeGreaterThan(Timeout);
  });

  it('has no function that runs longer than the commands wait for its result', () => {
    for (const { name, properties } of functions) {
      expect({ name, outlasts: properties.Timeout * 1_000 >= INVOCATION_TIMEOUT }).toEqual({ name, outlasts: false });
    }
    const { requestHandler } = stageTarget('production').client as ReturnType<typeof timeOuts>;
    expect(requestHandler).toEqual(timeOuts(INVOCATION_TIMEOUT).requestHandler);
  });

  it('invokes fix-time-zone before CloudFormation creates or updates any other function', () => {
    const { template } = service.metering;
    const [trigger] = Object.keys(template.findResources('Custom::Trigger'));
    const resources = template.findResources('AWS::Lambda::Function') as Record<string, { DependsOn?: string[] }>;

    for (const { name, logicalId } of functions) {
      const waits = resources[logicalId]?.DependsOn?.includes(trigger ?? '') ?? false;
      expect({ name, waits }).toEqual({ name, waits: name !== 'fix-time-zone' });
    }
  });

  it("gives the operator's function a fixed name, so that the operator command line finds the function", () => {
    expect(named('run-operator-command').properties.FunctionName).toBe('fido2-server-service-development-operator');
    service.metering.template.hasOutput('OperatorFunctionName', {});
  });
});
