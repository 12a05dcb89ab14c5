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

/** Returns a log and metrics for the function `watch-mappings`, and what it wrote to them. */
function observed() {
  const metrics: [string, number][] = [];
  const logged: unknown[] = [];
  const unused = () => undefined;
  const surroundings = {
    metrics: { add: (name: string, value: number) => void metrics.push([name, value]) },
    log: {
      info: unused,
      warn: unused,
      error: (message: string, fields: unknown) => void logged.push([message, fields]),
    },
  };
  return { surroundings, metrics, logged };
}

/** Runs the function `watch-mappings` for one mapping in a state. Returns its metrics and the lines of its log. */
async function run(state: string, lastResult?: string) {
  const { surroundings, metrics, logged } = observed();
  const value = { mapping: 'a-1', state, lastResult };
  await build({ ...surroundings, mappings: () => Promise.resolve([{ status: 'fulfilled', value }]) })();
  return { metrics, logged };
}

describe('watch-mappings', () => {
  it.each([
    ['Enabled', undefined],
    ['Enabled', 'OK'],
    ['Enabled', 'No records processed'],
    // Other alarms ring if a function fails or is throttled. The text may stay for days.
    ['Enabled', 'PROBLEM: Function call failed'],
    ['Enabled', 'PROBLEM: Function is throttled'],
    ['Enabled', 'PROBLEM: Rate exceeded (ThrottlingException)'],
    // Lambda shows this text also for a stream without records.
    ['Enabled', 'PROBLEM: internal Lambda error. Please contact Lambda customer support.'],
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
    ['Disabled', 'PROBLEM: Function call failed'],
    ['Enabled', 'PROBLEM: Lambda may not read the stream'],
    ['Enabled', 'PROBLEM: Access denied. Function call failed because of the role'],
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
      { status: 'fulfilled', value: { mapping: 'a-1', state: 'Disabled', lastResult: 'OK' } },
      { status: 'fulfilled', value: { mapping: 'a-2', state: 'Deleted' } },
    ]);
  });

  it('that can be read are reported, even if Lambda refuses another, and the run then fails', async () => {
    const refused = new Error('AccessDenied');
    lambda
      .on(GetEventSourceMappingCommand, { UUID: 'a-1' })
      .rejects(refused)
      .on(GetEventSourceMappingCommand, { UUID: 'a-2' })
      .resolves({ State: 'Disabled' });
    const { surroundings, metrics, logged } = observed();

    const run = build({ ...surroundings, mappings: openMappings(['a-1', 'a-2'], client) });
    await expect(run()).rejects.toThrow('Event source mappings whose state could not be read: 1.');
    expect(metrics).toEqual([['StoppedMappings', 1]]);
    expect(logged).toEqual([
      ['an event source mapping has stopped', { mapping: 'a-2', state: 'Disabled', lastResult: undefined }],
      ['the state of an event source mapping could not be read', { error: refused }],
    ]);
  });
});
