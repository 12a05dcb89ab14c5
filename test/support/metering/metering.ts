import { UpdateTableCommand } from '@aws-sdk/client-dynamodb';
import { DescribeStreamCommand, DynamoDBStreamsClient, GetRecordsCommand } from '@aws-sdk/client-dynamodb-streams';
import type { DynamoDBRecord } from 'aws-lambda';
import { withRememberedApiKeys } from '../../../functions/domain/rps/authenticate-api-key.ts';
import { createCalendar } from '../../../functions/domain/calendar.ts';
import type { RpCaller } from '../../../functions/domain/callers.ts';
import { createApiKey } from '../../../functions/domain/rps/create-api-key.ts';
import { createSession } from '../../../functions/domain/signing-in/create-session.ts';
import { newId, newSecret } from '../../../functions/domain/ids.ts';
import { registerRp } from '../../../functions/domain/rps/register-rp.ts';
import { removeRp } from '../../../functions/domain/rps/remove-rp.ts';
import { registerUsers } from '../../../functions/domain/users/register-users.ts';
import { withSeenUsers } from '../../../functions/domain/metering/report-operations.ts';
import { setLicense } from '../../../functions/domain/licenses/set-license.ts';
import { signUpCustomer } from '../../../functions/domain/customers/sign-up-customer.ts';
import { DAY, HOUR, toTtl } from '../../../functions/domain/time.ts';
import { build, type TumblingWindowEvent } from '../../../functions/events/aggregate-active-users.ts';
import { streamMappings } from '../../../functions/events/stream-mappings.ts';
import { NOT_BEHIND_CLOUDFRONT } from '../../../functions/http/edge.ts';
import { readCustomer } from '../../../functions/table/customers/customers.ts';
import { readEmail } from '../../../functions/table/emails.ts';
import { deleteMail } from '../../../functions/table/mails.ts';
import { tableDefinition } from '../../../functions/table/definition.ts';
import { parseActiveUserPk } from '../../../functions/table/keys.ts';
import { putLink } from '../../../functions/table/signing-in/links.ts';
import { readMauBetween } from '../../../functions/table/metering/mau-counters.ts';
import type { Table } from '../../../functions/table/engine/client.ts';
import { passesFilter } from '../../../local/aws/event-filter.ts';
import { asLambdaSendsIt, shardIterator } from '../../../local/aws/stream-records.ts';
import { localClientConfig } from '../../../local/open-table.ts';
import { startPolling, type StreamBatch } from '../../../local/aws/stream-poller.ts';
import { examplePlans } from '../example-plans.ts';
import { engineEndpoint, openTestTable } from '../engine.ts';
import { anotherClient } from '../table-faults.ts';

/** The numbers of active-user records for each RP and month, and the values of the MAU counters. Zeros are left out. */
export interface Picture {
  /** How many users have an active-user record, keyed by `<RP> <month>`. */
  readonly records: Record<string, number>;
  /** The MAU counters of the RPs, keyed by `<RP> <month>`. */
  readonly counters: Record<string, number>;
  /** The MAU counters of the customer, keyed by month. */
  readonly totals: Record<string, number>;
}

export type Metering = Awaited<ReturnType<typeof openMetering>>;

/**
 * Creates a new table, the services that the metering functions need, and functions that read the results of metering.
 */
