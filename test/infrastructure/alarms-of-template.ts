import { createContext, runInContext } from 'node:vm';
import type { Template } from 'aws-cdk-lib/assertions';

/** A metric in an alarm of a CloudFormation template. */
export interface WatchedMetric {
  readonly Namespace: string;
  readonly MetricName: string;
  readonly Dimensions?: readonly { readonly Name: string; readonly Value: unknown }[];
}

/** An alarm in a CloudFormation template. */
export interface AlarmProperties extends Partial<WatchedMetric> {
  readonly AlarmName: string;
  readonly AlarmDescription: string;
  readonly AlarmActions: readonly unknown[];
  readonly ComparisonOperator: 'GreaterThanOrEqualToThreshold' | 'LessThanThreshold';
  readonly Threshold: number;
  readonly EvaluationPeriods: number;
  readonly DatapointsToAlarm?: number;
  readonly TreatMissingData: 'breaching' | 'notBreaching';
  readonly WarmUpConfiguration?: {
    readonly WarmUpPeriodDurationInMinutes: number;
    readonly OnlyStartEvaluatingAfterWarmUpPeriodEnds: boolean;
  };
  readonly Period?: number;
  readonly Metrics?: readonly {
    readonly Id: string;
    readonly Expression?: string;
    readonly ReturnData?: boolean;
    readonly MetricStat?: { readonly Metric: WatchedMetric; readonly Period: number; readonly Stat: string };
  }[];
}

/** Returns the alarms of a template by name, without the prefix of the stage. */
export function alarmsOf(template: Template): Map<string, AlarmProperties> {
  return new Map(
    Object.values(template.findResources('AWS::CloudWatch::Alarm'))
      .map(({ Properties }) => Properties as AlarmProperties)
      .map((alarm) => [alarm.AlarmName.replace(/^fido2-server-service-(production|development)-/, ''), alarm]),
  );
}

/** Returns the metrics that an alarm watches. CloudWatch charges for each of them. */
export const metricsIn = ({
  Metrics,
  Namespace = '',
  MetricName = '',
  Dimensions,
}: AlarmProperties): WatchedMetric[] =>
  Metrics
    ? Metrics.flatMap(({ MetricStat }) => (MetricStat ? [MetricStat.Metric] : []))
    : [{ Namespace, MetricName, ...(Dimensions && { Dimensions }) }];

/** Returns the length of an alarm's periods, in seconds. */
export const periodOf = ({ Metrics, Period }: AlarmProperties): number =>
  Period ?? Metrics?.find(({ MetricStat }) => MetricStat)?.MetricStat?.Period ?? 0;

/** The error that ends the evaluation of an expression without a result. */
class MissingError extends Error {
  override readonly name = 'MissingError';
}

/**
 * The values of an alarm's metrics in one period, by the IDs that the alarm gives the metrics. `value` is the metric of
 * an alarm without an expression. A metric that is left out has no data.
 */
export type Values = Readonly<Record<string, number>>;

/**
 * Returns the value of an alarm's metric in one period, undefined if it has no data. Evaluates expressions of the kind
 * that `lib/digits.ts` creates, which are also JavaScript: `IF` and `FILL` are calls of functions. If `fills` is false,
 * `FILL` does not fill a metric without data, as CloudWatch might treat a metric that has never had data.
 */
export function valueOf({ Metrics }: AlarmProperties, values: Values, fills = true): number | undefined {
  if (!Metrics) return values['value'];
  const functions = {
    IF: (condition: boolean, then: number, otherwise: number) => (condition ? then : otherwise),
    FILL: (value: number | undefined, filling: number) => {
      if (value === undefined && !fills) throw new MissingError();
      return value ?? filling;
    },
    SUM: (list: readonly (number | undefined)[]) => {
      const present = list.filter((value) => value !== undefined);
      return present.length > 0 ? present.reduce((sum, value) => sum + value, 0) : undefined;
    },
  };
  const known: Record<string, unknown> = { ...functions };
  for (const { Id, MetricStat } of Metrics) if (MetricStat) known[Id] = values[Id];
  const evaluate = (expression: string): number | undefined => {
    try {
      return runInContext(expression, createContext({ ...known })) as number | undefined;
    } catch (error) {
      if (error instanceof MissingError) return undefined;
      throw error;
    }
  };
  const result = Metrics.find(({ ReturnData }) => ReturnData !== false);
  for (const { Id, Expression } of Metrics)
    if (Expression !== undefined && Id !== result?.Id) known[Id] = evaluate(Expression);
  return evaluate(result?.Expression ?? '');
}

/**
 * Returns whether an alarm rings after periods with the given values, the newest last. There must be as many periods as
 * the alarm evaluates. CloudWatch may look at older periods where values are missing; this function does not.
 */
export function rings(alarm: AlarmProperties, periods: readonly Values[], fills = true): boolean {
  if (periods.length !== alarm.EvaluationPeriods) throw new Error(`The alarm has ${alarm.EvaluationPeriods} periods`);
  const breaching = periods.filter((values) => {
    const value = valueOf(alarm, values, fills);
    if (value === undefined) return alarm.TreatMissingData === 'breaching';
    return alarm.ComparisonOperator === 'LessThanThreshold' ? value < alarm.Threshold : value >= alarm.Threshold;
  });
  return breaching.length >= (alarm.DatapointsToAlarm ?? alarm.EvaluationPeriods);
}
