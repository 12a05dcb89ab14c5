import { useQuery, useQueryClient } from '@tanstack/react-query';
import { getSessionOptions } from '../client/@tanstack/react-query.gen.ts';
import { tellOtherTabs } from './other-tabs.ts';

/**
 * Reads the session, which names the administrator who is signed in. An `unauthenticated` problem means that nobody is
 * signed in. When the person returns to the tab, this hook reads the session again, because a sleeping tab may have
 * missed messages from other tabs. Code in this tab that changes the session must itself read the session again.
 */
export const useSession = () => useQuery({ ...getSessionOptions(), ...readOnReturn });

/** Query options with which a hook reads the session again when the person returns to the tab. */
export const readOnReturn = { staleTime: 30_000, refetchOnWindowFocus: 'always' } as const;

/** The key, in the tab's session storage, of the ID of the administrator who skipped adding a passkey. */
export const PASSKEY_LATER = 'passkey-later';

/**
 * Returns a function to call after somebody signed in. The function drops the cached data, which belongs to the
 * previous session.
 */
export function useSessionChanged(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => {
    tellOtherTabs('changed');
    return queryClient.resetQueries();
  };
}

/**
 * Returns a function to call after somebody signed in while a page with unsaved input waits for the same person. The
 * function reads all data again, and keeps the present data until then.
 */
export function useSessionContinued(): () => Promise<void> {
  const queryClient = useQueryClient();
  return () => {
    tellOtherTabs('changed');
    return queryClient.invalidateQueries();
  };
}

/** Returns a function to call after the person ended the session. The function drops all cached data. */
export function useSessionEnded(): () => void {
  const queryClient = useQueryClient();
  return () => {
    tellOtherTabs('ended');
    queryClient.clear();
  };
}
