import { hashKey, QueryCache, QueryClient } from '@tanstack/react-query';
import { client } from '../client/client.gen.ts';
import { getSessionQueryKey } from '../client/@tanstack/react-query.gen.ts';
import { isSignedOut, problemOf } from './problem.ts';

// The session's cookie goes along by itself: same origin.
client.setConfig({ baseUrl: '', credentials: 'same-origin' });

const sessionHash = hashKey(getSessionQueryKey());

/** What was read from the service. A session that has ended ends what the console shows, whichever request noticed. */
export const queryClient: QueryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 30_000,
      // Only what may go well the next time: no answer, or one that says so.
      retry: (failures, error) => failures < 2 && [0, 503].includes(problemOf(error).status),
    },
  },
  queryCache: new QueryCache({
    onError: (error, { queryHash }) => {
      // That of the session itself is what is shown then: reading it anew would go on for ever.
      if (isSignedOut(error) && queryHash !== sessionHash) {
        void queryClient.invalidateQueries({ queryKey: getSessionQueryKey() });
      }
    },
  }),
});
