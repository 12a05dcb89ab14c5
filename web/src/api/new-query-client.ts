import { hashKey, MutationCache, QueryCache, QueryClient, type QueryKey } from '@tanstack/react-query';
import { isSignedOut, problemOf } from './problem.ts';

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

export interface SessionQuery<Session> {
  /** The key of the query that reads the session. */
  readonly queryKey: QueryKey;
  /** Called after each read of the session: with the session, or with undefined if nobody is signed in. */
  readonly onRead: (session: Session | undefined) => void;
}

/**
 * Creates the cache of all data that the pages of one kind of session read from the service. If any request finds that
 * the session has ended, the cache reads the session again, so that the pages show the sign-in page.
 */
export function newQueryClient<Session>({ queryKey, onRead }: SessionQuery<Session>): QueryClient {
  const sessionHash = hashKey(queryKey);
  const queryClient: QueryClient = new QueryClient({
    defaultOptions: {
      queries: {
        // For 2 seconds after a response, the console uses the cached data without a new request. Therefore, blocks
        // that open together share one request, and a person who returns to a screen later gets current data.
        staleTime: 2_000,
        // Retries only if there was no response or the service was unavailable. After a response with status 429, the
        // service would throttle a retry as well.
        retry: (failures, error) => failures < 2 && [0, 502, 503, 504].includes(problemOf(error).status),
        // With this setting, a request without a network fails immediately. Without this setting, a query would wait
        // for the network and show the same spinner as a slow query.
        networkMode: 'always',
        refetchOnReconnect: true,
      },
      // The console never retries a mutation automatically, and never delays a mutation until the network is back. By
      // the time a retried or delayed mutation is sent, another person may be signed in.
      mutations: { retry: false, networkMode: 'always' },
    },
    queryCache: new QueryCache({
      onSuccess: (data, { queryHash }) => {
        if (queryHash === sessionHash) onRead(data as Session);
      },
      onError: (error, { queryHash }) => {
        if (!isSignedOut(error)) return;
        // If the query that reads the session failed, reading the session again here would cause an endless loop.
        if (queryHash === sessionHash) onRead(undefined);
        else void queryClient.invalidateQueries({ queryKey });
      },
    }),
    mutationCache: new MutationCache({
      onError: (error, _variables, _result, { meta }) => {
        if (isSignedOut(error) && !meta?.signsIn) void queryClient.invalidateQueries({ queryKey });
      },
    }),
  });
  return queryClient;
}
