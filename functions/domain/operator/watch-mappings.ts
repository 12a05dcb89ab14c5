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
  /** Reads the states of all event source mappings of the service. */
  readonly mappings: () => Promise<readonly MappingState[]>;
}

/**
 * Lambda's text for a batch that a function did not process. This is no fault of the mapping. Lambda keeps the text
 * until the function processes another batch, so a mapping without new records may keep it for days.
 */
const FUNCTION_FAILED = 'PROBLEM: Function call failed';

/**
 * Finds the event source mappings that do not read their stream or queue: Lambda's state is not `Enabled`, or the last
 * try had a problem other than a failed function. Logs each of these mappings, and adds their number to the metric
 * `StoppedMappings`. Returns them.
 *
 * While such a mapping reads nothing, Lambda writes no metric about its function, so no other alarm rings. A deployment
 * may stop a mapping for a minute, so the alarm waits for several runs that report one.
 */
export async function watchMappings({ log, metrics, mappings }: WatchServices): Promise<readonly MappingState[]> {
  const stopped = (await mappings()).filter(isStopped);
  for (const mapping of stopped) log.error('an event source mapping has stopped', { ...mapping });
  metrics.add('StoppedMappings', stopped.length);
  return stopped;
}

const isStopped = ({ state, lastResult = '' }: MappingState) =>
  state !== 'Enabled' || (lastResult.startsWith('PROBLEM') && lastResult !== FUNCTION_FAILED);
