import { useQuery, useQueryClient } from '@tanstack/react-query';
import { allPages } from '../api/all-pages.ts';
import {
  getCustomerQueryKey,
  getMauOptions,
  getMauQueryKey,
  getRpQueryKey,
  listRpsQueryKey,
} from '../client/@tanstack/react-query.gen.ts';
import { listRps } from '../client/sdk.gen.ts';
import type { MauView, Rp } from '../client/types.gen.ts';

/**
 * Reads every RP of the customer. The API lists RPs in the order of their IDs, so the console needs every RP to sort
 * the RPs by name.
 */
export const useRps = () =>
  useQuery({
    queryKey: [...listRpsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listRps({ query, signal, throwOnError: true })),
  });

/** This month's MAU of each RP, keyed by the ID of the RP. */
interface MauThisMonth {
  /** Such as `2026-11`. */
  readonly month: string;
  readonly byRp: ReadonlyMap<string, number>;
}

const thisMonthOf = ({ currentMonth, rps }: MauView): MauThisMonth => ({
  month: currentMonth,
  byRp: new Map(rps.map(({ id, mau }) => [id, mau.at(-1) ?? 0])),
});

/**
 * Reads this month's MAU of each RP. The Customer screen sends the same request for its default period of 3 months, so
 * both share the cached response.
 */
export const useMauThisMonth = () => useQuery({ ...getMauOptions({ query: { months: '3' } }), select: thisMonthOf });

/**
 * Returns a function to call after an RP was registered, renamed or removed. The function makes the console read the
 * RPs, the MAU and the data of the customer again.
 */
export function useRpChanged(): (rp: Pick<Rp, 'id'>) => Promise<unknown> {
  const queryClient = useQueryClient();
  return ({ id }) =>
    Promise.all([
      // Marks the cached RP as stale, but does not read the RP again. If the RP was removed, the RP's page is about to
      // close and must not request the RP.
      queryClient.invalidateQueries({ queryKey: getRpQueryKey({ path: { id } }), refetchType: 'none' }),
      ...[listRpsQueryKey(), getMauQueryKey(), getCustomerQueryKey()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    ]);
}
