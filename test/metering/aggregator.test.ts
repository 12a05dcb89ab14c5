import { DeleteCommand } from '@aws-sdk/lib-dynamodb';
import type { DynamoDBRecord } from 'aws-lambda';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { build } from '../../functions/events/aggregate-active-users.ts';
import { checkpointKey, customerKey } from '../../functions/table/keys.ts';
import { readItem } from '../../functions/table/engine/reads.ts';
import { setStatus } from '../support/customer-status.ts';
import { InjectedFault, anotherClient, failWrite } from '../support/table-faults.ts';
import { windowEvent } from '../support/metering/metering.ts';
import {
  activeUsers,
  countersOf,
  openAggregator,
  padded,
  withSequence,
  type TestAggregator,
} from '../support/metering/aggregator.ts';

let aggregator: TestAggregator;
beforeAll(async () => {
  aggregator = await openAggregator();
});
beforeEach(() => {
  aggregator.useNewShard();
  aggregator.metering.lines.length = 0;
  aggregator.metering.metrics.values.clear();
});

describe('a batch', () => {
  it('is counted once if Lambda delivers it three times', async () => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 30, 3);
    const records = await aggregator.streamed(active);
    const answers = [
      await aggregator.deliver(records),
      await aggregator.deliver(records),
      await aggregator.deliver(records),
    ];
    expect(answers).toEqual(Array(3).fill({ state: {}, batchItemFailures: [] }));
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
    expect(await aggregator.checkpoint()).toBe(padded(records.at(-1)));
    expect(aggregator.metering.metrics.values).toEqual(new Map([['AggregatedRecords', [30]]]));
  });

  it('is not counted again if Lambda delivers it again after newer batches', async () => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 30, 3);
    const records = await aggregator.streamed(active);
    await aggregator.deliverInBatches(records, 10);
    await aggregator.deliver(records.slice(0, 10));
    await aggregator.deliver(records.slice(10, 20));
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
    expect(await aggregator.checkpoint()).toBe(padded(records.at(-1)));
  });

  it('that overlaps an earlier batch adds only its new records to the counters', async () => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 30, 3);
    const records = await aggregator.streamed(active);
    await aggregator.deliver(records.slice(0, 12));
    await aggregator.deliver(records.slice(5, 20));
    await aggregator.deliver(records.slice(0, 30));
    await aggregator.deliver(records.slice(19, 21));
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
  });

  it('that contains records twice and out of order adds each record once to the counters', async () => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 20, 2);
    const records = await aggregator.streamed(active);
    await aggregator.deliver([...records.slice(5), ...records.slice(0, 12).reverse(), ...records.slice(3, 6)]);
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
  });

  it('with many records for the same counters updates each counter once, in one transaction', async () => {
    const records = await aggregator.streamed(activeUsers(await aggregator.newCustomer(), 50, 1));
    const { table, transactions } = aggregator.watchedClient();
    await aggregator.deliver(records, table);
    // The five items are the checkpoint and, for each of two months, the RP's counter and the customer's total.
    expect(transactions).toEqual([5]);
  });

  it('without records does not change the checkpoint or the state of the tumbling window', async () => {
    for (const event of [windowEvent(aggregator.shardId(), []), { shardId: aggregator.shardId() }]) {
      const answer = await build(aggregator.metering.services)({
        ...event,
        state: { kept: 1 },
        isFinalInvokeForWindow: true,
      });
      expect(answer).toEqual({ state: { kept: 1 }, batchItemFailures: [] });
    }
    expect(await aggregator.checkpoint()).toBeUndefined();
  });
});

// The checkpoint is the sequence number of the last stream record of a shard that the aggregator has counted.
describe('the checkpoint of a shard', () => {
  it('expires a week after its last change', async () => {
    await aggregator.deliver(await aggregator.streamed(activeUsers(await aggregator.newCustomer(), 1, 1)));
    const { ttl } =
      (await readItem<{ ttl: number }>(aggregator.metering.table, checkpointKey(aggregator.shardId()), 'strong')) ?? {};
    expect(ttl).toBe(Math.ceil((aggregator.metering.clock.now() + 7 * 24 * 60 * 60 * 1_000) / 1_000));
  });

  it('does not affect the records of another shard', async () => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 4, 1);
    const [first, second, third, fourth] = await aggregator.streamed(active);
    if (!first || !second || !third || !fourth) throw new Error('Too few records');
    await aggregator.deliver([third, fourth]);
    aggregator.useNewShard();
    await aggregator.deliver([first, second]);
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
  });

  it.each([
    ['9', '10'],
    ['99', '100', '101', '1000'],
    ['4421584500000000017450439091', '4421584500000000017450439092'],
    ['999999999999999999999999999999999999999', '1000000000000000000000000000000000000000'],
    ['9007199254740992', '9007199254740993', '9007199254740994'],
  ])('orders sequence numbers by value and not as text, for example %s and %s', async (...numbers) => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, numbers.length, 1);
    const records = (await aggregator.streamed(active)).map((record, index) =>
      withSequence(record, numbers[index] ?? ''),
    );
    for (const record of records) await aggregator.deliver([record]);
    for (const record of records) await aggregator.deliver([record]);
    await aggregator.deliver([...records].reverse());
    expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
    expect(await aggregator.checkpoint()).toBe(numbers.at(-1)?.padStart(40, '0'));
  });
});

