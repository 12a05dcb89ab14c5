import { afterEach, describe, expect, it } from 'vitest';
import { assemble } from './cloud/assembly.ts';
import { createQueues, type Queue } from './cloud/aws/queue.ts';
import { readFilter } from './cloud/events/event-filter.ts';
import { createQueueMapping, queueMappingProperties } from './cloud/events/queue-mapping.ts';
import type { Outcome } from './cloud/functions/messages.ts';

describe('a filter of a mapping', () => {
  const passes = (pattern: object, event: unknown) =>
    readFilter({ Filters: [{ Pattern: JSON.stringify(pattern) }] })(event);
  it.each<[pattern: object, event: unknown, passes: boolean]>([
    [{ a: ['x', 'y'] }, { a: 'y' }, true],
    [{ a: ['x'] }, { a: 'z' }, false],
    [{ a: ['x'] }, {}, false],
    [{ a: [null] }, { a: null }, true],
    [{ a: [null] }, {}, false],
    [{ a: { b: [{ prefix: 'x' }] } }, { a: { b: 'xy' } }, true],
    [{ a: { b: [{ prefix: 'x' }] } }, { a: { b: 'yx' } }, false],
    [{ a: [{ suffix: 'x' }] }, { a: 'yx' }, true],
    [{ a: [{ exists: false }] }, {}, true],
    [{ a: [{ exists: true }] }, { a: 0 }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, { a: 'y' }, true],
    [{ a: [{ 'anything-but': ['x'] }] }, {}, false],
    [{ a: [{ 'equals-ignore-case': 'X' }] }, { a: 'x' }, true],
    [{ a: [{ numeric: ['>', 1, '<=', 3] }] }, { a: 3 }, true],
    [{ a: [{ numeric: ['>', 1, '<=', 3] }] }, { a: 4 }, false],
    [{ a: ['x'] }, { a: ['y', 'x'] }, true],
    [{ $or: [{ a: ['x'] }, { b: ['y'] }] }, { b: 'y' }, true],
    [{ a: ['x'], b: ['y'] }, { a: 'x', b: 'z' }, false],
  ])('%j and the event %j: %s', (pattern, event, expected) => {
    expect(passes(pattern, event)).toBe(expected);
  });

  it('passes an event that matches one of several patterns, and every event without patterns', () => {
    const two = readFilter({ Filters: [{ Pattern: '{"a":["x"]}' }, { Pattern: '{"a":["y"]}' }] });
    expect([two({ a: 'y' }), two({ a: 'z' }), readFilter(undefined)({})]).toEqual([true, false, true]);
  });

  it('throws for a rule that is not implemented', () => {
    expect(() => passes({ a: [{ cidr: '10.0.0.0/8' }] }, { a: '10.0.0.1' })).toThrow(/not implemented/);
  });
});

describe('a queue', () => {
  const clock = { time: Date.parse('2026-11-22T09:00:00Z'), now: () => clock.time };
  let queues: Queue[];
  afterEach(() => {
    for (const one of queues) one.stop();
  });
  /** Creates a queue and its dead-letter queue. */
  function createTwo(properties: object = {}): [Queue, Queue] {
    const Resources = {
      Dead: { Type: 'AWS::SQS::Queue' },
      Queue: {
        Type: 'AWS::SQS::Queue',
        Properties: {
          RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 2 },
          ...properties,
        },
      },
    };
    const place = { account: '123456789012', region: 'us-east-1', endpoint: 'http://127.0.0.1:1' };
    queues = createQueues(assemble(new Map([['stack', { Resources }]]), place), clock);
    const [dead, queue] = queues;
    if (!dead || !queue) throw new Error('There are fewer than two queues.');
    return [queue, dead];
  }

  it('delivers a message after its delay by the clock of the test', () => {
    const [queue] = createTwo();
    queue.send('a', 900);
    expect(queue.receive(10)).toEqual([]);
    clock.time += 900_000;
    expect(queue.receive(10)).toMatchObject([{ body: 'a', receives: 1 }]);
  });

  it('hides a received message until it is released and its visibility time-out is over', () => {
    const [queue] = createTwo({ VisibilityTimeout: 60 });
    queue.send('a');
    const [message] = queue.receive(10);
    clock.time += 3_600_000;
    expect(queue.receive(10)).toEqual([]);
    queue.release(message?.id ?? '');
    expect(queue.receive(10)).toEqual([]);
    clock.time += 60_000;
    expect(queue.receive(10)).toMatchObject([{ body: 'a', receives: 2 }]);
  });

  it('forgets a message after its retention period', () => {
    const [queue] = createTwo({ MessageRetentionPeriod: 60 });
    queue.send('a');
    clock.time += 61_000;
    expect(queue.receive(10)).toEqual([]);
    expect(queue.bodies()).toEqual([]);
  });

  /** Connects a queue to a function with the given outcomes, and returns the batches that the function gets. */
  function connect(queue: Queue, outcomes: readonly Outcome[], properties: object = {}) {
    const batches: string[][] = [];
    const read = queueMappingProperties.parse({ EventSourceArn: queue.arn, FunctionName: 'f', ...properties });
    const mapping = createQueueMapping(read, queue, ({ Records }) => {
      batches.push(Records.map(({ body }) => body));
      const outcome = outcomes[Math.min(batches.length, outcomes.length) - 1] ?? { payload: 'null' };
      return Promise.resolve(
        'payload' in outcome ? { payload: outcome.payload.replace('FIRST', Records[0]?.messageId ?? '') } : outcome,
      );
    });
    return { batches, mapping };
  }
  const failed: Outcome = { error: { errorType: 'Error', errorMessage: 'no' } };

  it('sends its messages in batches to the function of a mapping, and forgets those that were handled', async () => {
    const [queue] = createTwo();
    const { batches, mapping } = connect(queue, [], { BatchSize: 2 });
    for (const body of ['a', 'b', 'c']) queue.send(body);
    await mapping.drain();
    expect(batches).toEqual([['a', 'b'], ['c']]);
    expect(queue.bodies()).toEqual([]);
  });

  it('delivers only the failed messages again, if the function says which', async () => {
    const [queue] = createTwo();
    const report = { payload: '{"batchItemFailures":[{"itemIdentifier":"FIRST"}]}' };
    const { batches, mapping } = connect(queue, [report, { payload: 'null' }], {
      FunctionResponseTypes: ['ReportBatchItemFailures'],
    });
    queue.send('a');
    queue.send('b');
    await mapping.drain();
    expect(batches).toEqual([['a', 'b'], ['a']]);
  });

  it('moves a message that fails again and again to the dead-letter queue', async () => {
    const [queue, dead] = createTwo();
    const { batches, mapping } = connect(queue, [failed]);
    queue.send('a');
    await mapping.drain();
    expect(batches).toEqual([['a'], ['a']]);
    expect(dead.bodies()).toEqual(['a']);
  });

  it('delivers nothing through a mapping that is disabled', async () => {
    const [queue] = createTwo();
    const { batches, mapping } = connect(queue, [], { Enabled: false });
    queue.send('a');
    await mapping.drain();
    expect([batches, queue.bodies()]).toEqual([[], ['a']]);
  });
});
