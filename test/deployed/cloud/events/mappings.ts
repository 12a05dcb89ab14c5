import * as z from 'zod';
import type { Assembly } from '../assembly.ts';
import type { Queue } from '../aws/queue.ts';
import type { Outcome } from '../functions/messages.ts';
import type { CreatedTable } from '../tables.ts';
import type { Mapping } from './mapping.ts';
import { createQueueMapping, queueMappingProperties } from './queue-mapping.ts';
import { createStreamMapping, streamMappingProperties, type StreamMapping } from './stream-mapping.ts';

/** All event source mappings of a cloud. */
export interface Mappings {
  /** The mappings of the queues and streams, each with the ARN of its source and the name of its function. */
  readonly all: readonly (Mapping & {
    readonly source: string;
    readonly functionName: string;
    readonly isStream: boolean;
  })[];
  /** Tells the mappings of the streams that a table may have changed. */
  changed(): void;
  /**
   * Returns the metric `IteratorAge` of a function once its mapping has caught up. @default - there is no such metric
   */
  iteratorAge(functionName: string): Promise<number | undefined>;
  stop(): Promise<void>;
}

export interface MappingsOptions {
  readonly engine: string;
  readonly tables: readonly CreatedTable[];
  readonly queues: readonly Queue[];
  readonly invoke: (functionName: string, event: unknown) => Promise<Outcome>;
  /** Sends a message about events that a function failed to handle. */
  readonly onFailure: (functionName: string, queueArn: string, message: object) => void;
}

/** Creates the event source mappings of an assembly. Throws if a mapping has a property that is not implemented. */
export function createMappings(assembly: Assembly, options: MappingsOptions): Mappings {
  const streams: StreamMapping[] = [];
  const all = assembly.ofType('AWS::Lambda::EventSourceMapping').map(({ logicalId, properties }) => {
    const { EventSourceArn: source, FunctionName: functionName } = properties as Readonly<Record<string, string>>;
    if (source === undefined || functionName === undefined)
      throw new Error(`${logicalId} has no source or no function.`);
    const isStream = source.includes('/stream/');
    const create = isStream ? ofStream : ofQueue;
    const mapping = create(logicalId, properties, source, functionName);
    return { ...mapping, source, functionName, isStream, isEnabled: properties['Enabled'] !== false };
  });

  function ofQueue(logicalId: string, properties: unknown, source: string, functionName: string): Mapping {
    const queue = options.queues.find(({ arn }) => arn === source);
    if (!queue) throw new Error(`The source ${source} of ${logicalId} does not exist.`);
    const read = parse(queueMappingProperties, logicalId, properties);
    return createQueueMapping(read, queue, (event) => options.invoke(functionName, event));
  }
  function ofStream(logicalId: string, properties: unknown, source: string, functionName: string): StreamMapping {
    const table = options.tables.find(({ arn }) => source.startsWith(`${arn}/stream/`));
    if (table?.streamInEngine === undefined) throw new Error(`The source ${source} of ${logicalId} does not exist.`);
    const mapping = createStreamMapping(
      parse(streamMappingProperties, logicalId, properties),
      { endpoint: options.engine, streamArn: table.streamInEngine },
      (event) => options.invoke(functionName, event),
      (queueArn, message) => {
        options.onFailure(functionName, queueArn, message);
      },
    );
    streams.push(mapping);
    return mapping;
  }

  return {
    all,
    changed: () => {
      for (const stream of streams) stream.changed();
    },
    async iteratorAge(functionName) {
      const mapping = all.find((one) => one.isStream && one.functionName === functionName && one.isEnabled);
      await mapping?.drain();
      return mapping && 0;
    },
    async stop() {
      await Promise.all(all.map((mapping) => mapping.stop()));
    },
  };
}

function parse<S extends z.ZodType>(schema: S, logicalId: string, properties: unknown): z.output<S> {
  const read = schema.safeParse(properties);
  if (read.success) return read.data;
  throw new Error(`Cannot read the mapping ${logicalId}.\n${z.prettifyError(read.error)}`);
}
