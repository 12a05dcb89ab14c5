import { createSessionContract as contract } from '../../contract/sessions.ts';
import { administratorView } from '../../domain/administrators/administrator-view.ts';
import { createSession } from '../../domain/signing-in/create-session.ts';
import { SECOND, toIso } from '../../domain/time.ts';
import { sessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('create-session', contract, async ({ body, callerAddress }, services) => {
  const { sessionToken, expiresAt, lasts, mayOnly, ...signedIn } = await createSession(services, body, callerAddress);
  const administrator = administratorView(signedIn.administrator, signedIn.customer, services.clock.now());
  return {
    body: { sessionToken, expiresAt: toIso(expiresAt), administrator, mayOnly },
    cookies: [sessionCookie(services, sessionToken, lasts / SECOND)],
  };
});
