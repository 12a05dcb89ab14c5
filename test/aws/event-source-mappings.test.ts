import { GetEventSourceMappingCommand, LambdaClient, ResourceNotFoundException } from '@aws-sdk/client-lambda';
import { mockClient } from 'aws-sdk-client-mock';
import { beforeEach, describe, expect, it } from 'vitest';
import { openMappings } from '../../functions/aws/event-source-mappings.ts';
import { build } from '../../functions/events/watch-mappings.ts';

const client = new LambdaClient({ region: 'us-east-1' });
const lambda = mockClient(client);
beforeEach(() => {
  lambda.reset();
});

/** Runs the function `watch-mappings` for one mapping in a state. Returns its metrics and the lines of its log. */
async function run(state: string, lastResult?: string) {
  const metrics: [string, number][] = [];
  const logged: unknown[] = [];
  const unused = () => undefined;
  await build({
    metrics: { add: (name, value) => void metrics.push([name, value]) },
    log: { info: unused, warn: unused, error: (message, fields) => void logged.push([message, fields]) },
    mappings: () => Promise.resolve([{ mapping: 'a-1', state, lastResult }]),
  })();
  return { metrics, logged };
}

describe('watch-mappings', () => {
  it.each([
    ['Enabled', undefined],
    ['Enabled', 'OK'],
    ['Enabled', 'No records processed'],
    // A function that fails shows in other alarms, and the text may stay for days.
    ['Enabled', 'PROBLEM: Function call failed'],
  ])('reports no stopped mapping in the state %s with the last result %s', async (state, lastResult) => {
    expect(await run(state, lastResult)).toEqual({ metrics: [['StoppedMappings', 0]], logged: [] });
  });

  it.each([
    ['Disabled', 'OK'],
    ['Disabled', undefined],
    ['Enabling', undefined],
    ['Updating', 'OK'],
    ['Deleted', undefined],
    ['Unknown', undefined],
    ['Enabled', 'PROBLEM: Lambda may not read the stream'],
  ])('reports and logs a mapping in the state %s with the last result %s', async (state, lastResult) => {
    expect(await run(state, lastResult)).toEqual({
      metrics: [['StoppedMappings', 1]],
      logged: [['an event source mapping has stopped', { mapping: 'a-1', state, lastResult }]],
    });
  });
});

describe('the states of event source mappings', () => {
  it('are those that Lambda reports, and Deleted for a mapping that does not exist', async () => {
    lambda
      .on(GetEventSourceMappingCommand, { UUID: 'a-1' })
      .resolves({ State: 'Disabled', LastProcessingResult: 'OK' })
      .on(GetEventSourceMappingCommand, { UUID: 'a-2' })
      .rejects(new ResourceNotFoundException({ message: 'no such mapping', $metadata: {} }));

    expect(await openMappings(['a-1', 'a-2'], client)()).toEqual([
      { mapping: 'a-1', state: 'Disabled', lastResult: 'OK' },
      { mapping: 'a-2', state: 'Deleted' },
    ]);
  });

  it('cannot be read if Lambda refuses, so that the run fails', async () => {
    lambda.on(GetEventSourceMappingCommand).rejects(new Error('AccessDenied'));
    await expect(openMappings(['a-1'], client)()).rejects.toThrow('AccessDenied');
  });
});
