import { addPasskeyContract as contract } from '../../contract/passkeys.ts';
import { addPasskey } from '../../domain/signing-in/add-passkey.ts';
import { SECOND } from '../../domain/time.ts';
import { sessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('add-passkey', contract, async ({ caller, body }, services) => {
  const { passkey, sessionLasts } = await addPasskey(services, caller, body);
  // The session may now last longer than the browser keeps the session cookie, so the response sets the cookie again
  // with the session's new lifetime.
  return { body: passkey, cookies: [sessionCookie(services, caller.token, Math.floor(sessionLasts / SECOND))] };
});
