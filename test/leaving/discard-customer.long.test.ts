import { BatchWriteCommand } from '@aws-sdk/lib-dynamodb';
import { expect, it } from 'vitest';
import { routeNamed } from '../../functions/api/routes.ts';
import { build as buildRegisterUsers } from '../../functions/api/users/register-users.ts';
import { build as buildReportOperations } from '../../functions/api/metering/report-operations.ts';
import type { DynamoDBRecord, ScheduledEvent } from 'aws-lambda';
import { beginDiscarding } from '../../functions/domain/leaving/begin-discarding.ts';
import { closeMonths, closeMonthsOf } from '../../functions/domain/statements/close-months.ts';
import { authenticateApiKey } from '../../functions/domain/rps/authenticate-api-key.ts';
import type { RpCaller } from '../../functions/domain/callers.ts';
import { DomainError } from '../../functions/domain/errors.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { createApiKey } from '../../functions/domain/rps/create-api-key.ts';
import { createSession } from '../../functions/domain/signing-in/create-session.ts';
import type { Discard } from '../../functions/domain/discarding.ts';
import { newSecret } from '../../functions/domain/ids.ts';
import { recountActiveUsers } from '../../functions/domain/metering/recount-active-users.ts';
import { registerRp } from '../../functions/domain/rps/register-rp.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { toTtl } from '../../functions/domain/time.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { build as buildAggregator } from '../../functions/events/aggregate-active-users.ts';
import { build as buildMauAlerts } from '../../functions/events/send-mau-alerts.ts';
import { chunks } from '../../functions/table/engine/batches.ts';
import { readCustomer } from '../../functions/table/customers/customers.ts';
import { updateMauAlert } from '../../functions/table/customers/customer-edits.ts';
import { activeUserKey } from '../../functions/table/keys.ts';
import { deleteMail } from '../../functions/table/mails.ts';
import { addToRpMau, addToTotalMau } from '../../functions/table/metering/mau-counters.ts';
import { readUser } from '../../functions/table/users/users.ts';
import { putLink } from '../../functions/table/signing-in/links.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { contextOf } from '../../local/aws/gateway.ts';
import { openDiscarding } from '../support/discarding.ts';
import { httpEvent } from '../../local/aws/http-event.ts';
import { openMetering, windowEvent, type Metering } from '../support/metering/metering.ts';
import { registerCredential, removeUsedCredential, serverOf } from '../support/fido2/registered-users.ts';
import { random, type Random } from '../support/random.ts';
import { anotherClient, InjectedFault } from '../support/table-faults.ts';
import { LONG } from '../support/long.ts';

const USERS = LONG ? 5_000 : 150;
const RECORDS_A_MONTH = LONG ? 1_000 : 30;
const HOLDERS = LONG ? 300 : 12;
const MONTHS = 12;
const KILLS = 25;
const DAY = 24 * 60 * 60 * 1_000;
type Customer = Awaited<ReturnType<typeof makeCustomer>>;

/**
 * Creates a customer with 3 RPs, and with active-user records and MAU counters for 12 months. Some users have
 * credentials, and some credentials and users were removed, so that they left tombstones. The RP IDs, user IDs, user
 * handles and credential IDs are the same for every customer. Switches the table's stream off during these writes. The
 * customer has a Free license that allows more RPs and users than the test creates.
 */
async function makeCustomer(metering: Metering, users: number, records: number, holders: number) {
  await metering.setStream(false);
  const owner = await metering.signUp();
  const rps = [await owner.rp('shop-0.example'), await owner.rp('shop-1.example'), await owner.rp('shop-2.example')];
  const maxima = { maxRegisteredRps: 1_000, maxRegisteredUsers: 1_000_000 };
  await setLicense(metering.services, { operator: 'test' }, owner.customerId, { type: 'free', ...maxima });
  for (const [index, rp] of rps.entries()) {
    const userIds = Array.from({ length: Math.ceil(users / rps.length) }, (_, number) => `user-${number}`);
    await metering.register(rp, userIds);
    await registerHolders(metering, rp, Math.ceil(holders / rps.length));
    for (let ago = 0; ago < MONTHS; ago += 1) {
      const month = metering.services.calendar.plus('2026-11', -ago);
      const active = userIds.slice(0, Math.ceil(records / (index + 2)));
      await putRecords(metering, rp, month, active);
      await transact(metering.table, {
        rp: addToRpMau(owner.customerId, month, rp.rpRef, active.length),
        total: addToTotalMau(owner.customerId, month, active.length),
      });
    }
  }
  await metering.setStream(true);
  return { ...owner, rps, stale: await owner.caller() };
}

