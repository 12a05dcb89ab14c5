import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  alarmsOf,
  metricsIn,
  periodOf,
  rings,
  valueOf,
  type AlarmProperties,
  type Values,
} from './alarms-of-template.ts';
import { deployedFunctions } from './deployed-functions.ts';
import { synthesize, type SynthesizedService } from './synthesize.ts';

/**
 * The metrics of AWS that the alarms watch, by namespace, with the names of the dimensions and the page of AWS's
 * documentation that describes them. `alarm-metrics.test.ts` tests the service's own metrics.
 */
const metricsOfAws: Readonly<Record<string, readonly string[]>> = {
  // "Working with metrics for HTTP APIs in API Gateway", Amazon API Gateway Developer Guide
  'AWS/ApiGateway': ['5xx of ApiId'],
  // "DynamoDB Metrics and dimensions", Amazon DynamoDB Developer Guide
  'AWS/DynamoDB': [
    'ReadThrottleEvents of GlobalSecondaryIndexName, TableName',
    'ReadThrottleEvents of TableName',
    'WriteThrottleEvents of GlobalSecondaryIndexName, TableName',
    'WriteThrottleEvents of TableName',
  ],
  // "Types of metrics for Lambda functions", AWS Lambda Developer Guide. `Throttles` without a dimension counts the
  // whole account. `ClaimedAccountConcurrency` has no dimension.
  'AWS/Lambda': [
    'ClaimedAccountConcurrency',
    'Errors of FunctionName',
    'Invocations of FunctionName',
    'IteratorAge of FunctionName',
    'Throttles',
  ],
  // "Creating reputation monitoring alarms using CloudWatch", Amazon SES Developer Guide
  'AWS/SES': ['Reputation.BounceRate', 'Reputation.ComplaintRate'],
  // "Available CloudWatch metrics for Amazon SQS", Amazon SQS Developer Guide
  'AWS/SQS': ['ApproximateAgeOfOldestMessage of QueueName', 'ApproximateNumberOfMessagesVisible of QueueName'],
  // A metric filter of the access log.
  'fido2-server-service-production': ['ThrottledRequests'],
};

/** For each function, the alarm that rings if every invocation of the function fails. */
const alarmOfFunction: Readonly<Record<string, string | undefined>> = {
  // API Gateway answers with a 5xx status.
  ...{ anonymous: 'api-5xx', ceremonies: 'api-5xx', console: 'api-5xx', operator: 'api-5xx' },
  ...{ fss: 'api-5xx', operations: 'api-5xx', users: 'api-5xx', webhooks: 'api-5xx' },
  // The age of the stream records grows while Lambda repeats a batch.
  'aggregate-active-users': 'processing-stopped',
  'forward-mails': 'mails-late',
  'send-mail': 'mails-late',
  'deliver-webhooks': 'webhooks-failed',
  'begin-discarding': 'runs-missing',
  'close-months': 'runs-missing',
  'recount-active-users': 'runs-missing',
  'send-mau-alerts': 'runs-missing',
  'watch-mappings': 'runs-missing',
  'summarize-customers': 'summary-overdue',
  'update-metadata': 'metadata-overdue',
  'discard-items': 'dead-letters',
  'record-mail-event': 'dead-letters',
  // The deployment fails.
  'fix-time-zone': undefined,
  // The operator's command fails.
  'run-operator-command': undefined,
};

const times = (count: number, values: Values): Values[] => Array.from({ length: count }, () => values);

