import { describe, expect, it } from 'vitest';
import { updateOf } from '../../functions/table/engine/update-parts.ts';
import {
  firstUse,
  NO_USED_CHALLENGES,
  recordUse,
  type UsedChallenges,
} from '../../functions/table/users/used-challenges.ts';

const MINUTE = 60_000;
const useAt = (begin: number) => ({
  begin,
  end: begin + 6 * MINUTE,
  usedAt: begin,
  attempt: 'attempt',
  counted: false,
});
/** An item with the uses of `count` ceremonies, one a millisecond. */
function usedBy(count: number): UsedChallenges {
  const uses = Array.from({ length: count }, (_, index) => firstUse(`challenge-${index}`, useAt(index)).used);
  return { ...NO_USED_CHALLENGES, used: Object.assign({}, ...uses) as UsedChallenges['used'] };
}

describe('the update that records the use of a challenge', () => {
  it.each([0, 63, 64, 400, 4_000])('fits into an expression when the item has %s entries', (count) => {
    for (const now of [count, 60 * MINUTE]) {
      const update = updateOf(recordUse(usedBy(count), 'new', useAt(now), now));
      for (const expression of [update.UpdateExpression, update.ConditionExpression]) {
        expect(Buffer.byteLength(expression)).toBeLessThan(3_000);
      }
    }
  });

  it('raises the floor to the beginning of the last ceremony that it drops', () => {
    const { values, remove } = recordUse(usedBy(70), 'new', useAt(1_000), 1_000);
    expect(remove).toHaveLength(7);
    expect(values?.[':floor']).toBe(6);
  });

  it('drops an entry below the floor, and leaves the floor', () => {
    const { values, remove } = recordUse({ ...usedBy(64), usedFloor: 40 }, 'new', useAt(1_000), 1_000);
    expect(remove).toHaveLength(1);
    expect(values?.[':floor']).toBe(40);
  });
});
