import { useQueryClient } from '@tanstack/react-query';
import { getCustomerQueryKey, getSessionQueryKey } from '../../client/@tanstack/react-query.gen.ts';

/**
 * Returns a function to call after somebody unsubscribed the customer or cancelled. The function reads the session and
 * the customer again, and resolves when both are read.
 */
export function useUnsubscriptionChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return async () => {
    await Promise.all(
      [getSessionQueryKey(), getCustomerQueryKey()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
  };
}
