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

/** Reads every RP of the customer: the API lists them by ID, so that they can be put in order only together. */
export const useRps = () =>
  useQuery({
    queryKey: [...listRpsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listRps({ query, signal, throwOnError: true })),
  });

/** This month's MAU of each RP, by its ID. */
export interface MauThisMonth {
  /** Such as `2026-11`. */
  readonly month: string;
  readonly byRp: ReadonlyMap<string, number>;
}

const thisMonthOf = ({ currentMonth, rps }: MauView): MauThisMonth => ({
  month: currentMonth,
  byRp: new Map(rps.map(({ id, mau }) => [id, mau.at(-1) ?? 0])),
});

/** Reads this month's MAU, from the view that the Customer screen shares. */
export const useMauThisMonth = () => useQuery({ ...getMauOptions({ query: { months: '3' } }), select: thisMonthOf });

/** Gives what is to be called when an RP was registered, renamed or removed: it is in the counts and the graph too. */
export function useRpChanged(): (rp: Pick<Rp, 'id'>) => Promise<unknown> {
  const queryClient = useQueryClient();
  return ({ id }) =>
    Promise.all([
      // Marked as stale only: the page of an RP that was removed is about to go.
      queryClient.invalidateQueries({ queryKey: getRpQueryKey({ path: { id } }), refetchType: 'none' }),
      ...[listRpsQueryKey(), getMauQueryKey(), getCustomerQueryKey()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    ]);
}
