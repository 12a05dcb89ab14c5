import { hashKey, type QueryClient } from '@tanstack/react-query';
import { newQueryClient } from '../../api/new-query-client.ts';
import { getOperatorSessionQueryKey } from '../../client/@tanstack/react-query.gen.ts';

const queryKey = getOperatorSessionQueryKey();

/**
 * Caches all data that the operators' pages read from the service. This cache is separate from the administrators'
 * cache: a person can be signed in as both in one browser, and neither sign-in must show or end anything of the other.
 * All operators can see the same data, so the data stays if another operator signs in.
 */
export const queryClient: QueryClient = newQueryClient({
  queryKey,
  onRead: (session) => {
    if (session === undefined) forgetCustomers();
  },
});

function forgetCustomers(): void {
  queryClient.removeQueries({ predicate: ({ queryHash }) => queryHash !== hashKey(queryKey) });
}

/** Drops all data, and reads the session anew, so that the pages ask the person to sign in. */
export function forgetSession(): void {
  forgetCustomers();
  void queryClient.resetQueries({ queryKey });
}

/** All tabs of a browser share one session of an operator. */
const channel = new BroadcastChannel('operator-session');
channel.addEventListener('message', () => void queryClient.invalidateQueries({ queryKey }));

/** Makes the other tabs read the operator's session again. */
export const tellOtherTabs = (): void => {
  channel.postMessage('changed');
};
