import { getSession as contract } from '../../contract/sessions.ts';
import { getSession } from '../../domain/signing-in/get-session.ts';
import { onLambda, servicesFromEnvironment } from '../../environment.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-session', contract, ({ caller }) => ({ body: getSession(caller) }));
export const handler = onLambda(() => build(servicesFromEnvironment()));
