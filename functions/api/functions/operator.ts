import { onLambda, servicesFromEnvironment, withEdge } from '../../environment.ts';
import { dispatch } from '../../http/dispatch.ts';
import { operatorRoutes } from '../routes.ts';
import { build as addOperatorPasskey } from '../operators/add-operator-passkey.ts';
import { build as createOperatorSession } from '../operators/create-operator-session.ts';
import { build as deleteOperatorSession } from '../operators/delete-operator-session.ts';
import { build as getOperatorSession } from '../operators/get-operator-session.ts';
import { build as requestOperatorPasskeyOptions } from '../operators/request-operator-passkey-options.ts';
import { build as requestOperatorSessionOptions } from '../operators/request-operator-session-options.ts';

/** Serves every route of the operators' pages. */
export const build = dispatch(operatorRoutes, {
  'request-operator-session-options': requestOperatorSessionOptions,
  'create-operator-session': createOperatorSession,
  'get-operator-session': getOperatorSession,
  'delete-operator-session': deleteOperatorSession,
  'request-operator-passkey-options': requestOperatorPasskeyOptions,
  'add-operator-passkey': addOperatorPasskey,
});
export const handler = onLambda(() => build(withEdge(servicesFromEnvironment())));
