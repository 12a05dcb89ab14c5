import { useQuery, useQueryClient } from '@tanstack/react-query';
import { allPages } from '../api/all-pages.ts';
import {
  getCustomerQueryKey,
  getSessionQueryKey,
  listAdministratorsQueryKey,
} from '../client/@tanstack/react-query.gen.ts';
import { listAdministrators } from '../client/sdk.gen.ts';

/** Reads every administrator of the customer. */
export const useAdministrators = () =>
  useQuery({
    queryKey: [...listAdministratorsQueryKey(), 'all'],
    queryFn: ({ signal }) => allPages((query) => listAdministrators({ query, signal, throwOnError: true })),
  });

/** Gives what is to be called when an administrator was added, edited or removed: the representative and oneself stand elsewhere too. */
export function useAdministratorsChanged(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [listAdministratorsQueryKey(), getCustomerQueryKey(), getSessionQueryKey()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
}
