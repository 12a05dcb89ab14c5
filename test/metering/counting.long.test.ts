import { expect, it } from 'vitest';
import { routeNamed } from '../../functions/api/routes.ts';
import { build } from '../../functions/api/metering/report-operations.ts';
import type { OperationResult } from '../../functions/contract/operations.ts';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { streamMappings } from '../../functions/events/stream-mappings.ts';
import { parseActiveUserPk } from '../../functions/table/keys.ts';
import { isConditionFailed } from '../../functions/table/engine/client.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { localClientConfig } from '../../local/open-table.ts';
import { startPolling } from '../../local/aws/stream-poller.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openMetering, pictureOf } from '../support/metering/metering.ts';
import { random, type Random } from '../support/random.ts';
import {
  anotherClient,
  injectFaults,
  throttling,
  timeOut,
  transactionConflict,
  type Attempt,
  type Fault,
} from '../support/table-faults.ts';
import { engineEndpoint } from '../support/engine.ts';
import { LONG } from '../support/long.ts';

const OPERATIONS = LONG ? 5_000 : 1_500;
/**
 * The number of operations in each test with faults. Unless `LONG` is true, this number is smaller than `OPERATIONS`,
 * because tests with faults spend most of their time waiting between retries.
 */
const OPERATIONS_WITH_FAULTS = LONG ? 5_000 : 300;
const USERS = 300;
const RPS = 3;
const CALLERS = 50;
/** The number of warm processes that handle the requests. Each process caches the users that it has counted. */
const PROCESSES = 5;

const OCTOBER = Date.parse('2026-10-30T09:00:00Z');
const NOVEMBER = Date.parse('2026-11-02T09:00:00Z');
const HOUR = 60 * 60 * 1_000;

interface Request {
  readonly rp: { readonly rpRef: string; readonly apiKey: string };
  readonly operations: readonly { readonly userId: string; readonly occurredAt?: number }[];
}
/** Returns the fault for an attempt to call the table, or undefined if the attempt should succeed. */
type Faults = (attempt: Attempt, chance: Random) => Fault | undefined;

const timesOut: Faults = ({ command }, chance) =>
  /^(Put|Update|TransactWrite)/.test(command) && chance.next() < 0.2 ? { after: timeOut() } : undefined;
const throttles: Faults = (_, chance) => (chance.next() < 0.05 ? { before: throttling() } : undefined);
const conflicts: Faults = (attempt, chance) =>
  attempt.command.startsWith('TransactWrite') && chance.next() < 0.4
    ? { before: transactionConflict(attempt) }
    : undefined;

