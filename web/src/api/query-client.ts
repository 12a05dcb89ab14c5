import { hashKey } from '@tanstack/react-query';
import { client } from '../client/client.gen.ts';
import { getSessionQueryKey } from '../client/@tanstack/react-query.gen.ts';
import type { GetSessionResponse } from '../client/types.gen.ts';
import { newQueryClient } from './new-query-client.ts';
import { thrownFor } from './problem.ts';
import { endWaiting, waitsForPerson } from './unsaved-input.ts';

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

const queryKey = getSessionQueryKey();

/** Caches all data that the administrators' pages read from the service. */
export const queryClient = newQueryClient<GetSessionResponse>({
  queryKey,
  onRead: (session) => {
    showOnlyTo(session?.administrator.id);
  },
});

/** Reads the session again, and updates the console. */
export const readSessionAnew = (): Promise<void> => queryClient.invalidateQueries({ queryKey });

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
    queryClient.removeQueries({ predicate: ({ queryHash }) => queryHash !== hashKey(queryKey) });
  }
  shownTo = administratorId;
}
