import { useQueryClient } from '@tanstack/react-query';
import { getSessionQueryKey, listPasskeysQueryKey } from '../client/@tanstack/react-query.gen.ts';

/**
 * Returns a function to call after a passkey was added, renamed or removed. The function reads the list of passkeys
 * again. It also reads the session again, because the session says whether the person has a passkey.
 */
export function usePasskeysChanged(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [listPasskeysQueryKey(), getSessionQueryKey()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
}
