import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getSessionOptions, getSessionQueryKey } from '../client/@tanstack/react-query.gen.ts';

/** Reads whose session this is. An `unauthenticated` problem means that nobody is signed in. */
export const useSession = () => useQuery(getSessionOptions());

/** Gives what looks whether somebody still is signed in, and shows so if not. */
export function useCheckSession(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.invalidateQueries({ queryKey: getSessionQueryKey() });
}

/** Gives what is to be called when somebody signed in or out: what was read belongs to another session. */
export function useSessionChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.resetQueries();
}
