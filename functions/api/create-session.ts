import { createSession as contract } from '../contract/sessions.ts';
import { administratorView } from '../domain/administrator-view.ts';
import { createSession, SESSION_LASTS } from '../domain/create-session.ts';
import { SECOND, toIso } from '../domain/time.ts';
import { onLambda, servicesFromEnvironment } from '../environment.ts';
import { sessionCookie } from '../http/credentials.ts';
import { endpoint } from '../http/endpoint.ts';

export const build = endpoint('create-session', contract, async ({ body }, services) => {
  const { sessionToken, expiresAt, administrator, customer } = await createSession(services, body);
  return {
    body: { sessionToken, expiresAt: toIso(expiresAt), administrator: administratorView(administrator, customer) },
    cookies: [sessionCookie(sessionToken, SESSION_LASTS / SECOND)],
  };
});
export const handler = onLambda(() => build(servicesFromEnvironment()));
