import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getSessionOptions } from '../client/@tanstack/react-query.gen.ts';

/** Reads whose session this is. An `unauthenticated` problem means that nobody is signed in. */
export const useSession = () => useQuery(getSessionOptions());

/** Gives what is to be called when somebody signed in or out: what was read belongs to another session. */
export function useSessionChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => queryClient.resetQueries();
}