/**
 * Registers users with two credentials each; the service keeps the attestation of one. Every second user has removed
 * one credential, and every fourth user was removed.
 */
async function registerHolders(metering: Metering, rp: { apiKey: string } & RpCaller, users: number): Promise<void> {
  const server = await serverOf(metering, rp.apiKey);
  for (let user = 0; user < users; user += 1) {
    const userId = `holder-${user}`;
    await registerCredential(metering, server, { userId, isNew: true, hasAttestation: true });
    await registerCredential(metering, server, { userId, number: 1 });
    if (user % 2 === 1) await removeUsedCredential(metering, rp, userId);
    if (user % 4 === 3) await removeUser(metering.services, rp, userId);
  }
}

/** Stores the active-user records that operations would create, in batches of 25. */
async function putRecords(
  { table, clock }: Metering,
  { customerId, rpRef }: { customerId: string; rpRef: string },
  month: string,
  userIds: readonly string[],
): Promise<void> {
  const left = { customerId, firstOperationAt: 1, ttl: toTtl(clock.time + 500 * DAY) };
  for (const some of chunks(userIds, 25)) {
    const puts = some.map((userId) => ({ PutRequest: { Item: { ...activeUserKey(rpRef, month, userId), ...left } } }));
    await table.client.send(new BatchWriteCommand({ RequestItems: { [table.name]: puts } }));
  }
}

/**
 * Returns the items that contain a customer's ID, the customer's e-mail address or the ID of one of the customer's RPs.
 * Omits closing records.
 */
function itemsOf({ customerId, email, rps }: Customer, items: readonly Record<string, unknown>[]) {
  const names = [customerId, email, ...rps.map(({ rpRef }) => rpRef)];
  return items
    .filter(({ pk }) => !String(pk).startsWith('CLOSING-RECORD#'))
    .filter((item) => names.some((name) => JSON.stringify(item).includes(name)))
    .sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}

/** Ignores an UnavailableError, and throws every other error. */
function unlessUnavailable(error: unknown): void {
  if (!(error instanceof UnavailableError)) throw error;
}

const keyOf = ({ pk, sk }: Record<string, unknown>) => JSON.stringify([pk, sk]);

/**
 * Creates a function that passes the new stream records to the aggregator, the Lambda function that adds new
 * active-user records to the MAU counters. First, the function passes up to 1,000 records of its previous call again.
 * The function does not repeat the whole stream, because this would take most of the test's time.
 */
function makeAggregation(metering: Metering, onRecords: () => void): () => Promise<void> {
  const aggregate = buildAggregator({ ...metering.services, table: anotherClient(metering.table) });
  let taken: DynamoDBRecord[] = [];
  return async () => {
    const fresh = await metering.records();
    if (fresh.length > 0) onRecords();
    for (const batch of chunks([...taken, ...fresh], 1_000)) await aggregate(windowEvent('shard', batch));
    taken = fresh.slice(-1_000);
  };
}

/**
 * Returns `calls` and `statuses`. Each call in `calls` sends a request for the customer or runs one of the service's
 * background functions. `statuses` counts how many calls ended with each status. The test must call `fence` when the
 * customer's status becomes `unsubscribing`. From then on, the service refuses the requests, except that a process may
 * accept a cached API key for up to 10 s.
 */
