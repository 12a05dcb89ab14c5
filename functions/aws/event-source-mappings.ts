import { GetEventSourceMappingCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import type { MappingState, WatchServices } from '../domain/operator/watch-mappings.ts';

/**
 * Creates a function that reads the states of the event source mappings with the given IDs from Lambda. The state of a
 * mapping that does not exist is `Deleted`. If Lambda refuses to return a state, or does not respond in time, the
 * result contains the error in the place of the state.
 *
 * @default client - a client with the credentials and the region of the function
 */
export function openMappings(
  ids: readonly string[],
  client = new LambdaClient({
    requestHandler: { connectionTimeout: 1_000, requestTimeout: 3_000, throwOnRequestTimeout: true },
  }),
): WatchServices['mappings'] {
  const read = async (mapping: string): Promise<MappingState> => {
    try {
      const { State, LastProcessingResult } = await client.send(new GetEventSourceMappingCommand({ UUID: mapping }));
      return { mapping, state: State ?? 'Unknown', lastResult: LastProcessingResult };
    } catch (error) {
      if (error instanceof ResourceNotFoundException) return { mapping, state: 'Deleted' };
      throw error;
    }
  };
  return () => Promise.allSettled(ids.map(read));
}
