import { Duration } from 'aws-cdk-lib';
import { MathExpression, type IMetric } from 'aws-cdk-lib/aws-cloudwatch';

/**
 * A condition: a metric, or the difference of two metrics, is at least as high as the threshold. A metric without data
 * is 0.
 */
export interface Condition {
  readonly metric: IMetric;
  /** The metric to subtract. @default - nothing is subtracted */
  readonly minus?: IMetric;
  readonly atLeast: number;
}

/**
 * Returns a metric with a decimal digit for each condition: 1 if the condition holds in a period, and 0 otherwise. The
 * first condition has the last digit. For example, 101 says that the first and the third condition hold. So one alarm
 * can have several causes, and its e-mail, which contains the value, says which of them holds.
 *
 * An alarm may use at most 10 metrics and 10 expressions, so at most 9 conditions (Amazon CloudWatch API Reference,
 * "PutMetricAlarm").
 *
 * CloudWatch's documentation does not say whether `FILL` fills a metric that has never had data. If it does not, the
 * condition of this metric has no value, and a sum with `+` would have none either: the alarm would be silent. `SUM` of
 * a list adds the values that exist.
 */
export function digits(conditions: readonly Condition[], period = Duration.minutes(5)): MathExpression {
  const holds = conditions.map(({ metric, minus, atLeast }, index) => {
    const names = [`metric${index + 1}`, ...(minus ? [`minus${index + 1}`] : [])];
    const value = names.map((name) => `FILL(${name}, 0)`).join(' - ');
    return new MathExpression({
      expression: `IF(${value} >= ${atLeast}, ${10 ** index}, 0)`,
      usingMetrics: { [`metric${index + 1}`]: metric, ...(minus && { [`minus${index + 1}`]: minus }) },
      period,
    });
  });
  const usingMetrics = Object.fromEntries(holds.map((condition, index) => [`condition${index + 1}`, condition]));
  return new MathExpression({
    expression: `SUM([${Object.keys(usingMetrics).join(', ')}])`,
    usingMetrics,
    label: 'Conditions',
    period,
  });
}

/** The value of the metric `digits` if all of `count` conditions hold. */
export const allHold = (count: number): number => Number('1'.repeat(count));