function makeCallers(metering: Metering, { customerId, rps, stale, administrator, email }: Customer, chance: Random) {
  const { services, table } = metering;
  const own = metering.process();
  const mailer = { send: () => Promise.resolve('accepted') };
  const sendMauAlerts = buildMauAlerts({ ...services, mailer, emailsPerSecond: 100, random: () => 0 });
  const report = buildReportOperations(own, routeNamed('report-operations'));
  const register = buildRegisterUsers(own, routeNamed('register-users'));
  // Picks a registered user who has no active-user record in the current month. The user's first operation then
  // stores a record, which the aggregator counts.
  const userId = () => `user-${RECORDS_A_MONTH / 2 + chance.below(USERS / 3 - RECORDS_A_MONTH / 2)}`;
  const request = (name: string, route: string, body: unknown) =>
    [
      httpEvent(route, { credential: chance.pick(rps).apiKey, body, now: metering.clock.time }),
      contextOf({ name }),
    ] as const;
  const statuses = new Map<string, number>();
  const count = (what: string) => statuses.set(what, (statuses.get(what) ?? 0) + 1);
  const refused = () => {
    count('refused');
  };
  const calls: (() => Promise<unknown>)[] = [
    async () => {
      const operations = [{ userId: userId(), type: 'authentication' }];
      const { statusCode } = await report(...request('report-operations', 'POST /v1/rp/operations', { operations }));
      count(`operations ${statusCode}`);
    },
    async () => {
      const users = [{ userId: `new-${chance.below(1_000)}` }];
      const { statusCode } = await register(...request('register-users', 'POST /v1/rp/users', { users }));
      count(`users ${statusCode}`);
    },
    async () => {
      const token = newSecret('lnk');
      const { administratorId } = administrator;
      const link = {
        purpose: 'sign-in',
        customerId,
        administratorId,
        email,
        expiresAt: metering.clock.time + DAY,
      } as const;
      // A request that read the customer before the status became `unsubscribing` may store a sign-in link shortly
      // after the status changes.
      if (metering.clock.time < fenceAt + 2_000) await putLink(table, token, link, toTtl(link.expiresAt));
      await createSession(services, { token }, '192.0.2.1').catch(refused);
    },
    async () => {
      const { apiKey, rpRef } = chance.pick(rps);
      const id = chance.pick([userId(), `holder-${chance.below(HOLDERS / 3)}`]);
      const userHandle = (await readUser(own.table, rpRef, id, 'eventual'))?.userHandle;
      try {
        const server = await authenticateApiKey(own, apiKey);
        const registration = { userId: id, userHandle, number: 2 + chance.below(1_000) };
        await registerCredential(metering, server, registration, own.table);
        count('credentials stored');
      } catch (error) {
        if (!(error instanceof DomainError)) throw error;
        count('credentials refused');
      }
    },
    () => registerRp(services, stale, { rpId: `${chance.below(1_000)}.example`, name: 'Late' }).catch(refused),
    () => createApiKey(services, stale, chance.pick(rps).rpRef, { name: 'Late' }).catch(refused),
    () => recountActiveUsers({ ...services, streamLag: () => Promise.resolve(0) }, () => true),
    () => closeMonths(services, () => true),
    () => sendMauAlerts({} as ScheduledEvent, contextOf({ name: 'send-mau-alerts' }, undefined, 600_000)),
    makeAggregation(metering, () => count('aggregated')),
  ];
  let fenceAt = Number.POSITIVE_INFINITY;
  return {
    statuses,
    calls,
    fence: () => (fenceAt = metering.clock.time),
  };
}

