import { setTimeout as sleep } from 'node:timers/promises';
import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { editCredential } from '../../functions/domain/credentials/edit-credential.ts';
import { removeCredential } from '../../functions/domain/credentials/remove-credential.ts';
import { editUser } from '../../functions/domain/users/edit-user.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import type { SoftPasskey } from '../support/fido2/authenticator.ts';
import { openCeremonies, type CeremonyProcess } from '../support/fido2/ceremony-processes.ts';
import { random } from '../support/random.ts';
import { meanwhile } from '../support/table-faults.ts';

/** Requests that change a user or a credential while the user signs in. */

let opened: Awaited<ReturnType<typeof openCeremonies>>;
let healthy: CeremonyProcess;
let userId: string;
let userHandle: string;
let passkey: SoftPasskey;
let users = 0;
beforeAll(async () => {
  opened = await openCeremonies();
  healthy = opened.process();
});
beforeEach(async () => {
  opened.metering.clock.time = Date.parse('2026-11-02T12:00:00Z');
  userId = `user-${(users += 1)}`;
  userHandle = Buffer.from(`handle of ${userId}`).toString('base64url');
  ({ passkey } = await registerUser());
});

/** Registers the user with a credential. */
async function registerUser(deviations: Parameters<CeremonyProcess['create']>[1] = {}) {
  const created = await healthy.create({ userId, createUser: true, user: { userHandle } }, deviations);
  await healthy.register(created.ended);
  return created;
}
/** Removes the user, and registers the user again with the same handle and credential ID. */
async function registerAgain(deviations: Parameters<CeremonyProcess['create']>[1] = {}) {
  await removeUser(opened.metering.services, opened.caller, userId);
  opened.metering.clock.time += 1;
  return registerUser({ credentialId: passkey.credentialId, ...deviations });
}
const edit = (body: Parameters<typeof editUser>[3]) => editUser(opened.metering.services, opened.caller, userId, body);
const credential = () => ({ userId, credentialId: passkey.credentialId.toString('base64url') });
const outcome = (promise: Promise<unknown>) =>
  promise.then(
    () => 'accepted',
    (error: unknown) => (error as { refusal?: string }).refusal ?? (error as Error).name,
  );
const countsIn = async (month: string) =>
  (await opened.metering.dump()).filter(
    ({ pk, sk }) => String(pk).startsWith(`ACTIVE#${opened.caller.rpRef}#${month}`) && sk === `USER#${userId}`,
  ).length;

describe.each(['2026-11', '2026-12'])('a sign-in in %s, when the user was counted in 2026-11,', (month) => {
  beforeEach(() => {
    opened.metering.clock.time = Date.parse(`${month}-02T13:00:00Z`);
  });

  it.each<[string, () => Promise<unknown>, string]>([
    ['the user is disabled', () => edit({ disabled: true }), 'user-disabled'],
    [
      'the credential is disabled',
      () => editCredential(opened.metering.services, opened.caller, credential(), { disabled: true }),
      'credential-disabled',
    ],
    [
      'the credential is removed',
      () => removeCredential(opened.metering.services, opened.caller, credential()),
      'credential-unknown',
    ],
    ['the user is removed', () => removeUser(opened.metering.services, opened.caller, userId), 'credential-unknown'],
    ['the user is removed and registered again with another key', () => registerAgain(), 'credential-unknown'],
  ])('is refused and changes nothing if, after its reads, %s', async (_, happen, refusal) => {
    let changed: unknown;
    const process = opened.process(
      meanwhile(opened.metering.table, async () => {
        await happen();
        changed = await opened.metering.dump();
      }),
    );
    expect(await outcome(process.signIn(await process.use(passkey)))).toBe(refusal);
    expect(await opened.metering.dump()).toEqual(changed);
  });

  it.each<[string, () => Promise<unknown>]>([
    ['the user is renamed', () => edit({ userName: 'Renamed' })],
    [
      'the user is disabled and enabled',
      async () => {
        await edit({ disabled: true });
        await edit({ disabled: false });
      },
    ],
    ['the user registers another credential', async () => healthy.register((await healthy.create({ userId })).ended)],
    ['the user signs in elsewhere', async () => healthy.signIn(await healthy.use(passkey))],
    ['the same key is registered again for the user', () => registerAgain({ keyPair: passkey })],
  ])('is accepted once if, after its reads, %s', async (_, happen) => {
    const process = opened.process(meanwhile(opened.metering.table, happen));
    const ended = await process.use(passkey);
    expect(await outcome(process.signIn(ended))).toBe('accepted');
    expect(await outcome(process.signIn(ended))).toBe('ceremony-used');
    expect(await countsIn(month)).toBe(1);
  });
});

describe('a user who is removed and registered again with the same key', () => {
  it('cannot use a response a second time, neither of a sign-in nor of a registration', async () => {
    const [used, unused] = [await healthy.use(passkey), await healthy.use(passkey)];
    expect(await outcome(healthy.signIn(used))).toBe('accepted');
    const created = await registerAgain({ keyPair: passkey });
    for (let minute = 0; minute < 7; minute += 1) {
      expect(await outcome(healthy.signIn(used))).toMatch(/^ceremony-(used|expired)$/);
      expect(await outcome(healthy.register(created.ended))).toMatch(/^ceremony-(used|expired)$/);
      if (minute === 0) expect(await outcome(healthy.signIn(unused))).toBe('accepted');
      expect(await outcome(healthy.signIn(unused))).toMatch(/^ceremony-(used|expired)$/);
      opened.metering.clock.time += 60_000;
    }
  });

  it('does not come back by the response of the removed registration', async () => {
    const created = await registerAgain({ keyPair: passkey });
    await removeUser(opened.metering.services, opened.caller, userId);
    const items = await opened.metering.dump();
    expect(await outcome(healthy.register(created.ended))).toBe('ceremony-used');
    expect(await opened.metering.dump()).toEqual(items);
  });
});

const numbers = random();
describe(`20 sign-ins and a change of their user at the same time (seed ${numbers.seed})`, () => {
  it.each<[string, () => Promise<unknown>, string]>([
    ['disabling', () => edit({ disabled: true }), 'user-disabled'],
    ['removing', () => removeUser(opened.metering.services, opened.caller, userId), 'credential-unknown'],
    ['removing and registering again', () => registerAgain(), 'response-invalid'],
  ])('are accepted before it, and refused after it: %s', async (_, change, refusal) => {
    const processes = Array.from({ length: 4 }, () => opened.process());
    opened.metering.clock.time = Date.parse('2026-12-02T12:00:00Z');
    const begun = [];
    for (let index = 0; index < 20; index += 1) begun.push(await healthy.use(passkey));
    const late = await healthy.use(passkey);
    let isChanged = false;
    const signIns = begun.map(async (ended) => {
      await sleep(numbers.below(40));
      const isLate = isChanged;
      return { isLate, result: await outcome(numbers.pick(processes).signIn(ended)) };
    });
    const changing = sleep(numbers.below(40))
      .then(change)
      .then(() => (isChanged = true));
    const [results] = await Promise.all([Promise.all(signIns), changing]);
    const accepted = results.filter(({ result }) => result === 'accepted');
    for (const { isLate, result } of results) {
      // While the user is absent, nobody has the credential.
      expect(isLate ? [refusal] : ['accepted', refusal, 'credential-unknown']).toContain(result);
    }
    expect(await outcome(healthy.signIn(late))).toBe(refusal);
    const isRegisteredAgain = refusal === 'response-invalid';
    expect(await countsIn('2026-12')).toBe(accepted.length > 0 || isRegisteredAgain ? 1 : 0);
  });
});