it.concurrent.for<[string, Faults | undefined]>([
  ['without faults', undefined],
  ['while responses to completed writes are lost', timesOut],
  ['while the table throttles', throttles],
  ['while transactions conflict', conflicts],
  ['with all kinds of faults', (...given) => timesOut(...given) ?? throttles(...given) ?? conflicts(...given)],
])(
  'each user counts once per RP and month when 50 callers report at the same time %s',
  { timeout: LONG ? 600_000 : 120_000 },
  async ([, faults]) => {
    const chance = random();
    console.info(`counting.long.test.ts: SEED=${chance.seed}`);
    const operations = faults ? OPERATIONS_WITH_FAULTS : OPERATIONS;
    const lost = new Set<string>();
    let injected = 0;
    const metering = await openMetering({ now: new Date(OCTOBER).toISOString() });
    const { table, clock } = metering;
    const faulty = () =>
      injectFaults(
        anotherClient(table),
        (attempt) => {
          const fault = faults?.(attempt, chance);
          if (fault) injected += 1;
          return fault;
        },
        (attempt, error) => {
          const key = activeUserOf(attempt);
          if (key !== undefined && !isConditionFailed(error)) lost.add(key);
        },
      );

    const customer = await metering.signUp();
    const rps = await Promise.all(Array.from({ length: RPS }, () => customer.rp()));
    const userIds = Array.from({ length: USERS }, (_, index) => `user-${index}`);
    await Promise.all(rps.map((rp) => patiently(() => metering.register(rp, userIds, faulty()))));

    const handlers = Array.from({ length: PROCESSES }, () =>
      build(metering.process(faulty()), routeNamed('report-operations')),
    );
    const stream = { streamArn: metering.streamArn, client: localClientConfig(await engineEndpoint()) };
    const aggregate = buildAggregator({ ...metering.services, table: faulty() });
    const aggregator = startPolling(streamMappings.activeUsers, stream, aggregate);

    const expected = new Set<string>();
    const counted = new Map<string, number>();
    try {
      await report(makeRequests(operations / 2, () => -chance.below(20 * 24 * HOUR)));
      clock.time = NOVEMBER;
      // The requests contain late operations of October, operations of November, and a few operations whose times are 1
      // ms ahead of the service's clock.
      await report(makeRequests(operations / 2, () => chance.pick([-40 * HOUR, 0, 1]) - chance.below(32 * HOUR)));
      await aggregator.drain();
    } finally {
      await aggregator.stop();
    }

    expect(await metering.picture(customer.customerId)).toEqual(pictureOf(expected));
    const answers = [...expected].map((key) => ({ key, counted: counted.get(key) ?? 0, lost: lost.has(key) }));
    expect(answers.filter((answer) => answer.counted > 1)).toEqual([]);
    expect(answers.filter((answer) => answer.counted === 0 && !answer.lost)).toEqual([]);
    expect([...counted.keys()].filter((key) => !expected.has(key))).toEqual([]);
    expect(injected > 0).toBe(faults !== undefined);
    expect(answers.filter((answer) => answer.counted === 1).length, 'answers that say "counted"').toBeGreaterThan(0);

    /**
     * Returns requests with 1 to 10 operations each and `count` operations in all. About 7 in 10 operations have a
     * time, which is the current time plus `ago()`, in milliseconds.
     */
    function makeRequests(count: number, ago: () => number): Request[] {
      const requests: Request[] = [];
      for (let made = 0; made < count;) {
        const length = Math.min(1 + chance.below(10), count - made);
        requests.push({
          rp: chance.pick(rps),
          operations: Array.from({ length }, () => ({
            // One operation in 50 is of a user who is not registered.
            userId: chance.below(50) === 0 ? `stranger-${chance.below(10)}` : chance.pick(userIds),
            ...(chance.next() < 0.7 && { occurredAt: clock.time + ago() }),
          })),
        });
        made += length;
      }
      return requests;
    }

    /** Sends all requests in a random order from 50 callers. Sends about one in three requests twice. */
    async function report(requests: readonly Request[]): Promise<void> {
      const queue = chance.shuffle([...requests, ...requests.filter(() => chance.below(3) === 0)]);
      await Promise.all(
        Array.from({ length: CALLERS }, async () => {
          const handler = chance.pick(handlers);
          for (let request = queue.pop(); request; request = queue.pop()) await reportOne(request, handler);
        }),
      );
    }

    async function reportOne({ rp, operations }: Request, handler: (typeof handlers)[number]): Promise<void> {
      const keys = operations.map(({ userId, occurredAt = clock.time }) => {
        const month = new Date(occurredAt).toISOString().slice(0, 7);
        return { userId, key: `${rp.rpRef} ${month} ${userId}` };
      });
      const isStranger = (userId: string) => userId.startsWith('stranger');
      for (const { userId, key } of keys) if (!isStranger(userId)) expected.add(key);
      const { results } = await patiently(async () => {
        const { statusCode, body = '' } = await handler(
          httpEvent('POST /v1/rp/operations', {
            credential: rp.apiKey,
            body: {
              operations: operations.map(({ userId, occurredAt }) => ({
                userId,
                type: 'authentication',
                ...(occurredAt !== undefined && { occurredAt: new Date(occurredAt).toISOString() }),
              })),
            },
            now: clock.time,
          }),
          contextOf({ name: 'report-operations' }),
        );
        if (statusCode === 503) {
          for (const { key } of keys) lost.add(key);
          throw new UnavailableError('503');
        }
        expect([statusCode, body]).toEqual([200, expect.any(String)]);
        return JSON.parse(body) as { results: OperationResult[] };
      });
      expect(results.map(({ userId }) => userId)).toEqual(keys.map(({ userId }) => userId));
      keys.forEach(({ userId, key }, at) => {
        const { status, reason } = results[at] ?? {};
        if (isStranger(userId)) expect([status, reason]).toEqual(['rejected', 'user-not-registered']);
        else expect(['counted', 'already-counted']).toContain(status);
        if (status === 'counted') counted.set(key, (counted.get(key) ?? 0) + 1);
      });
    }
  },
);

/**
 * Returns the RP, month and user of the active-user record that a call puts, or undefined if the call puts no
 * active-user record.
 */
function activeUserOf({ input }: Attempt): string | undefined {
  const { pk, sk } = (input['Item'] ?? {}) as { pk?: { S: string }; sk?: { S: string } };
  const key = parseActiveUserPk(pk?.S ?? '');
  return key && sk && `${key.rpRef} ${key.month} ${sk.S.replace('USER#', '')}`;
}

/** Repeats a call until the service is available, as API callers do. Throws the error of the 50th try. */
async function patiently<T>(call: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await call();
    } catch (error) {
      if (!(error instanceof UnavailableError) || tries === 50) throw error;
    }
  }
}
