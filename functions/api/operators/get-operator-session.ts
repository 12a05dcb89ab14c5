import { getOperatorSessionContract as contract } from '../../contract/operators.ts';
import { operatorView } from '../../domain/operators/operator-view.ts';
import { toIso } from '../../domain/time.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('get-operator-session', contract, ({ caller: { session, operator } }) => ({
  body: {
    signedInAt: toIso(session.signedInAt),
    expiresAt: toIso(session.expiresAt),
    operator: operatorView(operator),
  },
}));
