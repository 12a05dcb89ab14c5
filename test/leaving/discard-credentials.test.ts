import { beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { unsubscribeCustomer } from '../../functions/domain/leaving/unsubscribe-customer.ts';
import { setLicense } from '../../functions/domain/licenses/set-license.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import type { RpServer } from '../../functions/domain/callers.ts';
import type { ToDiscard } from '../../functions/domain/discarding.ts';
import { DomainError } from '../../functions/domain/errors.ts';
import { readClosingRecord } from '../../functions/table/closing-records.ts';
import { UnavailableError } from '../../functions/table/engine/unavailable-error.ts';
import { openDiscarding } from '../support/discarding.ts';
import { openMetering, type Metering } from '../support/metering.ts';
import {
  registerCredential,
  removeCredentialOf,
  removeUserWithoutCredentials,
  serverOf,
} from '../support/registered-users.ts';
import { anotherClient, before, dyingAt, InjectedFault } from '../support/table-faults.ts';

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
  ...{ user: 5, 'user-name': 3, 'user-name-taken': 1, 'user-handle': 4, tombstone: 6 },
  ...{ credential: 5, 'credential-info': 5, 'credential-id': 5 },
};

/**
 * Registers users at an RP:
 *
 * - `plain` has no credential.
 * - `alice` has two, of which she removed one and registered it again.
 * - `dave` removed his only one.
 * - `removed` was removed.
 * - `carol` has two, of which the service keeps one attestation, and a unique name.
 * - `again` was removed and registered again, with the same handle.
 *
 * If `isSmall`, leaves out the last two.
 */
async function fill(rp: Rp, isSmall = false): Promise<void> {
  const server = await serverOf(metering, rp.apiKey);
  await metering.register(rp, ['plain']);
  await registerCredential(metering, server, { userId: 'alice', isNew: true });
  await registerCredential(metering, server, { userId: 'alice', number: 1 });
  await removeCredentialOf(metering, rp, 'alice', 1);
  await registerCredential(metering, server, { userId: 'dave', isNew: true });
  await removeCredentialOf(metering, rp, 'dave');
  await registerAndRemove('removed');
  metering.clock.time += 1;
  await registerCredential(metering, server, { userId: 'alice', number: 1 });
  if (isSmall) return;
  const unique = await serverOf(metering, rp.apiKey, true);
  await registerCredential(metering, unique, { userId: 'carol', isNew: true, hasAttestation: true });
  await registerCredential(metering, unique, { userId: 'carol', number: 1 });
  await registerAndRemove('again');
  metering.clock.time += 1;
  await registerCredential(metering, server, { userId: 'again', number: 1, isNew: true });

  async function registerAndRemove(userId: string): Promise<void> {
    await registerCredential(metering, server, { userId, isNew: true });
    await removeCredentialOf(metering, rp, userId);
    await removeUserWithoutCredentials(metering, rp, userId);
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

describe('a request that is in progress during the discarding of its RP', () => {
  /**
   * Sends a request between two calls of the discarding worker, for each call and each time with another RP. The process
   * of the request has checked the API key before the RP was removed. Returns how often each outcome occurred. Throws if
   * anything is left of an RP.
   */
  async function sendAtEachCall(request: (rp: Rp, server: RpServer) => Promise<unknown>) {
    const owner = await metering.signUp();
    const outcomes = { stored: 0, refused: 0 };
    for (let call = 1, isReached = true; isReached; call += 1) {
      const rp = await owner.rp();
      await fill(rp, true);
      const server = await serverOf(metering, rp.apiKey);
      await remove(owner, rp);
      metering.clock.time += 60_000;
      isReached = false;
      const slow = before(
        /./,
        anotherClient(metering.table),
        async () => {
          isReached = true;
          outcomes[await outcomeOf(request(rp, server))] += 1;
        },
        call,
      );
      for (const entry of discarding.queue.due()) await discarding.queue.deliver(entry, discarding.worker(slow));
      expect(await itemsOf(rp), `call ${call}`).toEqual([]);
      await discarding.runDry();
    }
    return outcomes;
  }

  const outcomeOf = (request: Promise<unknown>) =>
    request.then(
      () => 'stored' as const,
      (error: unknown) => {
        if (error instanceof DomainError || error instanceof UnavailableError) return 'refused' as const;
        throw error;
      },
    );

  it.each([
    ['the first credential of a user', { userId: 'plain' }],
    ['another credential of a user', { userId: 'alice', number: 7 }],
    ['a removed credential again', { userId: 'dave' }],
  ])('leaves nothing when it registers %s', async (_, registration) => {
    const outcomes = await sendAtEachCall((_rp, server) => registerCredential(metering, server, registration));
    expect(outcomes.stored).toBeGreaterThanOrEqual(2);
    expect(outcomes.refused).toBeGreaterThanOrEqual(2);
  });

  it.each([
    ['a new user', { userId: 'new', isNew: true }],
    ['a removed user again', { userId: 'removed', number: 1, isNew: true }],
  ])('stores nothing when it registers %s', async (_, registration) => {
    const outcomes = await sendAtEachCall((_rp, server) => registerCredential(metering, server, registration));
    expect(outcomes.stored).toBe(0);
  });

  it('leaves nothing when it removes a credential and so stores a tombstone', async () => {
    const outcomes = await sendAtEachCall((rp) =>
      removeCredentialOf(metering, rp, 'alice', 1).catch(() => {
        throw new UnavailableError('The credential is gone.');
      }),
    );
    expect(outcomes.stored).toBeGreaterThanOrEqual(2);
  });
});

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
