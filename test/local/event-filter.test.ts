import { DeleteCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import {
  DescribeStreamCommand,
  DynamoDBStreamsClient,
  GetRecordsCommand,
  GetShardIteratorCommand,
} from '@aws-sdk/client-dynamodb-streams';
import { beforeAll, describe, expect, it } from 'vitest';
import { addAdministrator } from '../../functions/domain/administrators/add-administrator.ts';
import { reportOperations } from '../../functions/domain/metering/report-operations.ts';
import { fixTimeZone } from '../../functions/domain/metering/fix-time-zone.ts';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { streamMappings } from '../../functions/events/stream-mappings.ts';
import { activeUserKey, mailKey } from '../../functions/table/keys.ts';
import { takeLink } from '../../functions/table/limits/link-limits.ts';
import { passesFilter } from '../../local/aws/event-filter.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { openMetering, windowEvent } from '../support/metering/metering.ts';
import { engineEndpoint } from '../support/engine.ts';

describe('the event filters of the stream consumers', () => {
  interface Change {
    readonly eventName: string;
    readonly pk: string;
    readonly consumers: string[];
  }
  /** Every stream record, with the names of the consumers whose filter passes it. */
  const changes: Change[] = [];
  let mails: string[];
  beforeAll(async () => {
    // The calls below write an item of every kind.
    const metering = await openMetering();
    const { table, services, clock } = metering;
    const customer = await metering.signUp();
    await fixTimeZone(services, 'UTC');
    const rp = await customer.rp();
    await metering.register(rp, ['user-1']);
    const added = { name: 'Bob', email: 'bob@example.com', privilege: 'administrator' } as const;
    await addAdministrator(services, await customer.caller(), added);
    const [invitation] = (await metering.dump()).flatMap(({ mailId }) => (typeof mailId === 'string' ? [mailId] : []));
    await takeLink(table, invitation ?? '', [{ of: ['anonymous', customer.email], atOnce: 3, every: 1 }], clock.now());
    const operations = [{ userId: 'user-1', type: 'authentication' as const }];
    await reportOperations(metering.process(), rp, { operations }, clock.now());
    await buildAggregator(services)(windowEvent('shard', await metering.records()));
    const items = await metering.dump();
    mails = items.flatMap(({ pk, mailId }) => (mailId === undefined ? [] : [pk as string]));
    // The test changes each item and then removes the item.
    for (const { pk, sk } of items) {
      await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: { pk, sk },
          UpdateExpression: 'SET changed = :yes',
          ExpressionAttributeValues: { ':yes': true },
        }),
      );
      await table.client.send(new DeleteCommand({ TableName: table.name, Key: { pk, sk } }));
    }
    // The partition key of this item only resembles the prefixes in the filters, so no filter may pass its stream
    // record.
    await table.client.send(new PutCommand({ TableName: table.name, Item: { pk: 'ACTIVITY#1', sk: 'ACTIVE#1' } }));

    const client = new DynamoDBStreamsClient(localClientConfig(await engineEndpoint()));
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: metering.streamArn }));
    for (const { ShardId } of StreamDescription?.Shards ?? []) {
      const { ShardIterator } = await client.send(
        new GetShardIteratorCommand({ StreamArn: metering.streamArn, ShardId, ShardIteratorType: 'TRIM_HORIZON' }),
      );
      const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
      for (const record of Records) {
        changes.push({
          eventName: record.eventName ?? '',
          pk: record.dynamodb?.Keys?.['pk']?.S ?? '',
          consumers: Object.entries(streamMappings).flatMap(([name, { filters }]) =>
            filters.some((pattern) => passesFilter(pattern, record)) ? [name] : [],
          ),
        });
      }
    }
  });

  it('are tested with every kind of item and change', () => {
    expect(new Set(changes.map(({ eventName }) => eventName))).toEqual(new Set(['INSERT', 'MODIFY', 'REMOVE']));
    const kinds = new Set(changes.map(({ pk }) => pk.split('#')[0]));
    expect([...kinds].sort()).toEqual(
      expect.arrayContaining([
        'ACTIVE',
        'ACTIVITY',
        'API-KEY',
        'CHECKPOINT',
        'CUSTOMER',
        'EMAIL',
        'LINK',
        'LINK-LIMIT',
        'MAIL',
        'RP',
        'SESSION',
        'SETTING',
      ]),
    );
  });

  it('pass only new active-user records to the aggregator', () => {
    const { pk } = activeUserKey('rp', '2026-11', 'user-1');
    const woken = changes.filter(({ consumers }) => consumers.includes('activeUsers'));
    expect(woken.map(({ eventName }) => eventName)).toEqual(['INSERT']);
    expect(woken[0]?.pk.startsWith(pk.slice(0, 7))).toBe(true);
  });

  it('pass only new e-mails to the function that sends e-mails', () => {
    const woken = changes.filter(({ consumers }) => consumers.includes('mails'));
    const ofMails = changes.filter(({ pk }) => pk.startsWith(mailKey('').pk));
    // The e-mail of the sign-up was sent before the others were stored. Its item was removed.
    expect(woken).toEqual(ofMails.filter(({ eventName }) => eventName === 'INSERT'));
    expect(woken.map(({ pk }) => pk)).toEqual(expect.arrayContaining(mails));
    expect(mails.length).toBeGreaterThan(0);
    expect(woken.length).toBeGreaterThan(mails.length);
  });

  it('pass no changed or removed items to any consumer', () => {
    expect(changes.filter(({ eventName, consumers }) => eventName !== 'INSERT' && consumers.length > 0)).toEqual([]);
  });
});

describe('the local filter', () => {
  const pattern = { eventName: ['INSERT', 'MODIFY'], dynamodb: { Keys: { pk: { S: [{ prefix: 'A#' }, 'B'] } } } };
  const event = (eventName: string, S: unknown) => ({ eventName, dynamodb: { Keys: { pk: { S } } }, more: 1 });

  it.each([
    [event('INSERT', 'A#1'), true],
    [event('MODIFY', 'A#'), true],
    [event('INSERT', 'B'), true],
    [event('INSERT', 'B1'), false],
    [event('INSERT', 'xA#1'), false],
    [event('INSERT', 'a#1'), false],
    [event('REMOVE', 'A#1'), false],
    [event('INSERT', 1), false],
    [event('INSERT', undefined), false],
    [{ eventName: 'INSERT' }, false],
    [{ dynamodb: { Keys: { pk: { S: 'A#1' } } } }, false],
    [{ eventName: 'INSERT', dynamodb: null }, false],
    [{}, false],
    [undefined, false],
  ])('compares %j with values and prefixes and returns %s', (given, expected) => {
    expect(passesFilter(pattern, given)).toBe(expected);
  });

  it('throws an error for an unknown rule', () => {
    expect(() => passesFilter({ eventName: [{ 'anything-but': ['REMOVE'] }] }, event('INSERT', 'A#1'))).toThrow(
      'does not know',
    );
    expect(() => passesFilter({ eventName: [{ prefix: 'A', suffix: 'B' }] }, event('INSERT', 'A#1'))).toThrow(
      'does not know',
    );
    expect(() => passesFilter({ eventName: 'INSERT' }, event('INSERT', 'A#1'))).toThrow('must end in arrays');
  });
});