it(
  'the discarding worker discards exactly the data of one customer despite random crashes and concurrent requests',
  { timeout: 1_200_000 },
  async () => {
    const chance = random();
    console.info(`discard-customer.long.test.ts: SEED=${chance.seed}`);
    const metering = await openMetering({ now: '2025-12-05T12:00:00Z' });
    const { clock, services, table } = metering;
    const discarding = await openDiscarding(metering);
    const { queue } = discarding;
    const leaving = await makeCustomer(metering, USERS, RECORDS_A_MONTH, HOLDERS);
    const others = [await makeCustomer(metering, 30, 5, 12), await makeCustomer(metering, 30, 5, 12)];
    clock.time = Date.parse('2026-11-20T12:00:00Z');
    await recountActiveUsers({ ...services, streamLag: () => Promise.resolve(0) }, () => true);
    for (const other of others) await closeMonthsOf(services, (await other.caller()).customer, '2026-10', () => true);
    await transact(table, {
      alert: updateMauAlert((await leaving.caller()).customer, { enabled: true, threshold: 1 }),
    });
    const before = await metering.dump();
    const othersBefore = others.map((other) => itemsOf(other, before));
    const leavingBefore = itemsOf(leaving, before).length;
    expect(leavingBefore).toBeGreaterThan(USERS + RECORDS_A_MONTH * MONTHS);

    const { calls, statuses, fence } = makeCallers(metering, leaving, chance);
    // On a busy machine, the first calls may fail, so the loop repeats the calls.
    const accepted = ['operations 200', 'users 200', 'credentials stored'];
    for (let round = 0; !accepted.every((status) => statuses.has(status)); round += 1) {
      expect(round, [...statuses].join()).toBeLessThan(20);
      await Promise.all(calls.map((call) => call().catch(unlessUnavailable)));
    }
    await unsubscribeCustomer(
      { ...services, discard: queue.discard, contact: 'sales@example.com', unsubscribeGraceHours: 0 },
      await leaving.caller(),
      {
        confirmation: 'Example Corporation',
      },
    );
    fence();

    let kills = 0;
    let deliveries = 0;
    let ticks = 0;
    for (; queue.waiting.size > 0 || ticks < 5; ticks += 1) {
      expect(ticks, 'ticks').toBeLessThan(1_000);
      // Each tick is one round of this loop and advances the clock by 1 s. Every call ends in the tick in which the
      // call begins. The worker begins to empty the customer's partitions 10 s plus two ticks after the customer's
      // status became `unsubscribing`.
      clock.time += 1_000;
      const arrive = ticks < 15 || ticks % 10 === 0;
      await metering.setStream(arrive);
      const due = chance.shuffle(queue.due()).slice(0, 8);
      const twice = due.filter(() => chance.below(5) === 0);
      await Promise.all([
        ...[...due, ...twice].map(async (entry) => {
          deliveries += 1;
          await queue.deliver(entry, deliver).catch((error: unknown) => {
            // On a busy machine, calls may time out without an injected fault. After such a time-out, the queue
            // delivers the queue message again.
            if (error instanceof UnavailableError) return;
            if (!(error instanceof InjectedFault)) throw error;
            kills += 1;
          });
        }),
        ...(arrive ? calls.map((call) => call().catch(unlessUnavailable)) : []),
        beginDiscarding({ ...services, discard: queue.discard }, () => true),
        acceptMail(),
      ]);
    }
    await metering.setStream(true);
    for (const call of calls) await call().catch(unlessUnavailable);

    expect(kills).toBeGreaterThanOrEqual(20);
    const after = await metering.dump();
    expect(itemsOf(leaving, after)).toEqual([]);
    expect(others.map((other) => itemsOf(other, after))).toEqual(othersBefore);
    expect(after.filter(({ pk }) => String(pk).startsWith('CLOSING-RECORD#'))).toMatchObject([
      {
        customerId: leaving.customerId,
        discarded: {
          ...{ customer: 1, administrator: 1, 'user-handle': expect.any(Number) as number },
          ...{ credential: expect.any(Number) as number, tombstone: expect.any(Number) as number },
        },
      },
    ]);
    // The service must have accepted requests before the customer's status became `unsubscribing`, and must have
    // refused requests afterwards.
    for (const status of [
      'credentials stored',
      'credentials refused',
      'operations 200',
      'operations 401',
      'users 200',
      'users 401',
      'refused',
      'aggregated',
    ]) {
      expect(statuses.get(status) ?? 0, status).toBeGreaterThan(0);
    }
    console.info(
      `${leavingBefore} items to discard, ${deliveries} deliveries of queue messages, ${kills} killed processes`,
    );

    /**
     * Handles a queue message in a new simulated process, which may die before or after any of its calls. A process
     * that has died makes no more calls.
     */
    async function deliver(message: Parameters<ReturnType<typeof discarding.worker>>[0]): Promise<void> {
      const own = anotherClient(table);
      let callsLeft = kills < KILLS && chance.below(4) > 0 ? 1 + chance.below(25) : Number.POSITIVE_INFINITY;
      const when = chance.pick(['before', 'after']);
      const dies = () => (callsLeft -= 1) <= 0;
      const kill = () => new InjectedFault('The process died.');
      own.client.middlewareStack.add(
        (next) => async (args) => {
          if (callsLeft <= 0) throw kill();
          const last = dies();
          if (last && when === 'before') throw kill();
          const answer = await next(args);
          if (last) throw kill();
          return answer;
        },
        { step: 'initialize' },
      );
      const send: Discard = async (messages, delay) => {
        if (callsLeft <= 0) throw kill();
        const last = dies();
        if (last && when === 'before') throw kill();
        await queue.discard(messages, delay);
        if (last) throw kill();
      };
      await discarding.worker(own, send)(message);
    }

    /** Deletes the e-mail that confirms the unsubscription at a random time, as if SES had accepted the e-mail. */
    async function acceptMail(): Promise<void> {
      const { unsubscription } = (await readCustomer(table, leaving.customerId, 'strong')) ?? {};
      if (unsubscription?.mail && chance.below(3) === 0) await deleteMail(table, unsubscription.mail.mailId);
    }
  },
);
