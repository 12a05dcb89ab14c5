import { json, readJsonCall, unknownOperation, type AwsService } from './service.ts';

interface Query {
  readonly Id: string;
  readonly MetricStat: {
    readonly Metric: {
      readonly Namespace: string;
      readonly MetricName: string;
      readonly Dimensions?: readonly { readonly Name: string; readonly Value: string }[];
    };
  };
}

/**
 * Creates CloudWatch's API, which knows the metric `IteratorAge` of the functions that read a stream. `iteratorAge`
 * returns the age in milliseconds for the name of a function, or undefined if CloudWatch has no data.
 */
export function createCloudWatch(iteratorAge: (functionName: string) => Promise<number | undefined>): AwsService {
  return (call) => {
    const { operation, input } = readJsonCall(call);
    if (operation !== 'GetMetricData') return unknownOperation('CloudWatch', operation);
    return {
      needs: [{ action: 'cloudwatch:GetMetricData', resource: '*' }],
      run: async () => {
        const results = (input['MetricDataQueries'] as readonly Query[]).map(async ({ Id, MetricStat: { Metric } }) => {
          const { Namespace, MetricName, Dimensions = [] } = Metric;
          const [{ Name, Value } = { Name: '', Value: '' }] = Dimensions;
          const isKnown = Namespace === 'AWS/Lambda' && MetricName === 'IteratorAge' && Name === 'FunctionName';
          const value = isKnown && Dimensions.length === 1 ? await iteratorAge(Value) : undefined;
          return { Id, Values: value === undefined ? [] : [value], StatusCode: 'Complete' };
        });
        return json({ MetricDataResults: await Promise.all(results) });
      },
    };
  };
}
