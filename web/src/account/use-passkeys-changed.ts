import { useQueryClient } from '@tanstack/react-query';
import { getSessionQueryKey, listPasskeysQueryKey } from '../client/@tanstack/react-query.gen.ts';

/** Gives what is to be called when a passkey was added, renamed or removed. Adding one counts as signing in just now. */
export function usePasskeysChanged(): () => Promise<unknown> {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      [listPasskeysQueryKey(), getSessionQueryKey()].map((queryKey) => queryClient.invalidateQueries({ queryKey })),
    );
}
