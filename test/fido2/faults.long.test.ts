import { QueryCommand } from '@aws-sdk/lib-dynamodb';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { removeCredential } from '../../functions/domain/credentials/remove-credential.ts';
import { userHandleAt } from '../../functions/table/users/user-handles.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import {
  anotherClient,
  behindReplica,
  dyingAt,
  injectFaults,
  throttling,
  timeOut,
  transactionConflict,
  type Attempt,
  type Fault,
} from '../support/table-faults.ts';

type Opened = Awaited<ReturnType<typeof openCeremonies>>;
let opened: Opened;
let healthy: CeremonyProcess;
let passkey: SoftPasskey;
let userId: string;
let users = 0;
beforeAll(async () => {
  opened = await openCeremonies();
  healthy = opened.process();
});
beforeEach(async () => {
  opened.metering.clock.time = Date.parse('2026-11-02T12:00:00Z');
  userId = `user-${(users += 1)}`;
  const created = await healthy.create({ userId, createUser: true });
  ({ passkey } = created);
  await healthy.register(created.ended);
});

const MINUTE = 60_000;
const dump = () => opened.metering.dump();
/** Returns how many active-user records a user has in a month. */
const recordsOf = async (user: string, month: string) =>
  (await dump()).filter(
    ({ pk, sk }) => String(pk).startsWith(`ACTIVE#${opened.caller.rpRef}#${month}`) && sk === `USER#${user}`,
  ).length;
const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error as { refusal?: string }).refusal ?? (error as Error).name,
  );
const isWrite = ({ command }: Attempt) => /^(Put|Update|Delete|TransactWrite)/.test(command);
/** Returns a process whose first write attempt fails. The SDK may then repeat the write. */
const failingOnce = (fault: Fault | ((attempt: Attempt) => Fault)) => {
  let isDone = false;
  return opened.process(
    injectFaults(anotherClient(opened.metering.table), (attempt) => {
      if (isDone || !isWrite(attempt)) return undefined;
      isDone = true;
      return typeof fault === 'function' ? fault(attempt) : fault;
    }),
  );
};

describe.each(['2026-11-02', '2026-12-02'])('a sign-in on %s', (day) => {
  const month = day.slice(0, 7);
  beforeEach(() => {
    opened.metering.clock.time = Date.parse(`${day}T12:00:00Z`);
  });
  const status = month === '2026-11' ? 'already-counted' : 'counted';

  it.each([undefined, 'key-0'])(
    'with the Idempotency-Key %s succeeds when the answer of the table is lost after the write',
    async (key) => {
      const ended = await healthy.use(passkey);
      const answer = await failingOnce({ after: timeOut() }).signIn(ended, key);
      expect(answer.operation).toEqual({ month, status });
      expect(await recordsOf(userId, month)).toBe(1);
      // Only the key tells a repetition of the request from somebody else who has the response.
      expect(await refusal(healthy.signIn(ended, key))).toBe(key === undefined ? 'ceremony-used' : 'accepted');
    },
  );

  it('succeeds when the table throttles the write once, or a transaction conflicts', async () => {
    expect((await failingOnce({ before: throttling() }).signIn(await healthy.use(passkey))).operation.month).toBe(
      month,
    );
    const conflicting = failingOnce((attempt) =>
      attempt.command === 'TransactWriteItemsCommand' || attempt.command === 'TransactWriteCommand'
        ? { before: transactionConflict(attempt) }
        : { before: throttling() },
    );
    expect((await conflicting.signIn(await healthy.use(passkey))).operation.status).toBe('already-counted');
    expect(await recordsOf(userId, month)).toBe(1);
  });

  it.each(['before', 'after'] as const)(
    'of a process that dies %s the write counts with it or not at all',
    async (when) => {
      const ended = await healthy.use(passkey);
      const before = await dump();
      const dying = opened.process(dyingAt(opened.metering.table, 1, when));
      expect(await refusal(dying.signIn(ended, 'key-1'))).toBe('InjectedFault');
      if (when === 'before') expect(await dump()).toEqual(before);
      else expect(await recordsOf(userId, month)).toBe(1);
      // The RP repeats the request with its key, and gets the answer of the first request.
      const answer = await healthy.signIn(ended, 'key-1');
      expect(answer.operation).toEqual({ month, status });
      expect(await recordsOf(userId, month)).toBe(1);
      expect(await refusal(healthy.signIn(ended))).toBe('ceremony-used');
    },
  );

  it('succeeds when eventually consistent reads find nothing yet', async () => {
    const behind = opened.process(behindReplica(anotherClient(opened.metering.table)));
    const ended = await behind.use(passkey, { userId });
    expect((await behind.signIn(ended)).operation).toEqual({ month, status });
    expect(await refusal(behind.signIn(ended))).toBe('ceremony-used');
    expect(await recordsOf(userId, month)).toBe(1);
  });
});