export async function openMetering({ now = '2026-11-02T12:00:00Z', timeZone = 'UTC' } = {}) {
  const { table, streamArn, dump } = await openTestTable();
  const clock = { time: Date.parse(now), now: () => clock.time };
  let streams = true;
  const lines: { level: string; message: string; fields: Record<string, unknown> | undefined }[] = [];
  const line = (level: string) => (message: string, fields?: Record<string, unknown>) => {
    lines.push({ level, message, fields });
  };
  const metrics = {
    values: new Map<string, number[]>(),
    add(name: string, value: number) {
      metrics.values.set(name, [...(metrics.values.get(name) ?? []), value]);
    },
    sum: (name: string) => (metrics.values.get(name) ?? []).reduce((sum, value) => sum + value, 0),
  };
  const services = {
    table,
    clock,
    log: { info: line('info'), warn: line('warn'), error: line('error') },
    plans: examplePlans,
    calendar: createCalendar(timeZone),
    metrics,
    consoleUrl: 'https://console.example',
    edge: NOT_BEHIND_CLOUDFRONT,
  };

  return {
    table,
    streamArn,
    dump,
    clock,
    lines,
    metrics,
    services,
    /**
     * Returns the services that another warm Lambda process would have. By default, these services use a new table
     * client.
     */
    process: (own: Table = anotherClient(table)) => withRememberedApiKeys(withSeenUsers({ ...services, table: own })),
    signUp: () => signUp(services, dump),
    /** Registers users of an RP. Each request contains up to 50 users. */
    async register(rp: RpCaller, userIds: readonly string[], on: Table = table) {
      for (let start = 0; start < userIds.length; start += 50) {
        const users = userIds.slice(start, start + 50).map((userId) => ({ userId }));
        await registerUsers({ ...services, table: on }, rp, { users });
      }
    },
    /**
     * Switches the table's stream on or off. The embedded DynamoDB engine writes slowly when the stream contains many
     * records.
     */
    async setStream(enabled: boolean) {
      if (enabled === streams) return;
      const { streamView: StreamViewType } = tableDefinition;
      const StreamSpecification = enabled ? { StreamEnabled: true, StreamViewType } : { StreamEnabled: false };
      await table.client.send(new UpdateTableCommand({ TableName: table.name, StreamSpecification }));
      streams = enabled;
    },
    /** Returns the stream records about active users. Each call returns the records since the previous call. */
    records: await openStream(streamArn),
    drain: (own: Table = table) => drain(streamArn, build({ ...services, table: own })),
    /** Counts the active-user records of a customer. Returns these counts and the customer's MAU counters. */
    async picture(customerId: string): Promise<Picture> {
      const users = new Set<string>();
      for (const { pk, sk, customerId: owner } of await dump()) {
        const key = parseActiveUserPk(pk as string);
        if (key && owner === customerId) users.add(`${key.rpRef} ${key.month} ${sk as string}`);
      }
      const counters = await readMauBetween(table, customerId, '0000-00', '9999-99');
      const shown = counters.filter(({ mau }) => mau !== 0);
      return {
        records: countsOf(users),
        counters: Object.fromEntries(
          shown.flatMap(({ rpRef, month, mau }) => (rpRef === undefined ? [] : [[`${rpRef} ${month}`, mau]])),
        ),
        totals: Object.fromEntries(
          shown.flatMap(({ rpRef, month, mau }) => (rpRef === undefined ? [[month, mau]] : [])),
        ),
      };
    },
    /**
     * Returns every MAU counter of a customer. The key of an RP's counter is `<RP> <month>`; the key of the customer's
     * own counter is `<customer> <month>`. If a counter includes measured users, their number has the same key with
     * ` measured` behind it.
     */
    async counters(customerId: string): Promise<Record<string, number>> {
      const counters = await readMauBetween(table, customerId, '0000-00', '9999-99');
      return Object.fromEntries(
        counters.flatMap(({ rpRef = customerId, month, mau, measured }) => {
          const key = `${rpRef} ${month}`;
          return measured === 0
            ? [[key, mau]]
            : [
                [key, mau],
                [`${key} measured`, measured],
              ];
        }),
      );
    },
  };
}

/**
 * Returns the picture of a customer whose MAU counters are all correct. `users` contains the customer's active users,
 * each as `<RP> <month> <user>`.
 */
export function pictureOf(users: ReadonlySet<string>): Picture {
  const records = countsOf(users);
  const totals: Record<string, number> = {};
  for (const [key, count] of Object.entries(records)) {
    const month = key.split(' ')[1] ?? '';
    totals[month] = (totals[month] ?? 0) + count;
  }
  return { records, counters: records, totals };
}

function countsOf(users: ReadonlySet<string>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const user of users) {
    const key = user.split(' ').slice(0, 2).join(' ');
    counts[key] = (counts[key] ?? 0) + 1;
  }
  return counts;
}

type TestServices = Parameters<typeof setLicense>[0];

/**
 * Signs up and activates a customer. The returned function `caller` returns the representative as the caller that
 * domain functions expect. The returned function `rp` registers a new RP with an API key.
 */
