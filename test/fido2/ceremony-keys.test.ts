import { expect, it } from 'vitest';
import { rememberedKeys } from '../../functions/domain/fido2/sealing/ceremony-keys.ts';

const TODAY = 20_000;
const secret = Buffer.alloc(32, 1);
/** Returns a function that returns the key of a day, and the days whose keys it has derived. */
function openKeys() {
  const derived: number[] = [];
  const keyOf = rememberedKeys(({ day }) => {
    derived.push(day);
    return Buffer.from(`key of ${day}`);
  });
  return { derived, keyOf: (day: number, today = TODAY) => keyOf({ secret, rpRef: 'rp_1', day }, today) };
}

it('a process keeps the keys of live ceremonies, whatever days other texts name', () => {
  const { derived, keyOf } = openKeys();
  const live = [TODAY - 2, TODAY - 1, TODAY, TODAY + 1];
  for (const day of live) keyOf(day);
  for (let day = 0; day < TODAY + 10_000; day += 1) keyOf(day);
  expect(derived.slice(0, live.length)).toEqual(live);
  expect(derived.filter((day) => day >= TODAY - 2)).toEqual(live);
});

it('a ceremony of long ago has a key, and one of a later day than tomorrow has none', () => {
  const { derived, keyOf } = openKeys();
  expect(keyOf(TODAY - 400)).toEqual(Buffer.from(`key of ${TODAY - 400}`));
  expect(keyOf(TODAY + 2)).toBeUndefined();
  expect(keyOf(TODAY + 2, TODAY + 1)).toBeDefined();
  expect(derived).toEqual([TODAY - 400, TODAY + 2]);
});
