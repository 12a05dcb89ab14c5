import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodesOf, sourcesIn } from '../structure/sources.ts';
import { PATIENCE, synthesize, type SynthesizedService } from './synthesize.ts';

interface AlarmProperties {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly TreatMissingData: string;
  readonly Namespace?: string;
  readonly MetricName?: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
  readonly Metrics?: readonly { readonly Expression?: string; readonly MetricStat?: unknown }[];
}

describe('the operations stack', () => {
  let service: SynthesizedService;
  let alarms: Map<string, AlarmProperties>;
  beforeAll(async () => {
    service = await synthesize('production');
    alarms = new Map(
      Object.values(service.operations.template.findResources('AWS::CloudWatch::Alarm'))
        .map(({ Properties }) => Properties as AlarmProperties)
        .map((alarm) => [alarm.AlarmName.replace('fido2-server-service-production-', ''), alarm]),
    );
  }, PATIENCE);

  it('has exactly the alarms that this test lists', () => {
    expect([...alarms.keys()].sort()).toEqual([
      'alerts-given-up',
      'api-5xx',
      'closing-overdue',
      'dead-letters',
      'function-errors',
      'function-throttles',
      'mail-lag',
      'mails-failing',
      'mails-refused',
      'metadata-not-updated',
      'metadata-overdue',
      'months-not-closed',
      'notice-lag',
      'recount-drift',
      'requests-throttled',
      'stream-lag',
      'unreadable-records',
    ]);
  });

  it('has exactly the alarms that docs/runbook.md describes', () => {
    const [, entries = ''] = readFileSync('docs/runbook.md', 'utf8').split(/^## /m);

    expect([...entries.matchAll(/^### (.*)$/gm)].map(([, name]) => name).sort()).toEqual([...alarms.keys()].sort());
  });

  it('sends every alarm to the operator with a reference to the runbook, and raises no alarm for a metric without data', () => {
    const [topic] = Object.keys(service.operations.template.findResources('AWS::SNS::Topic'));

    service.operations.template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operator@example.com',
      TopicArn: { Ref: topic },
    });
    for (const [name, alarm] of alarms) {
      expect(alarm, name).toMatchObject({ AlarmActions: [{ Ref: topic }], TreatMissingData: 'notBreaching' });
      expect(alarm.AlarmDescription, name).toContain(`See "${name}" in docs/runbook.md.`);
    }
  });

  it('lets only alarms of this account notify the operator, and only over TLS', () => {
    service.operations.template.hasResourceProperties('AWS::SNS::TopicPolicy', {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({ Effect: 'Deny', Condition: { Bool: { 'aws:SecureTransport': 'false' } } }),
          Match.objectLike({
            Effect: 'Allow',
            Action: 'sns:Publish',
            Principal: { Service: 'cloudwatch.amazonaws.com' },
            Condition: { StringEquals: { 'aws:SourceAccount': Match.anyValue() } },
          }),
        ]),
      },
    });
  });

  it.each([
    ['function-errors', 'Errors'],
    ['function-throttles', 'Throttles'],
  ])('has the alarm %s for all functions together', (name, metric) => {
    const alarm = alarms.get(name);

    expect(alarm).toMatchObject({ Namespace: 'AWS/Lambda', MetricName: metric, Statistic: 'Sum' });
    expect(alarm).not.toHaveProperty('Dimensions');
  });

  it.each([
    ['alerts-given-up', 'FailedAlerts'],
    ['closing-overdue', 'OverdueClosings'],
    ['mails-refused', 'RefusedMails'],
    ['metadata-not-updated', 'FailedMetadataUpdates'],
    ['metadata-overdue', 'OverdueMetadata'],
    ['months-not-closed', 'UnclosedCustomers'],
    ['recount-drift', 'RecountDrift'],
    ['unreadable-records', 'UnreadableRecords'],
  ])('has the alarm %s for a metric that the functions of this stage report', (name, metric) => {
    expect(alarms.get(name)).toMatchObject({
      Namespace: 'Fido2ServerService',
      MetricName: metric,
      // Powertools sets the dimension `service` to the value of POWERTOOLS_SERVICE_NAME.
      Dimensions: [{ Name: 'service', Value: 'fido2-server-service-production' }],
      Statistic: 'Sum',
      Threshold: 1,
    });
  });

  it('has the alarm stream-lag for the lag of the function that counts active users', () => {
    const { functionName } = service.metering.stack.aggregator;

    expect(alarms.get('stream-lag')).toMatchObject({
      MetricName: 'IteratorAge',
      Statistic: 'Maximum',
      Threshold: 600_000,
      Dimensions: [{ Name: 'FunctionName', Value: service.operations.stack.resolve(functionName) as unknown }],
    });
  });

  it.each([
    ['mail-lag', 'links', 300_000],
    ['notice-lag', 'notices', 1_800_000],
  ] as const)(
    'has the alarm %s for the time that e-mails wait in the stream and in a queue',
    (name, line, threshold) => {
      const { forwarder, [line]: queue } = service.metering.stack.mails;
      const { Metrics = [], ...alarm } = alarms.get(name) ?? {};
      const measured = JSON.stringify(Metrics);

      expect(alarm).toMatchObject({ Threshold: threshold });
      for (const resource of [forwarder.functionName, queue.queueName])
        expect(measured).toContain(JSON.stringify(service.operations.stack.resolve(resource)));
      expect(measured).toContain('IteratorAge');
      expect(measured).toContain('ApproximateAgeOfOldestMessage');
    },
  );

  it('has an alarm that goes off when API Gateway throttles many requests for 15 minutes', () => {
    expect(alarms.get('requests-throttled')).toMatchObject({
      Namespace: 'fido2-server-service-production',
      MetricName: 'ThrottledRequests',
      Statistic: 'Sum',
      Period: 300,
      EvaluationPeriods: 3,
      Threshold: 100,
    });
  });

  it('has an alarm for 5xx responses of the API', () => {
    expect(alarms.get('api-5xx')).toMatchObject({ Namespace: 'AWS/ApiGateway', MetricName: '5xx' });
  });

  it('has an alarm that watches every dead-letter queue', () => {
    const queues = Object.entries(service.metering.template.findResources('AWS::SQS::Queue'));
    const deadLetterQueues = queues.filter(([, { Properties }]) => !('RedrivePolicy' in (Properties as object)));
    const watched = alarms.get('dead-letters')?.Metrics?.filter(({ MetricStat }) => MetricStat) ?? [];

    expect(deadLetterQueues.length).toBeGreaterThan(3);
    expect(watched).toHaveLength(deadLetterQueues.length);
    for (const [logicalId] of deadLetterQueues) expect(JSON.stringify(watched)).toContain(logicalId);
  });

  it('has a dashboard with exactly the service metrics that the functions publish', () => {
    const added = sourcesIn('functions')
      .flatMap(({ tree }) => nodesOf(tree).map((node) => ({ node, tree })))
      .flatMap(({ node, tree }) =>
        ts.isCallExpression(node) && /\bmetrics\.add$/.test(node.expression.getText(tree))
          ? (node.arguments[0]?.getText(tree).replaceAll("'", '') ?? [])
          : [],
      );
    const dashboard = JSON.stringify(service.operations.template.findResources('AWS::CloudWatch::Dashboard'));
    const shown = [...dashboard.matchAll(/\\"Fido2ServerService\\",\\"(\w+)\\"/g)].map(([, name]) => name);
    const watched = [...alarms.values()].filter(({ Namespace }) => Namespace === 'Fido2ServerService');

    expect(added.length).toBeGreaterThan(5);
    expect(shown.sort()).toEqual([...new Set(added)].sort());
    expect(added).toEqual(expect.arrayContaining(watched.map(({ MetricName }) => MetricName)));
  });

  it('names the dashboard after the service and the stage', () => {
    service.operations.template.hasResourceProperties('AWS::CloudWatch::Dashboard', {
      DashboardName: 'fido2-server-service-production',
    });
  });
});
