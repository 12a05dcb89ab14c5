import type { Log, Metrics } from '../services.ts';

/** The state of an event source mapping, which connects a stream or a queue to a Lambda function. */
export interface MappingState {
  readonly mapping: string;
  /** Lambda's name of the state, such as `Enabled`, `Disabled` or `Updating`, or `Deleted`. */
  readonly state: string;
  /** Lambda's text about the last try to process records. @default - Lambda has no text for the mapping */
  readonly lastResult?: string | undefined;
}

export interface WatchServices {
  readonly log: Log;
  readonly metrics: Metrics;
  /** Reads the states of all event source mappings of the service, and returns an error for each that is unknown. */
  readonly mappings: () => Promise<readonly PromiseSettledResult<MappingState>[]>;
}

/**
 * Matches Lambda's texts for problems that are no fault of the mapping, or that end without the operator. Lambda keeps
 * a text until it processes another batch, so a mapping without new records may keep it for days.
 *
 * AWS does not document which texts there are ("GetEventSourceMapping", AWS Lambda API Reference). It documents that
 * Lambda retries by itself if a function fails or is throttled ("Retain discarded records for a DynamoDB event source
 * in Lambda", AWS Lambda Developer Guide), and other alarms ring for both. According to AWS's support, an internal
 * error is shown for a stream that had no records for 48 hours (https://github.com/open-guides/og-aws/pull/490). Every
 * other text counts as a problem of the mapping, because a problem that nobody knows must not be silent.
 */
const TRANSIENT = /^PROBLEM: (Function call failed\.?$|internal Lambda error\b|.*(throttl|too many requests))/i;

/**
 * Finds the event source mappings that do not read their stream or queue: Lambda's state is not `Enabled`, or the last
 * try had a problem that is not transient. Logs each of these mappings, and adds their number to the metric
 * `StoppedMappings`. Returns them. Then throws an `Error` if a state could not be read.
 *
 * While such a mapping reads nothing, Lambda writes no metric about its function, so no other alarm rings. A deployment
 * may stop a mapping for a minute, so the alarm waits for several runs that report one.
 */
export async function watchMappings({ log, metrics, mappings }: WatchServices): Promise<readonly MappingState[]> {
  const results = await mappings();
  const stopped = results.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : [])).filter(isStopped);
  for (const mapping of stopped) log.error('an event source mapping has stopped', { ...mapping });
  metrics.add('StoppedMappings', stopped.length);
  const errors = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
  for (const error of errors) log.error('the state of an event source mapping could not be read', { error });
  if (errors.length > 0) throw new Error(`Event source mappings whose state could not be read: ${errors.length}.`);
  return stopped;
}

const isStopped = ({ state, lastResult = '' }: MappingState) =>
  state !== 'Enabled' || (lastResult.startsWith('PROBLEM') && !TRANSIENT.test(lastResult));