it('a sign-in succeeds when an eventually consistent read returns the key of a removed credential with the same ID', async () => {
  const { rpRef } = opened.caller;
  const { userHandle, credentialId } = passkey;
  const { table, services } = opened.metering;
  const old = await table.client.send(
    new QueryCommand({
      TableName: table.name,
      KeyConditionExpression: 'pk = :pk',
      ExpressionAttributeValues: { ':pk': userHandleAt(rpRef, userHandle).pk },
    }),
  );
  const requested = { userId, credentialId: credentialId.toString('base64url') };
  await removeCredential(services, opened.caller, requested);
  const again = await healthy.create({ userId }, { credentialId });
  await healthy.register(again.ended);

  const behind = anotherClient(table);
  let isBehind = false;
  behind.client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (args) => {
        const { ConsistentRead } = args.input as { ConsistentRead?: boolean };
        if (!commandName.startsWith('Query') || ConsistentRead) return next(args);
        isBehind = true;
        return { response: {}, output: { $metadata: {}, Items: old.Items } as never };
      },
    { step: 'initialize', priority: 'low' },
  );
  const stale = opened.process(behind);
  expect((await stale.signIn(await stale.use(again.passkey))).user.userId).toBe(userId);
  expect(isBehind).toBe(true);
  // A response with the old key is refused, whatever the read returns.
  const withOld = await stale.use(passkey);
  expect(await refusal(stale.signIn(withOld))).toBe('credential-unknown');
  expect(await refusal(healthy.signIn(withOld))).toBe('response-invalid');
});

describe('a registration', () => {
  it.each([
    ['of a new user', true],
    ['of a user who exists', false],
  ])(
    '%s succeeds when the answer of the table is lost, and is complete or absent when the process dies',
    async (_, isNew) => {
      const name = isNew ? `${userId}-new` : userId;
      const begin = () => healthy.create({ userId: name, createUser: isNew });
      const { ended } = await begin();
      const before = await dump();
      const dead = opened.process(dyingAt(opened.metering.table, 1, 'before'));
      expect(await refusal(dead.register(ended, 'key-2'))).toBe('InjectedFault');
      expect(await dump()).toEqual(before);
      const late = opened.process(dyingAt(opened.metering.table, 1, 'after'));
      expect(await refusal(late.register(ended, 'key-2'))).toBe('InjectedFault');
      const answer = await healthy.register(ended, 'key-2');
      expect(answer).toMatchObject({
        user: { userId: name, credentials: { total: isNew ? 1 : 2 } },
        operation: { status: isNew ? 'counted' : 'already-counted' },
      });
      expect(await refusal(healthy.register(ended))).toBe('ceremony-used');
      expect(await recordsOf(name, '2026-11')).toBe(1);
      if (isNew) return;
      const lost = await failingOnce({ after: timeOut() }).register((await begin()).ended);
      expect(lost.user.credentials.total).toBe(3);
    },
  );

  it.each([
    ['of a new user', true],
    ['of a user who exists', false],
  ])('%s succeeds when the table throttles the write once, or a transaction conflicts', async (_, createUser) => {
    const faults = [{ before: throttling() }, (attempt: Attempt) => ({ before: transactionConflict(attempt) })];
    for (const [index, fault] of faults.entries()) {
      const name = createUser ? `${userId}-new-${index}` : userId;
      const { ended } = await healthy.create({ userId: name, createUser });
      const answer = await failingOnce(fault).register(ended);
      expect(answer.user.credentials.total).toBe(createUser ? 1 : index + 2);
      expect(await recordsOf(name, '2026-11')).toBe(1);
      expect(await refusal(healthy.register(ended))).toBe('ceremony-used');
    }
  });

  it('succeeds when eventually consistent reads find nothing yet', async () => {
    const behind = opened.process(behindReplica(anotherClient(opened.metering.table)));
    const created = await behind.create({ userId });
    expect((await behind.register(created.ended)).user.credentials.total).toBe(2);
    const added = await behind.create({ userId: `${userId}-new`, createUser: true });
    expect((await behind.register(added.ended)).operation).toEqual({ month: '2026-11', status: 'counted' });
    expect(await refusal(behind.register(added.ended))).toBe('ceremony-used');
  });
});

describe('processes whose clocks are 2 minutes apart', () => {
  it.each([
    ['ahead', 2 * MINUTE],
    ['behind', -2 * MINUTE],
  ])('accept each ceremony once when it begins in the process that is %s', async (_, ahead) => {
    const other = opened.process(opened.metering.table, ahead);
    const ended = await other.use(passkey);
    const created = await other.create({ userId });
    expect(await refusal(healthy.signIn(ended))).toBe('accepted');
    expect(await refusal(healthy.register(created.ended))).toBe('accepted');
    // A new credential can sign in at once, whichever process began the ceremony.
    expect(await refusal(healthy.signIn(await other.use(created.passkey)))).toBe('accepted');
    expect(await refusal(other.signIn(await healthy.use(created.passkey, { userId })))).toBe('accepted');
    for (let minute = 0; minute < 30; minute += 1) {
      opened.metering.clock.time += MINUTE;
      const again = await Promise.all([healthy, other].map((each) => refusal(each.signIn(ended))));
      const added = await Promise.all([healthy, other].map((each) => refusal(each.register(created.ended))));
      for (const outcome of [...again, ...added]) expect(outcome).toMatch(/^ceremony-(used|expired)$/);
      // Other sign-ins drop the entries that are no longer needed.
      await other.signIn(await healthy.use(passkey));
    }
  });
});
