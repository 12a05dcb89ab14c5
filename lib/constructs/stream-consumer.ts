import { Duration } from 'aws-cdk-lib';
import { FilterCriteria, StartingPosition, type IFunction } from 'aws-cdk-lib/aws-lambda';
import { DynamoEventSource, SqsDlq } from 'aws-cdk-lib/aws-lambda-event-sources';
import { Construct } from 'constructs';
import type { StreamMapping } from '../../functions/events/stream-mappings.ts';
import { DeadLetterQueue } from './dead-letter-queue.ts';
import { ServiceFunction, type ServiceFunctionProps } from './service-function.ts';

export interface StreamConsumerProps extends Omit<ServiceFunctionProps, 'name' | 'deadLetterQueue'> {
  /** The name of the function, and the settings of the function's event source mapping. */
  readonly mapping: StreamMapping;
}

/** An event source after it was added to a function: Lambda's mapping of a stream or a queue to the function. */
export type EventSource = Pick<DynamoEventSource, 'eventSourceMappingId' | 'eventSourceMappingArn'>;

/**
 * A function that reads the table's stream, with a dead-letter queue for records that the function could not process.
 */
export class StreamConsumer extends Construct {
  readonly function: IFunction;
  readonly deadLetterQueue: DeadLetterQueue;
  readonly eventSource: EventSource;

  constructor(scope: Construct, id: string, props: StreamConsumerProps) {
    super(scope, id);
    const { mapping, ...functionProps } = props;
    this.deadLetterQueue = new DeadLetterQueue(this, 'DeadLetters');
    const consumer = new ServiceFunction(this, 'Consumer', { ...functionProps, name: mapping.handler });
    this.function = consumer.function;
    const source = new DynamoEventSource(props.table.table, {
      // The consumer also receives the stream records that were written before the event source mapping existed.
      startingPosition: StartingPosition.TRIM_HORIZON,
      enabled: !props.stage.suspended,
      filters: mapping.filters.map((pattern) => FilterCriteria.filter(pattern)),
      batchSize: mapping.batchSize,
      maxBatchingWindow: Duration.seconds(mapping.batchingWindow),
      parallelizationFactor: mapping.parallelization,
      bisectBatchOnError: mapping.bisects,
      // If only some records of a batch fail, the function tells Lambda which records failed. Lambda then delivers
      // the batch again, but only from the first failed record on.
      reportBatchItemFailures: true,
      // -1 means that the number of retries is unlimited; `maxRecordAge` ends the retries.
      retryAttempts: -1,
      maxRecordAge: Duration.seconds(mapping.maxRecordAge),
      onFailure: new SqsDlq(this.deadLetterQueue),
      ...(mapping.tumblingWindow !== undefined && { tumblingWindow: Duration.seconds(mapping.tumblingWindow) }),
    });
    this.function.addEventSource(source);
    this.eventSource = source;
  }
}