async function signUp(services: TestServices, dump: () => Promise<Record<string, unknown>[]>) {
  const { table, clock } = services;
  const email = `${newId('adm')}@example.com`;
  await signUpCustomer(
    { ...services, metrics: { add: () => undefined } },
    {
      customer: { name: 'Example Corporation' },
      representative: { name: 'Alice Arai', email },
    },
    '192.0.2.1',
  );
  // The activation e-mail was sent, because the link is opened below.
  for (const { mailId, to } of await dump()) if (to === email) await deleteMail(table, String(mailId));
  const owner = await readEmail(table, email);
  if (!owner) throw new Error('The customer was not signed up.');
  const { customerId, administratorId } = owner;
  const link = newSecret('lnk');
  const expiresAt = clock.now() + HOUR;
  await putLink(
    table,
    link,
    { purpose: 'activation', customerId, administratorId, email, expiresAt },
    toTtl(expiresAt),
  );
  const { sessionToken: token, administrator } = await createSession(services, { token: link }, '192.0.2.1');
  await setLicense(services, { operator: 'test' }, customerId, { type: 'business', endsAt: clock.now() + 400 * DAY });
  const caller = async () => {
    const customer = await readCustomer(table, customerId, 'strong');
    if (!customer) throw new Error('The customer does not exist.');
    const at = { signedInAt: clock.now(), lastUsedAt: clock.now(), expiresAt: clock.now() + HOUR };
    return {
      token,
      administrator,
      customer,
      session: {
        customerId,
        administratorId: administrator.administratorId,
        generation: 0,
        method: 'link' as const,
        email,
        ...at,
      },
    };
  };
  return {
    customerId,
    token,
    email,
    administrator,
    caller,
    /** Removes an RP at the current time of the clock. */
    async removeRp(rpRef: string) {
      await removeRp({ ...services, discard: () => Promise.resolve() }, await caller(), rpRef);
    },
    /** Registers an RP and creates an API key for the RP. By default, no other RP has its RP ID. */
    async rp(rpId = `${newId('rp').slice(3)}.example`) {
      const { id } = await registerRp(services, await caller(), { rpId, name: 'Shop' });
      const created = await createApiKey(services, await caller(), id, { name: 'Production' });
      if (created.type !== 'bearer') throw new Error('The default type is bearer.');
      return { customerId, rpRef: id, keyId: created.keyId, apiKey: created.apiKey };
    },
  };
}

/**
 * Creates a function that returns the stream records for the aggregator, the Lambda function that updates the MAU
 * counters. Each call returns the stream records since the previous call.
 */
async function openStream(streamArn: string): Promise<() => Promise<DynamoDBRecord[]>> {
  const client = new DynamoDBStreamsClient(localClientConfig(await engineEndpoint()));
  const positions = new Map<string, string>();
  return async () => {
    const records: DynamoDBRecord[] = [];
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamArn: streamArn }));
    for (const { ShardId = '' } of StreamDescription?.Shards ?? []) {
      for (;;) {
        const ShardIterator = await shardIterator(client, streamArn, ShardId, positions.get(ShardId));
        const { Records = [] } = await client.send(new GetRecordsCommand({ ShardIterator }));
        const last = Records.at(-1)?.dynamodb?.SequenceNumber;
        if (last === undefined) break;
        positions.set(ShardId, last);
        records.push(...Records.map((record) => asLambdaSendsIt(record, streamArn)));
      }
    }
    return records.filter((record) =>
      streamMappings.activeUsers.filters.some((pattern) => passesFilter(pattern, record)),
    );
  };
}

/** Sends all records of the stream, from its beginning, to a handler. */
async function drain(streamArn: string, handler: (batch: StreamBatch) => Promise<{ batchItemFailures: never[] }>) {
  const stream = { streamArn, client: localClientConfig(await engineEndpoint()) };
  const poller = startPolling(streamMappings.activeUsers, stream, handler);
  try {
    await poller.drain();
  } finally {
    await poller.stop();
  }
}

/** Returns an event as Lambda's event source mapping sends it to the aggregator. */
export function windowEvent(shardId: string, Records: DynamoDBRecord[]): TumblingWindowEvent {
  return {
    Records,
    shardId,
    state: {},
    window: { start: '2026-11-02T12:00:00Z', end: '2026-11-02T12:01:00Z' },
    isFinalInvokeForWindow: false,
    isWindowTerminatedEarly: false,
  };
}
