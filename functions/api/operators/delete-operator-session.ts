import { deleteOperatorSessionContract as contract } from '../../contract/operators.ts';
import { deleteOperatorSession } from '../../domain/operators/delete-operator-session.ts';
import { endedSessionCookie } from '../../http/credentials.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('delete-operator-session', contract, async ({ caller }, services) => {
  await deleteOperatorSession(services, caller);
  return { cookies: [endedSessionCookie(services, 'operator')] };
});
