import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { importCredentialsContract } from '../../functions/contract/moving-credentials.ts';
import { importCredentials } from '../../functions/domain/credentials/import-credentials.ts';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { removeUser } from '../../functions/domain/users/remove-user.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import type { RpServer } from '../../functions/domain/callers.ts';
import type { ToDiscard } from '../../functions/domain/discarding.ts';
import { DomainError } from '../../functions/domain/errors.ts';
import { readClosingRecord } from '../../functions/table/closing-records.ts';
import { transact } from '../../functions/table/engine/transaction.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { takeUserName } from '../../functions/table/users/user-names.ts';
import { openDiscarding } from '../support/discarding.ts';
import { itemOf, passkeyOf } from '../support/fido2/moving.ts';
import { openMetering, type Metering } from '../support/metering/metering.ts';
import { registerCredential, removeUsedCredential, serverOf } from '../support/fido2/registered-users.ts';
import { anotherClient, before, dyingAt, InjectedFault } from '../support/table-faults.ts';

/** The user handle of each user of an RP. */
type Handles = Readonly<Record<string, string | undefined>>;
type Owner = Awaited<ReturnType<Metering['signUp']>>;
type Rp = Awaited<ReturnType<Owner['rp']>>;

let metering: Metering;
let discarding: Awaited<ReturnType<typeof openDiscarding>>;
beforeAll(async () => {
  metering = await openMetering();
  await metering.setStream(false);
  discarding = await openDiscarding(metering);
});
beforeEach(() => {
  discarding.queue.waiting.clear();
});

/** The items of an RP that `fill` stores, by kind. */
const FILLED = {
  ...{ user: 5, 'user-name': 4, 'user-name-taken': 1, 'user-handle': 4, tombstone: 6 },
  ...{ credential: 5, 'credential-info': 5, 'credential-id': 5 },
};

/**
 * Registers users at an RP:
 *
 * - `plain` has no credential.
 * - `alice` has two, of which she removed one and registered it again.
 * - `dave` removed his only one.
 * - `removed` was removed.
 * - `carol` has two, of which the service keeps one attestation, and a reserved name.
 * - `again` was removed and registered again, with the same handle.
 */
async function fill(rp: Rp): Promise<void> {
  const server = await serverOf(metering, rp.apiKey);
  await metering.register(rp, ['plain']);
  await registerCredential(metering, server, { userId: 'alice', isNew: true });
  await registerCredential(metering, server, { userId: 'alice', number: 1 });
  await removeUsedCredential(metering, rp, 'alice', 1);
  await registerCredential(metering, server, { userId: 'dave', isNew: true });
  await removeUsedCredential(metering, rp, 'dave');
  await registerAndRemove('removed');
  metering.clock.time += 1;
  await registerCredential(metering, server, { userId: 'alice', number: 1 });
  await registerCredential(metering, server, { userId: 'carol', isNew: true, hasAttestation: true });
  await registerCredential(metering, server, { userId: 'carol', number: 1 });
  await transact(metering.table, { name: takeUserName(rp.rpRef, 'carol', 'carol') });
  await registerAndRemove('again');
  metering.clock.time += 1;
  await registerCredential(metering, server, { userId: 'again', number: 1, isNew: true });

  async function registerAndRemove(userId: string): Promise<void> {
    await registerCredential(metering, server, { userId, isNew: true });
    await removeUsedCredential(metering, rp, userId);
    await removeUser(metering.services, rp, userId);
  }
}

