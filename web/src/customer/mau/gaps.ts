import type { MauView } from '../../client/types.gen.ts';

/** The MAU of each month. Null in a month in which there was nothing to count: the graph then has a gap, and no zero. */
export type MauWithGaps = readonly (number | null)[];

/** Returns the MAU with a gap before the first month and after the last month, unless somebody was counted there. */
function withGaps(months: readonly string[], mau: readonly number[], first: string, last: string | null): MauWithGaps {
  return mau.map((users, index) => {
    const month = months[index] ?? '';
    return users === 0 && (month < first || (last !== null && month > last)) ? null : users;
  });
}

/** Returns the MAU of an RP, with gaps before its registration and after its removal. */
export function mauOfRp(months: readonly string[], rp: MauView['rps'][number]): MauWithGaps {
  return withGaps(months, rp.mau, rp.registeredIn, rp.removedIn);
}

/** Returns the customer's MAU, with gaps before the customer signed up. */
export function totalMau({ months, total, signedUpIn }: MauView): MauWithGaps {
  return withGaps(months, total, signedUpIn, null);
}
