import { modals } from '@mantine/modals';
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getSessionOptions } from '../client/@tanstack/react-query.gen.ts';
import { tellOtherTabs } from './other-tabs.ts';

/**
 * Reads whose session this is. An `unauthenticated` problem means that nobody is signed in. Whoever comes back to the tab is
 * told at once, also of what a tab that slept did not hear from the others; what changes it in this tab reads it anew.
 */
export const useSession = () => useQuery({ ...getSessionOptions(), staleTime: 30_000, refetchOnWindowFocus: 'always' });

/** Gives what is to be called when somebody signed in: what was read belongs to another session. */
export function useSessionChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => {
    tellOtherTabs();
    return queryClient.resetQueries();
  };
}

/** Gives what is to be called when the session was ended: nothing of it stays. */
export function useSessionEnded(): () => void {
  const queryClient = useQueryClient();
  return () => {
    tellOtherTabs();
    modals.closeAll();
    queryClient.clear();
  };
}