/** Returns the items of an RP, except its active-user records, which stay when an RP is removed. */
const itemsOf = async ({ rpRef }: Rp) =>
  (await metering.dump())
    .filter(({ pk, sk }) => `${String(pk)} ${String(sk)}`.includes(rpRef))
    .filter(({ pk, sk }) => !/^ACTIVE#|REMOVED-RP#|SHOWN-RP#|RP-SETTINGS#/.test(`${String(pk)} ${String(sk)}`));

async function unsubscribe(owner: Owner): Promise<void> {
  await setLicense(metering.services, { operator: 'test' }, owner.customerId, { type: 'free' });
  await unsubscribeCustomer(
    { ...metering.services, discard: discarding.queue.discard, contact: '', unsubscribeGraceHours: 0 },
    await owner.caller(),
    { confirmation: 'Example Corporation' },
  );
}

const remove = async (owner: Owner, { rpRef }: Rp) =>
  removeRp({ ...metering.services, discard: discarding.queue.discard }, await owner.caller(), rpRef);

describe('users with credentials, names, attestations and tombstones', () => {
  it('leave nothing when their RP is removed, and the users of other RPs keep everything', async () => {
    const [owner, stranger] = [await metering.signUp(), await metering.signUp()];
    const [rp, sibling, foreign] = [await owner.rp(), await owner.rp(), await stranger.rp()];
    for (const each of [rp, sibling, foreign]) await fill(each);
    const others = [await itemsOf(sibling), await itemsOf(foreign)];
    const logged = metering.lines.length;

    await remove(owner, rp);
    await discarding.runDry();

    expect(await itemsOf(rp)).toEqual([]);
    expect([await itemsOf(sibling), await itemsOf(foreign)]).toEqual(others);
    expect(
      metering.lines.slice(logged).find(({ message }) => message === 'discarded')?.fields?.['items'],
    ).toMatchObject(FILLED);
  });

  it('leave nothing when their customer unsubscribes, and the closing record has their numbers', async () => {
    const [owner, stranger] = [await metering.signUp(), await metering.signUp()];
    const [rp, foreign] = [await owner.rp(), await stranger.rp()];
    for (const each of [rp, foreign]) await fill(each);
    const others = await itemsOf(foreign);

    await unsubscribe(owner);
    // Each invocation of the worker has time for one page only.
    await discarding.runDry(discarding.worker(metering.table, discarding.queue.discard, () => 0));

    const left = (await metering.dump()).filter((item) => JSON.stringify(item).includes(owner.customerId));
    expect(left.map(({ pk }) => pk)).toEqual([`CLOSING-RECORD#${owner.customerId}`]);
    expect(await itemsOf(rp)).toEqual([]);
    expect(await itemsOf(foreign)).toEqual(others);
    expect((await readClosingRecord(metering.table, owner.customerId))?.discarded).toMatchObject({ ...FILLED, rp: 1 });
  });

  it.each(['before', 'after'] as const)(
    'leave nothing when the worker dies %s any of its writes, and another worker continues',
    async (when) => {
      const owner = await metering.signUp();
      let deaths = 0;
      for (let nth = 1; deaths === nth - 1; nth += 1) {
        const rp = await owner.rp();
        await fill(rp);
        await remove(owner, rp);
        metering.clock.time += 60_000;
        const [entry] = discarding.queue.due();
        const dying = discarding.worker(dyingAt(metering.table, nth, when));
        if (entry) {
          await discarding.queue.deliver(entry, dying).catch((error: unknown) => {
            if (!(error instanceof InjectedFault)) throw error;
            deaths += 1;
          });
        }
        await discarding.runDry();
        expect(await itemsOf(rp), `write ${nth}`).toEqual([]);
      }
      expect(deaths).toBeGreaterThanOrEqual(7);
    },
  );
});

it('requests that are in progress during the discarding of their RP leave nothing', async () => {
  // The processes of these requests have checked the API key before the RP was removed.
  const requests: Record<string, (rp: Rp, server: RpServer, handles: Handles) => Promise<unknown>> = {
    firstCredential: (_, server, { plain: userHandle }) =>
      registerCredential(metering, server, { userId: 'plain', userHandle }),
    anotherCredential: (_, server) => registerCredential(metering, server, { userId: 'alice', number: 7 }),
    removedCredential: (_, server) => registerCredential(metering, server, { userId: 'dave' }),
    removal: (rp) => removeUsedCredential(metering, rp, 'carol', 1),
    newUser: (_, server) => registerCredential(metering, server, { userId: 'new', isNew: true }),
    removedUser: (_, server) => registerCredential(metering, server, { userId: 'removed', number: 1, isNew: true }),
    importedUser: (_, server) => importPasskey(server, 'imported'),
    importedCredential: (_, server, { plain: userHandle }) => importPasskey(server, 'plain', userHandle),
  };
  const stored = Object.fromEntries(Object.keys(requests).map((name) => [name, 0]));
  const owner = await metering.signUp();
  // Each round uses another RP, and sends the requests before another call of the worker to the table.
  let rounds = 0;
  for (let isReached = true; isReached; rounds += 1) {
    const rp = await owner.rp();
    await fill(rp);
    const server = await serverOf(metering, rp.apiKey);
    const handles = await handlesOf(rp);
    await remove(owner, rp);
    metering.clock.time += 60_000;
    isReached = false;
    const send = () => {
      isReached = true;
      return Promise.all(
        Object.entries(requests).map(async ([name, request]) => {
          if (await isStored(request(rp, server, handles))) stored[name] = (stored[name] ?? 0) + 1;
        }),
      );
    };
    const slow = before(/./, anotherClient(metering.table), send, rounds + 1);
    for (const entry of discarding.queue.due()) await discarding.queue.deliver(entry, discarding.worker(slow));
    expect(await itemsOf(rp), `round ${rounds}`).toEqual([]);
    await discarding.runDry();
  }
  expect(stored).toMatchObject({ newUser: 0, removedUser: 0, importedUser: 0 });
  for (const name of ['firstCredential', 'anotherCredential', 'removedCredential', 'importedCredential', 'removal']) {
    expect(stored[name], name).toBeGreaterThanOrEqual(2);
    expect(stored[name], name).toBeLessThan(rounds - 2);
  }
});

/** Imports a passkey of a user, whom the import registers if the user does not exist. */
function importPasskey(server: RpServer, userId: string, userHandle = passkeyOf(userId).userHandle): Promise<unknown> {
  const items = [itemOf(userId, passkeyOf(userId), { user: { userHandle } })];
  const body = importCredentialsContract.body.parse({ items });
  return importCredentials(metering.services, server, body);
}

/** Returns the user handle of each user of an RP. */
async function handlesOf(rp: Rp): Promise<Handles> {
  const users = (await itemsOf(rp)).filter(({ sk }) => String(sk).startsWith('USER#'));
  return Object.fromEntries(users.map(({ userId, userHandle }) => [String(userId), userHandle as string]));
}

/** Returns whether a request succeeds. Throws an error that is not for the request's caller. */
async function isStored(request: Promise<unknown>): Promise<boolean> {
  try {
    await request;
    return true;
  } catch (error) {
    if (error instanceof DomainError || error instanceof UnavailableError) return false;
    throw error;
  }
}

it('the discarding worker ignores a queue message that names the partition of a user handle', async () => {
  const owner = await metering.signUp();
  const rp = await owner.rp();
  await fill(rp);
  await unsubscribe(owner);
  const stored = await itemsOf(rp);
  const handle = stored.find(({ pk }) => String(pk).startsWith('HANDLE#'));
  const message: ToDiscard = { what: 'partition', customerId: owner.customerId, partition: String(handle?.['pk']) };
  await discarding.worker(metering.table)(message);
  expect(await itemsOf(rp)).toEqual(stored);
});
