import { readFileSync } from 'node:fs';
import { Match } from 'aws-cdk-lib/assertions';
import ts from 'typescript';
import { beforeAll, describe, expect, it } from 'vitest';
import { nodesOf, sourcesIn } from '../structure/sources.ts';
import { alarmsOf, metricsIn, type AlarmProperties } from './alarms-of-template.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

describe('the operations stack', () => {
  let service: SynthesizedService;
  let alarms: Map<string, AlarmProperties>;
  beforeAll(async () => {
    service = await synthesize('production');
    alarms = alarmsOf(service.operations.template);
  });

  it('costs what docs/cost.md says', () => {
    const cost = readFileSync('docs/cost.md', 'utf8');
    const rowOf = (name: string) =>
      new RegExp(`^\\| ${name} *\\|(.*)\\|$`, 'm')
        .exec(cost)?.[1]
        ?.split('|')
        .map((cell) => cell.trim());
    const watched = [...alarms.values()].flatMap(metricsIn).length;
    const dashboards = Object.keys(service.operations.template.findResources('AWS::CloudWatch::Dashboard')).length;
    const queues = service.metering.template.findResources('AWS::Lambda::EventSourceMapping', {
      Properties: { ScalingConfig: Match.anyValue() },
    });
    // Five pollers for each queue ask every 20 seconds, in a month of 30 days.
    const polls = Object.keys(queues).length * 5 * 3 * 60 * 24 * 30;
    const together = watched * 0.1 + dashboards * 3 + 0.3 + 0.3 / 24;

    expect(rowOf(`metrics that the ${alarms.size} alarms watch`)).toEqual([
      `${watched}`,
      '0.10',
      (watched * 0.1).toFixed(2),
    ]);
    expect(rowOf('dashboards')).toEqual([`${dashboards}`, '3.00', (dashboards * 3).toFixed(2)]);
    expect(rowOf('together')).toEqual(['', '', together.toFixed(2)]);
    expect(rowOf('CloudWatch: other metrics, alarms, dashboard')).toEqual(Array(4).fill(together.toFixed(2)));
    expect(rowOf('SQS: polls of the four queues')).toEqual(Array(4).fill(((polls * 0.4) / 1_000_000).toFixed(2)));
  });

  it('lets a month cost what README says, in whole dollars', () => {
    const inDetail = /^\| \*\*dollars per month.*$/m.exec(readFileSync('docs/cost.md', 'utf8'))?.[0] ?? '';
    const exact = [...inDetail.matchAll(/\*\*([\d.]+)\*\*/g)].map(([, amount]) => Math.round(Number(amount)));
    const readme = readFileSync('README.md', 'utf8');
    const rows = readme.matchAll(/^\| (?:10 thousand|1 million|50 million) [^|]*\|[^|]*\| (\d+) /gm);
    const [, inLargeRequests] =
      /report 100 operations in each request, the total cost\D*50 million\D*(\d+)/.exec(readme) ?? [];

    expect(exact).toHaveLength(4);
    expect([...[...rows].map(([, amount]) => amount), inLargeRequests].map(Number)).toEqual(exact);
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

  it('tells the operator by e-mail when the costs of a month reach 80 % of the budget, or will reach 100 %', () => {
    const notification = (NotificationType: string, Threshold: number) => ({
      Notification: { NotificationType, Threshold, ThresholdType: 'PERCENTAGE', ComparisonOperator: 'GREATER_THAN' },
      Subscribers: [{ SubscriptionType: 'EMAIL', Address: 'operator@example.com' }],
    });

    service.operations.template.hasResourceProperties('AWS::Budgets::Budget', {
      Budget: {
        BudgetName: 'fido2-server-service-production-monthly',
        BudgetType: 'COST',
        TimeUnit: 'MONTHLY',
        BudgetLimit: { Amount: 300, Unit: 'USD' },
      },
      NotificationsWithSubscribers: [notification('ACTUAL', 80), notification('FORECASTED', 100)],
    });
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
    const watched = [...alarms.values()]
      .flatMap(metricsIn)
      .filter(({ Namespace }) => Namespace === 'Fido2ServerService');

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
