import { deleteSessionsContract as contract } from '../../contract/sessions.ts';
import { deleteSessions } from '../../domain/sessions/delete-sessions.ts';
import { endedSessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('delete-sessions', contract, async ({ caller }, services) => {
  await deleteSessions(services, caller);
  return { cookies: [endedSessionCookie(services)] };
});