describe('a stream record', () => {
  const withImage = (record: DynamoDBRecord, NewImage: NonNullable<DynamoDBRecord['dynamodb']>['NewImage']) => ({
    ...record,
    dynamodb: { ...record.dynamodb, NewImage },
  });
  it.each<[string, (record: DynamoDBRecord) => DynamoDBRecord]>([
    ['lacks its image', (record) => withImage(record, undefined)],
    ['has an empty image', (record) => withImage(record, {})],
    [
      'has no customer ID',
      ({ dynamodb = {}, ...record }) =>
        withImage({ ...record, dynamodb }, dynamodb.NewImage?.['pk'] && { pk: dynamodb.NewImage['pk'] }),
    ],
    [
      'has a number, not a string, as its customer ID',
      (record) => withImage(record, { ...record.dynamodb?.NewImage, customerId: { N: '1' } }),
    ],
    ['has no key', (record) => withImage(record, { customerId: { S: 'cus_a' } })],
    [
      'has a malformed key',
      (record) => withImage(record, { ...record.dynamodb?.NewImage, pk: { S: 'ACTIVE#rp_a#2026-11' } }),
    ],
  ])('is logged, counted in a metric and skipped if it %s', async (_, broken) => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 7, 2);
    const records = await aggregator.streamed(active);
    const batch = records.map((record, index) => (index === 3 ? broken(record) : record));
    await aggregator.deliver(batch);
    await aggregator.deliver(batch);
    expect(await aggregator.metering.counters(customerId)).toEqual(
      countersOf(active.filter((__, index) => index !== 3)),
    );
    expect(aggregator.metering.lines).toEqual([
      {
        level: 'error',
        message: 'a stream record cannot be read',
        fields: { sequenceNumber: padded(records[3]) },
      },
    ]);
    expect(aggregator.metering.metrics.sum('UnreadableRecords')).toBe(1);
  });

  it.each([
    ['has no source, as in earlier releases', undefined],
    ['has an unknown source', { S: 'imported' }],
    ['has a number as its source', { N: '1' }],
  ])('counts as reported if it %s', async (_, source) => {
    const customerId = await aggregator.newCustomer();
    const active = activeUsers(customerId, 6, 1);
    const records = await aggregator.streamed(active);
    await aggregator.deliver(
      records.map((record) => {
        const { source: stored, ...image } = record.dynamodb?.NewImage ?? {};
        return withImage(record, { ...image, ...(stored && source && { source }) });
      }),
    );
    expect(await aggregator.metering.counters(customerId)).toEqual(
      countersOf(active.map((user) => ({ ...user, source: 'reported' }))),
    );
  });

  it('that cannot be read is skipped even if its batch contains no readable record', async () => {
    const records = await aggregator.streamed(activeUsers(await aggregator.newCustomer(), 2, 1));
    await aggregator.deliver(records.map((record) => withImage(record, undefined)));
    expect(await aggregator.checkpoint()).toBe(padded(records.at(-1)));
    expect(aggregator.metering.metrics.sum('UnreadableRecords')).toBe(2);
  });
});

describe('a batch that Lambda delivers again', () => {
  it.each(['before', 'after'] as const)(
    'is counted once if the aggregator died %s the transaction of the first delivery',
    async (when) => {
      const customerId = await aggregator.newCustomer();
      const active = activeUsers(customerId, 20, 2);
      const records = await aggregator.streamed(active);
      await aggregator.deliver(records.slice(0, 8));
      const dying = anotherClient(aggregator.metering.table);
      failWrite(dying, 1, when);
      await expect(aggregator.deliver(records.slice(8), dying)).rejects.toThrow(InjectedFault);
      await aggregator.deliver(records.slice(8));
      expect(await aggregator.metering.counters(customerId)).toEqual(countersOf(active));
    },
  );
});

describe('a customer', () => {
  it.each<[string, (customerId: string) => Promise<unknown>]>([
    ['has begun to unsubscribe', (customerId) => setStatus(aggregator.metering.table, customerId, 'unsubscribing')],
    [
      'no longer exists',
      (customerId) =>
        aggregator.metering.table.client.send(
          new DeleteCommand({ TableName: aggregator.metering.table.name, Key: customerKey(customerId) }),
        ),
    ],
  ])('that %s gets no counters, but the checkpoint advances past the records of the customer', async (_, leave) => {
    const [leaving, staying] = [await aggregator.newCustomer(), await aggregator.newCustomer()];
    const stays = activeUsers(staying, 5, 1);
    const leaves = activeUsers(leaving, 5, 1);
    const records = await aggregator.streamed(stays.flatMap((user, index) => [user, leaves[index] ?? user]));
    await leave(leaving);
    await aggregator.deliver(records);
    expect(await aggregator.metering.counters(staying)).toEqual(countersOf(stays));
    expect(await aggregator.metering.counters(leaving)).toEqual({});
    expect(await aggregator.checkpoint()).toBe(padded(records.at(-1)));
  });

  it('that no longer exists gets no counters even if a batch contains only records of this customer', async () => {
    const customerId = await aggregator.newCustomer();
    const records = await aggregator.streamed(activeUsers(customerId, 3, 1));
    await aggregator.metering.table.client.send(
      new DeleteCommand({ TableName: aggregator.metering.table.name, Key: customerKey(customerId) }),
    );
    await aggregator.deliver(records);
    expect(await aggregator.metering.counters(customerId)).toEqual({});
    expect(await aggregator.checkpoint()).toBe(padded(records.at(-1)));
  });
});
