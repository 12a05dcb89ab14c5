import { useQueryClient } from '@tanstack/react-query';
import {
  getCustomerQueryKey,
  getSessionQueryKey,
  listAdministratorsQueryKey,
} from '../client/@tanstack/react-query.gen.ts';

/**
 * Returns a function to call after an administrator was added, edited or removed. The function reads the list of
 * administrators again. The function also reads the customer and the session again, because both contain data of
 * administrators.
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
