import { requestOperatorSessionOptionsContract as contract } from '../../contract/operators.ts';
import { requestOperatorSessionOptions } from '../../domain/operators/request-operator-session-options.ts';
import { endpoint } from '../../http/endpoint.ts';

export const build = endpoint('request-operator-session-options', contract, async (_, services) => ({
  body: await requestOperatorSessionOptions(services),
}));
