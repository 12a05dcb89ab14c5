import { deleteSessionContract as contract } from '../../contract/sessions.ts';
import { deleteSession } from '../../domain/sessions/delete-session.ts';
import { endedSessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('delete-session', contract, async ({ caller }, services) => {
  await deleteSession(services, caller);
  return { cookies: [endedSessionCookie(services)] };
});
