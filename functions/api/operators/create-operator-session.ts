import { createOperatorSessionContract as contract } from '../../contract/operators.ts';
import { createOperatorSession } from '../../domain/operators/create-operator-session.ts';
import { operatorView } from '../../domain/operators/operator-view.ts';
import { SESSION_LASTS } from '../../domain/sessions/session-lifetime.ts';
import { SECOND, toIso } from '../../domain/time.ts';
import { sessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('create-operator-session', contract, async ({ body, callerAddress }, services) => {
  const { sessionToken, expiresAt, operator } = await createOperatorSession(services, body.passkey, callerAddress);
  return {
    body: { sessionToken, expiresAt: toIso(expiresAt), operator: operatorView(operator) },
    cookies: [sessionCookie(services, sessionToken, SESSION_LASTS / SECOND, 'operator')],
  };
});
