import { hashKey, MutationCache, QueryCache, QueryClient } from '@tanstack/react-query';
import { client } from '../client/client.gen.ts';
import { getSessionQueryKey } from '../client/@tanstack/react-query.gen.ts';
import type { GetSessionResponse } from '../client/types.gen.ts';
import { isSignedOut, problemOf, thrownFor } from './problem.ts';
import { endWaiting, waitsForPerson } from './unsaved-input.ts';

declare module '@tanstack/react-query' {
  interface Register {
    /**
     * `signsIn` is true if the mutation signs a person in. If such a mutation fails with `unauthenticated`, the passkey
     * or the link token is invalid, but an existing session may still be valid.
     */
    mutationMeta: {
      readonly signsIn?: boolean;
      /** True if the mutation saves nothing. A dialog can then close while the mutation runs. */
      readonly savesNothing?: boolean;
    };
  }
}

// The browser sends the session's cookie, because the API has the same origin.
client.setConfig({ baseUrl: '', credentials: 'same-origin' });

// All tabs of a browser share one session. If another person has signed in on another tab, the service must refuse the
// requests of this tab, which still shows the data of the previous person. So each request, except the requests that
// sign in and those about the current session, names the administrator whose data this tab shows.
client.interceptors.request.use((request) => {
  const { pathname } = new URL(request.url);
  const isAboutSession =
    pathname.startsWith('/v1/sessions/') || (pathname === '/v1/sessions' && request.method === 'POST');
  if (shownTo !== undefined && !isAboutSession) {
    request.headers.set('Administrator-Id', shownTo);
  }
  return request;
});

// A proxy or the login page of a network may also respond with status 200, so this interceptor checks that the response
// has the requested type.
client.interceptors.response.use((response, request) => {
  const wanted = request.headers.get('Accept') ?? 'application/json';
  const isEmpty = response.status === 204 || response.headers.get('Content-Length') === '0';
  const isWanted = isEmpty || response.headers.get('Content-Type')?.startsWith(wanted);
  if (response.ok && !isWanted) throw new Error('The response does not have the requested content type');
  return response;
});
client.interceptors.error.use(thrownFor);

const sessionHash = hashKey(getSessionQueryKey());

/**
 * Caches all data that the console reads from the service. If any request finds that the session has ended, the console
 * shows the sign-in page.
 */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // For 2 seconds after a response, the console uses the cached data without a new request. Therefore, blocks that
      // open together share one request, and a person who returns to a screen later gets current data.
      staleTime: 2_000,
      // Retries only if there was no response or the service was unavailable. After a response with status 429, the
      // service would throttle a retry as well.
      retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(problemOf(error).status),
      // With this setting, a request without a network fails immediately. Without this setting, a query would wait for
      // the network and show the same spinner as a slow query.
      networkMode: 'always',
      refetchOnReconnect: true,
    },
    // The console never retries a mutation automatically, and never delays a mutation until the network is back. By the
    // time a retried or delayed mutation is sent, another person may be signed in.
    mutations: { retry: false, networkMode: 'always' },
  },
  queryCache: new QueryCache({
    onSuccess: (data, { queryHash }) => {
      if (queryHash === sessionHash) showOnlyTo((data as GetSessionResponse).administrator.id);
    },
    onError: (error, { queryHash }) => {
      if (!isSignedOut(error)) return;
      // If the query that reads the session failed, reading the session again here would cause an endless loop.
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

/** Reads the session again, and updates the console. */
export const readSessionAnew = (): Promise<void> => queryClient.invalidateQueries({ queryKey: getSessionQueryKey() });

/** The ID of the administrator in the session that the console read last. Undefined if nobody is signed in. */
let shownTo: string | undefined;

/**
 * Stores the ID of the administrator who is signed in, or undefined if nobody is signed in. If this changes, drops the
 * data of the previous administrator before the console shows anything to the given administrator. The data stays if
 * the session ended while the administrator had unsaved input, because the same person then usually signs in again.
 */
function showOnlyTo(administratorId: string | undefined): void {
  if (administratorId !== undefined) endWaiting();
  else if (waitsForPerson()) return;
  if (shownTo !== undefined && shownTo !== administratorId) {
    queryClient.removeQueries({ predicate: ({ queryHash }) => queryHash !== sessionHash });
  }
  shownTo = administratorId;
}
