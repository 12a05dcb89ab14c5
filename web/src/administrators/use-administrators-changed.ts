import { useQueryClient } from '@tanstack/react-query';
import {
  getCustomerQueryKey,
  getSessionQueryKey,
  listAdministratorsQueryKey,
} from '../client/@tanstack/react-query.gen.ts';

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
