import { useQueryClient } from '@tanstack/react-query';
import { getSessionQueryKey, listPasskeysQueryKey } from '../client/@tanstack/react-query.gen.ts';

/**
 * Returns a function to call after a passkey was added, renamed or removed. It also reads the session again, which says
 * whether there is a passkey.
 */
export function usePasskeysChanged(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [listPasskeysQueryKey(), getSessionQueryKey()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
}