describe('the alarms', () => {
  let service: SynthesizedService;
  let alarms: Map<string, AlarmProperties>;
  const alarmNamed = (name: string) => {
    const alarm = alarms.get(name);
    if (!alarm) throw new Error(`No alarm is named ${name}`);
    return alarm;
  };
  beforeAll(async () => {
    service = await synthesize('production');
    alarms = alarmsOf(service.operations.template);
  });

  it('has exactly the alarms that this test lists', () => {
    expect([...alarms.keys()].sort()).toEqual([
      'api-5xx',
      'concurrency',
      'dead-letters',
      'mail-reputation',
      'mails-late',
      'mails-lost',
      'mau-counters',
      'metadata-overdue',
      'processing-stopped',
      'requests-throttled',
      'runs-missing',
      'summary-overdue',
      'table-throttles',
      'webhooks-failed',
    ]);
  });

  it('has exactly the alarms that docs/runbook.md describes', () => {
    const [, entries = ''] = readFileSync('docs/runbook.md', 'utf8').split(/^## /m);

    expect([...entries.matchAll(/^### (.*)$/gm)].map(([, name]) => name).sort()).toEqual([...alarms.keys()].sort());
  });

  it('sends every alarm to the operator with a reference to the runbook', () => {
    const [topic] = Object.keys(service.operations.template.findResources('AWS::SNS::Topic'));

    service.operations.template.hasResourceProperties('AWS::SNS::Subscription', {
      Protocol: 'email',
      Endpoint: 'operator@example.com',
      TopicArn: { Ref: topic },
    });
    for (const [name, alarm] of alarms) {
      expect(alarm, name).toMatchObject({ AlarmActions: [{ Ref: topic }] });
      expect(alarm.AlarmDescription, name).toContain(`See "${name}" in docs/runbook.md.`);
    }
  });

  it('raises an alarm for missing data only if functions must have run, and not before their first run', () => {
    const missing = [...alarms].filter(([, { TreatMissingData }]) => TreatMissingData !== 'notBreaching');

    expect(
      missing.map(([name, { TreatMissingData, WarmUpConfiguration }]) => ({
        name,
        TreatMissingData,
        hours: (WarmUpConfiguration?.WarmUpPeriodDurationInMinutes ?? 0) / 60,
        waits: WarmUpConfiguration?.OnlyStartEvaluatingAfterWarmUpPeriodEnds,
      })),
    ).toEqual([
      { name: 'runs-missing', TreatMissingData: 'breaching', hours: 4, waits: true },
      { name: 'summary-overdue', TreatMissingData: 'breaching', hours: 4, waits: true },
      { name: 'metadata-overdue', TreatMissingData: 'breaching', hours: 48, waits: true },
    ]);
  });

  it('keeps to the limits of PutMetricAlarm', () => {
    for (const [name, alarm] of alarms) {
      const { Metrics = [], EvaluationPeriods, AlarmDescription, WarmUpConfiguration } = alarm;
      const period = periodOf(alarm);
      expect(Metrics.filter(({ MetricStat }) => MetricStat).length, name).toBeLessThanOrEqual(10);
      expect(Metrics.filter(({ Expression }) => Expression !== undefined).length, name).toBeLessThanOrEqual(10);
      expect(period, name).toBeGreaterThanOrEqual(60);
      // "An alarm's total current evaluation period can be no longer than seven days", and "no longer than one day"
      // with periods of less than an hour.
      expect(period * EvaluationPeriods, name).toBeLessThanOrEqual((period < 3_600 ? 1 : 7) * 86_400);
      expect(AlarmDescription.length, name).toBeLessThanOrEqual(1_024);
      expect(WarmUpConfiguration?.WarmUpPeriodDurationInMinutes ?? 0, name).toBeLessThanOrEqual(2_880);
    }
  });

  it('watches, apart from metrics of the service, only metrics that AWS documents, with their dimensions', () => {
    const watched = [...alarms.values()]
      .flatMap(metricsIn)
      .filter(({ Namespace }) => Namespace !== 'Fido2ServerService')
      .map(({ Namespace, MetricName, Dimensions = [] }) => {
        const names = Dimensions.map(({ Name }) => Name).sort();
        return [Namespace, names.length > 0 ? `${MetricName} of ${names.join(', ')}` : MetricName] as const;
      });

    const found = Map.groupBy(watched, ([namespace]) => namespace);
    expect(
      Object.fromEntries(
        [...found].map(([namespace, all]) => [namespace, [...new Set(all.map(([, name]) => name))].sort()]),
      ),
    ).toEqual(metricsOfAws);
    // The metric filter counts the lines that the access log contains.
    service.api.template.hasResourceProperties('AWS::Logs::MetricFilter', {
      FilterPattern: '{ $.status = "429" }',
      MetricTransformations: [
        { MetricName: 'ThrottledRequests', MetricNamespace: 'fido2-server-service-production', MetricValue: '1' },
      ],
    });
  });

  it('has an alarm for every function that fails each time', () => {
    const deployed = [service.api, service.metering].flatMap((stack) =>
      deployedFunctions(stack, service.data.stack.table),
    );

    expect(deployed.map(({ name }) => name).sort()).toEqual(Object.keys(alarmOfFunction).sort());
    for (const { name, logicalId } of deployed) {
      const alarm = alarmOfFunction[name];
      if (alarm === undefined) continue;
      const watched = JSON.stringify(alarmNamed(alarm));
      const isWatched = {
        'api-5xx': () => watched.includes('AWS/ApiGateway'),
        'metadata-overdue': () => watched.includes('CurrentMetadata'),
        // Each of the functions has a dead-letter queue, and the alarm watches all of them, as another test shows.
        'dead-letters': () => true,
      }[alarm];
      expect((isWatched ?? (() => watched.includes(logicalId)))(), name).toBe(true);
    }
  });

  it('explains in docs/runbook.md every digit that an alarm can have', () => {
    const runbook = readFileSync('docs/runbook.md', 'utf8');
    for (const [name, { Metrics }] of alarms) {
      if (!Metrics) continue;
      const [, entry = ''] = new RegExp(`^### ${name}$([^]*?)^##`, 'm').exec(runbook) ?? [];
      const count = Metrics.filter(({ Id }) => Id.startsWith('condition')).length;
      expect(count, name).toBeGreaterThan(0);
      for (let digit = 1; digit < 10 ** count; digit *= 10)
        expect(entry, name).toMatch(new RegExp(`[Dd]igits? ${digit}\\b|\\(${digit}\\)|^\\| *${digit} \\|`, 'm'));
    }
    const { hourlyFunctions } = service.metering.stack;
    Object.keys(hourlyFunctions).forEach((name, index) => {
      expect(runbook).toMatch(new RegExp(`^\\| *${10 ** index} \\| \`${name}\` `, 'm'));
    });
  });

  /** The age of stream records of which the operator should know, in milliseconds. */
  const late = 600_000;

  it.each<[string, string, readonly Values[], boolean, number?]>([
    ['api-5xx', '4 errors', [{ value: 4 }], false],
    ['api-5xx', '5 errors', [{ value: 5 }], true],
    ['api-5xx', 'no requests', [{}], false],
    [
      'requests-throttled',
      '100 refused requests for 15 minutes',
      [{ value: 100 }, { value: 100 }, { value: 100 }],
      true,
    ],
    ['requests-throttled', 'a pause after 5 minutes', [{ value: 900 }, {}, { value: 900 }], false],
    ['concurrency', '79 % of the limit', [{ metric2: 799 }], false, 0],
    ['concurrency', '80 % of the limit', [{ metric2: 800 }], true, 10],
    ['concurrency', 'a function that Lambda refused to run', [{ metric1: 1, metric2: 10 }], true, 1],
    ['table-throttles', 'ten throttled writes of the index for 15 minutes', times(3, { metric4: 10 }), true, 1_000],
    ['table-throttles', 'a burst of 10 minutes', [{ metric1: 500 }, { metric2: 500 }, {}], false],
    ['processing-stopped', 'a lag of 10 minutes for 15 minutes', [{}, ...times(3, { metric1: late })], true, 1],
    ['processing-stopped', 'a lag of 5 minutes', times(4, { metric1: late / 2 }), false, 0],
    ['processing-stopped', 'a mapping that a deployment updates', [{ metric1: 10 }, { metric2: 1 }, {}, {}], false],
    [
      'processing-stopped',
      'a disabled mapping and no records',
      [{ metric2: 1 }, {}, { metric2: 1 }, { metric2: 1 }],
      true,
      10,
    ],
    ['mau-counters', 'a drift', [{}, {}, { metric1: 1 }], true, 1],
    ['mau-counters', 'an unreadable record', [{}, {}, { metric2: 1 }], true, 10],
    ['mau-counters', 'overdue recounts and a drift', [{}, {}, { metric1: 3, metric3: 2 }], true, 101],
    ['mau-counters', 'a report of overdue recounts, and two hours without one', [{ metric3: 1 }, {}, {}], true],
    ['mau-counters', 'three hours without a report', [{}, {}, {}], false, 0],
    ['mails-late', 'links that wait for 5 minutes in their queue', times(2, { metric2: 300, metric3: 0 }), true, 10],
    ['mails-late', 'notices that wait for 29 minutes', times(2, { metric2: 5, metric3: 1_740 }), false, 0],
    ['mails-late', 'stream records that wait for 5 minutes', times(2, { metric1: 300_000 }), true, 1],
    ['mails-late', 'an e-mail that fails three times', [{ metric4: 3 }, {}], false],
    ['mails-late', 'e-mails that fail again and again', times(2, { metric4: 3 }), true, 1_000],
    ['mails-late', 'a function that crashes', times(2, { metric5: 5 }), true, 10_000],
    ['mails-lost', 'a refused e-mail', [{ metric1: 1 }], true, 1],
    ['mails-lost', 'an alert that was given up', [{ metric2: 1 }], true, 10],
    ['mail-reputation', 'rates below those of a review', [{ metric1: 0.049, metric2: 0.0009 }], false, 0],
    ['mail-reputation', 'a rate of bounces of 5 %', [{ metric1: 0.05, metric2: 0 }], true, 1],
    ['mail-reputation', 'a rate of complaints of 0.1 %', [{ metric1: 0, metric2: 0.001 }], true, 10],
    ['dead-letters', 'a message in the third queue', [{ metric1: 0, metric3: 1 }], true, 100],
    ['dead-letters', 'empty queues', [{ metric1: 0, metric2: 0 }], false, 0],
  ])('has the alarm %s, judged right after %s', (name, _, periods, expected, newest) => {
    const alarm = alarmNamed(name);

    // The same must hold if `FILL` does not fill a metric without data.
    for (const fills of [true, false]) expect(rings(alarm, periods, fills)).toBe(expected);
    if (newest !== undefined) expect(valueOf(alarm, periods.at(-1) ?? {})).toBe(newest);
  });

  const ran = (names: readonly number[]): Values =>
    Object.fromEntries(names.flatMap((name) => [[`metric${name}`, 1] as const, [`minus${name}`, 0] as const]));

  const all = ran([1, 2, 3, 4, 5]);

  it.each<[string, readonly Values[], boolean, number?]>([
    ['every function ran', [all, all, all], false, 11_111],
    ['a function ran twice, once with an error', times(3, { ...all, metric3: 2, minus3: 1 }), false, 11_111],
    ['one function did not run', times(3, ran([1, 2, 4, 5])), true, 11_011],
    ['all runs of one function failed', times(3, { ...all, metric4: 3, minus4: 3 }), true, 10_111],
    ['Lambda reports a run late', [all, ran([1, 2, 3, 5]), ran([1, 2, 3, 5])], false, 10_111],
    ['one run failed and the next succeeded', [all, { ...all, metric1: 3, minus1: 3 }, all], false],
    ['no function ran at all', [{}, {}, {}], true],
  ])('has the alarm runs-missing, judged right after three hours in which %s', (_, periods, expected, newest) => {
    for (const fills of [true, false]) expect(rings(alarmNamed('runs-missing'), periods, fills)).toBe(expected);
    if (newest !== undefined) expect(valueOf(alarmNamed('runs-missing'), periods.at(-1) ?? {})).toBe(newest);
  });

  it('rings runs-missing for each hourly function, in the order that the description says', () => {
    const { AlarmDescription, Metrics = [] } = alarmNamed('runs-missing');
    const [, names = ''] = /from the last digit: ([^.]+)\./.exec(AlarmDescription) ?? [];

    names.split(', ').forEach((name, index) => {
      const [started, failed] = ['metric', 'minus'].map((id) => Metrics.find(({ Id }) => Id === `${id}${index + 1}`));
      const { functionName } = service.metering.stack.hourlyFunctions[name] ?? {};
      const Dimensions = [{ Name: 'FunctionName', Value: service.operations.stack.resolve(functionName) as unknown }];
      expect(started?.MetricStat, name).toMatchObject({
        Metric: { MetricName: 'Invocations', Dimensions },
        Stat: 'Sum',
      });
      expect(failed?.MetricStat, name).toMatchObject({ Metric: { MetricName: 'Errors', Dimensions }, Stat: 'Sum' });
    });
  });

  it.each<[string, readonly Values[], boolean]>([
    ['a run each hour', times(3, ran([1])), false],
    ['a run in the first hour only', [ran([1]), {}, {}], false],
    ['no run', [{}, {}, {}], true],
    ['runs that all failed', times(3, { metric1: 2, minus1: 2 }), true],
  ])('has the alarm summary-overdue, judged right after three hours with %s', (_, periods, expected) => {
    for (const fills of [true, false]) expect(rings(alarmNamed('summary-overdue'), periods, fills)).toBe(expected);
  });

  it('rings metadata-overdue if no run has reported current metadata for 50 hours', () => {
    const alarm = alarmNamed('metadata-overdue');
    const silent = times(50, {});

    expect(periodOf(alarm)).toBe(3_600);
    expect(rings(alarm, silent)).toBe(true);
    expect(rings(alarm, [{ value: 1 }, ...silent.slice(1)])).toBe(false);
  });

  it('rings mau-counters without a break while each hourly run reports overdue recounts', () => {
    const alarm = alarmNamed('mau-counters');
    const { EvaluationPeriods, DatapointsToAlarm } = alarm;

    // Two reports are at most 75 minutes apart: a run begins every hour and takes up to 15 minutes.
    expect(periodOf(alarm) * EvaluationPeriods).toBeGreaterThan(75 * 60);
    expect(DatapointsToAlarm).toBe(1);
  });

  it('has the metrics of e-mails in the order of the digits of mails-late', () => {
    const { forwarder, worker, links, notices } = service.metering.stack.mails;
    const resolve = (name: string) => service.operations.stack.resolve(name) as unknown;

    expect(metricsIn(alarmNamed('mails-late'))).toMatchObject([
      { MetricName: 'IteratorAge', Dimensions: [{ Value: resolve(forwarder.functionName) }] },
      { MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: [{ Value: resolve(links.queueName) }] },
      { MetricName: 'ApproximateAgeOfOldestMessage', Dimensions: [{ Value: resolve(notices.queueName) }] },
      { MetricName: 'FailedMails' },
      { MetricName: 'Errors', Dimensions: [{ Value: resolve(worker.functionName) }] },
    ]);
  });

  it('has an alarm that watches every dead-letter queue', () => {
    const queues = Object.entries(service.metering.template.findResources('AWS::SQS::Queue'));
    const deadLetterQueues = queues.filter(([, { Properties }]) => !('RedrivePolicy' in (Properties as object)));
    const watched = metricsIn(alarmNamed('dead-letters'));

    expect(deadLetterQueues.length).toBeGreaterThan(3);
    expect(watched).toHaveLength(deadLetterQueues.length);
    for (const [logicalId] of deadLetterQueues) expect(JSON.stringify(watched)).toContain(logicalId);
  });
});
