import { expect, it } from 'vitest';
import { discardRemovedRps } from '../../functions/domain/leaving/discard-removed-rps.ts';
import { removeRp } from '../../functions/domain/rps/remove-rp.ts';
import { DAY } from '../../functions/domain/time.ts';
import { openMetering } from '../support/metering/metering.ts';

it('discards again the users of RPs that were removed shortly before the backup, and of no other', async () => {
  const metering = await openMetering({ now: '2026-10-01T09:00:00Z' });
  const { services, clock } = metering;
  const alice = await metering.signUp();
  const [old, recent, kept] = [await alice.rp(), await alice.rp(), await alice.rp()];
  for (const rp of [old, recent, kept]) await metering.register(rp, ['a', 'b']);
  // The worker has not received the messages about the removed RPs when the backup is taken.
  const discard = () => Promise.resolve();
  await removeRp({ ...services, discard }, await alice.caller(), old.rpRef);
  clock.time += 20 * DAY;
  await removeRp({ ...services, discard }, await alice.caller(), recent.rpRef);
  const usersOf = async (rpRef: string) =>
    (await metering.dump()).filter(({ pk, sk }) => pk === `RP#${rpRef}` && String(sk).startsWith('USER#')).length;
  clock.time += DAY;

  expect(await discardRemovedRps(services, clock.time)).toBe(1);
  expect(await Promise.all([old, recent, kept].map(({ rpRef }) => usersOf(rpRef)))).toEqual([2, 0, 2]);
  expect(await discardRemovedRps(services, clock.time)).toBe(1);
});
