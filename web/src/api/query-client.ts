import { modals } from '@mantine/modals';
import { hashKey, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { client } from '../client/client.gen.ts';
import { getSessionQueryKey } from '../client/@tanstack/react-query.gen.ts';
import type { GetSessionResponse } from '../client/types.gen.ts';
import { isSignedOut, problemOf, thrownFor } from './problem.ts';

declare module '@tanstack/react-query' {
  interface Register {
    /** `signsIn`: being `unauthenticated` says nothing of the session then, only of what was to begin one. */
    mutationMeta: {
      readonly signsIn?: boolean;
      /** Nothing is changed by it, nor anything to be said of it in a dialog. */
      readonly savesNothing?: boolean;
    };
  }
}

// The session's cookie goes along by itself: same origin.
client.setConfig({ baseUrl: '', credentials: 'same-origin' });

// All tabs have one session: what this one asks for somebody is not answered to who signed in meanwhile in another tab.
client.interceptors.request.use((request) => {
  if (shownTo !== undefined && !new URL(request.url).pathname.startsWith('/v1/sessions')) {
    request.headers.set('Administrator-Id', shownTo);
  }
  return request;
});

// What comes between, such as a proxy or a page that asks to join the network, answers 200 too: that is not what was asked for.
client.interceptors.response.use((response, request) => {
  const wanted = request.headers.get('Accept') ?? 'application/json';
  const isEmpty = response.status === 204 || response.headers.get('Content-Length') === '0';
  const isWanted = isEmpty || response.headers.get('Content-Type')?.startsWith(wanted);
  if (response.ok && !isWanted) throw new Error('The answer is of another kind than what was asked for');
  return response;
});
client.interceptors.error.use(thrownFor);

const sessionHash = hashKey(getSessionQueryKey());

/** What was read from the service. A session that has ended ends what the console shows, whichever request noticed. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // What several blocks show is read once; whoever comes back to a screen sees what is there now.
      staleTime: 2_000,
      // Only what may go well the next time: no answer, or one that says so. Not 429: who asked too often does not ask more.
      retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(problemOf(error).status),
      // Without a network, it is said that there is no answer: waiting for one would look like loading.
      networkMode: 'always',
      refetchOnReconnect: true,
    },
    // Nothing is done twice, nor later without being asked, as when the network is back and somebody else is signed in.
    mutations: { retry: false, networkMode: 'always' },
  },
  queryCache: new QueryCache({
    onSuccess: (data, { queryHash }) => {
      if (queryHash === sessionHash) showOnlyTo((data as GetSessionResponse).administrator.id);
    },
    onError: (error, { queryHash }) => {
      if (!isSignedOut(error)) return;
      // That of the session itself is what is shown then: reading it anew would go on for ever.
      if (queryHash === sessionHash) showOnlyTo(undefined);
      else void readSessionAnew();
    },
  }),
  mutationCache: new MutationCache({
    onError: (error, _variables, _result, { meta }) => {
      if (isSignedOut(error) && !meta?.signsIn) void readSessionAnew();
    },
  }),
});

/** Looks whose session it is now, and shows so. */
export const readSessionAnew = (): Promise<void> => queryClient.invalidateQueries({ queryKey: getSessionQueryKey() });

/** Whose the session was when it was read last; undefined: nobody's. */
let shownTo: string | undefined;

/** Drops what was read for another administrator, with the dialogs, before anything is shown to this one. */
function showOnlyTo(administratorId: string | undefined): void {
  if (shownTo !== undefined && shownTo !== administratorId) {
    modals.closeAll();
    queryClient.removeQueries({ predicate: ({ queryHash }) => queryHash !== sessionHash });
  }
  shownTo = administratorId;
}
