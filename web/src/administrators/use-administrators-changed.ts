import { useQueryClient } from '@tanstack/react-query';
import {
  getCustomerQueryKey,
  getSessionQueryKey,
  listAdministratorsQueryKey,
} from '../client/@tanstack/react-query.gen.ts';

/**
 * Returns a function to call after an administrator was added, edited or removed. The customer and the session show
 * administrators too, so it reads them again.
 */
export function useAdministratorsChanged(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [listAdministratorsQueryKey(), getCustomerQueryKey(), getSessionQueryKey()].map((queryKey) =>
        queryClient.invalidateQueries({ queryKey }),
      ),
    );
}
